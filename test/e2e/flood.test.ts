import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { startPeer } from './foreign.ts';
import { key } from './keys.ts';
import { createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Resident memory of a process in MiB (proc(5)). */
const residentMiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;

const flood = `
import socket, sys
c = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
piece = bytes(1 << 20)
print('flooding', flush=True)
for _ in range(int(sys.argv[2])):
    c.sendall(piece)
print('done', flush=True)
c.recv(1)
`;

test('a flood of 1 GiB leaves the keys answering and the memory bounded', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  const sender = keep.peer(startPeer('python3', ['-c', flood, String(port), '1024']));
  await sender.until(/flooding/);
  for (let press = 0; press < 5; press++) {
    terminal.type('?');
    await terminal.until(/Enter runs? /);
    terminal.type(key.escape);
    await terminal.until(lines => !/Enter runs? /.test(lines.join('\n')));
  }
  await sender.until(/done/);
  await terminal.until(/received 1(\.0)? ?GiB|received 1,?073,?741,?824/i);
  // 64 MiB of payloads are kept; the rest is Node, the screen, and garbage between collections.
  expect(residentMiB(terminal.pid()!)).toBeLessThan(700);
});
