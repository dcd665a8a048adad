import { afterEach, test } from 'vitest';
import { pythonServer } from '../e2e/foreign.ts';
import { ctrl, key } from '../e2e/keys.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('3: L Enter listens where the form says', async () => {
  const terminal = keep.terminal(await openWorkbench());
  await listen(terminal);
  await terminal.until(/s1\.listen 128 = ok/);
  await terminal.until(/accept +loop +BLOCKED/);
});

test('3: a port that is taken is EADDRINUSE, with who has it and a free one offered', async () => {
  const { peer, port } = await pythonServer();
  keep.peer(peer);
  const terminal = keep.terminal(await openWorkbench());
  terminal.type('2L');
  await terminal.until(/address {2}127\.0\.0\.1:51423/);
  terminal.type(`${ctrl('u')}127.0.0.1:${port}${key.enter}`);
  await terminal.until(/EADDRINUSE/);
  await terminal.until(/python3?.*\(pid \d+\)|pid \d+/);
  await terminal.until(new RegExp(`address {2}127\\.0\\.0\\.1:${port}`));
  await terminal.until(/is free|free: /);
});

test('4 and 5: with the accept loop off clients wait, until the queue is full and connect blocks', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  terminal.type('A');
  await terminal.until(/accept loop off/);
  terminal.type(`:s1.listen 1${key.enter}`);
  await terminal.until(/s1\.listen 1 = ok/);
  const connect = () => terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  connect();
  await terminal.until(/c1 ESTAB/);
  await terminal.until(/1 waiting/);
  connect();
  await terminal.until(/c2 ESTAB/);
  terminal.type('2');
  await terminal.until(/accept queue .* FULL 2 waiting, room for 2/);
  connect();
  await terminal.until(/c3 SYN-SENT/);
  await terminal.until(/connect .*BLOCKED [1-9][\d.]+s/);
});
