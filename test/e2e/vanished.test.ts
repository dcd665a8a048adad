import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt, projectFolder } from './terminal.ts';

beforeAll(ensureBuilt);

/** Opens a terminal, starts the program on it, waits for its first frame and takes the terminal away. */
const script = `
import os, pty, signal, sys, time
pid, master = pty.fork()
if pid == 0:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.execv(sys.argv[1], sys.argv[1:])
seen = b''
while b'sockbench' not in seen:
    seen += os.read(master, 65536)
os.close(master)
began = time.monotonic()
while time.monotonic() - began < 10:
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        print('ended', os.waitstatus_to_exitcode(status))
        break
    time.sleep(0.02)
else:
    os.kill(pid, signal.SIGKILL)
    print('still there')
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

test.runIf(hasPython)('a terminal that vanishes ends the program, even where no SIGHUP comes', () => {
  const program = join(projectFolder, 'bin/sockbench.cjs');
  const env = { ...process.env, LANG: 'C.UTF-8', TERM: 'xterm-256color' };
  delete (env as NodeJS.ProcessEnv).CI;
  const said = execFileSync('python3', ['-c', script, process.execPath, program, 'listen', '0'], { env });
  expect(said.toString().trim()).toBe('ended 129');
});
