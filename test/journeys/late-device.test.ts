import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { available } from '../drivers/native.ts';
import { pythonClient, startPeer } from '../e2e/foreign.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** A device at a path of its own, so that nobody else can be there before it. It accepts only once it is told to. */
const device = (path: string): string => `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.bind(${JSON.stringify(path)})
s.listen(5)
print('started', flush=True)
sys.stdin.readline()
c, _ = s.accept()
print('read', c.recv(100), flush=True)
c.sendall(b'21.5 C')
c.close()
`;

test.runIf(available && hasProgram('python3'))(
  'a device that comes late: who asks before it is there is reset, who asks before it is awake is answered then',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-late-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'device');
    const args = ['relay', '127.0.0.1:0', `unix:${path}`];
    const terminal = keep.terminal(await openWorkbench({ args, cols: 170, rows: 45 }));
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);

    const early = keep.peer(pythonClient(port));
    early.say('recv');
    await early.until('ConnectionResetError');
    expect(await early.exited).toBe(1);
    await terminal.until(/c1\.connect [^\n]*ENOENT/);
    await terminal.until(/a1\.reset = ok/);

    const late = keep.peer(startPeer('python3', ['-c', device(path)]));
    await late.until('started');
    const client = keep.peer(pythonClient(port));
    client.say("send b'temperature'");
    client.say('recv');
    await terminal.until(/c2\.sendall "temperature" = ok/);
    await terminal.until(/c2 ESTAB[\s\S]*recv [^\n]*loop[^\n]*BLOCKED/);
    late.say('');
    await late.until("read b'temperature'");
    await client.until("received b'21.5 C'");
    await terminal.until(/c2\.recv[^\n]* = EOF/);
  },
);
