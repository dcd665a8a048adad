import { afterEach, beforeAll, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { startPeer } from '../e2e/foreign.ts';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

/** Accepts one client and reads lines from it until their end; says whether their numbers are. */
const counting = `
import socket
s = socket.create_server(("127.0.0.1", 0))
print("listening", s.getsockname()[1], flush=True)
a, _ = s.accept()
n, wrong = 0, []
for line in a.makefile():
    n += 1
    if line != f"msg {n}\\n": wrong.append((n, line))
    if n % 50 == 0: print("so far", n, flush=True)
print("all", n, f"but {wrong}" if wrong else "in order", flush=True)
`;

const connected = async () => {
  const peer = keep.peer(startPeer('python3', ['-c', counting]));
  const [, port] = await peer.until(/listening (\d+)/);
  const terminal = keep.terminal(await openWorkbench({ args: ['connect', `127.0.0.1:${port}`] }));
  await terminal.until(/c1 ESTAB/);
  return { peer, terminal };
};

test.skipIf(!hasProgram('python3'))(
  '50 repeats every 200 ms arrive, each with its own number, none missing',
  async () => {
    const { peer, terminal } = await connected();
    terminal.type(`:c1.repeat "msg \\{n}\\n" every 200ms 50 times${key.enter}`);
    await terminal.until(/repeat "msg \\\{n\}\\n" every 200ms: \d+ left/);
    await peer.until(/so far 50/);
    await terminal.until(/c1 repeat done: 50 sent, \d+ late/);
    terminal.type('dh');
    await peer.until(/^all 50 in order$/m);
  },
);

test.skipIf(!hasProgram('python3'))(
  'a line that is typed is repeated from a form, and a key ends it; what was sent until then has arrived',
  async () => {
    const { peer, terminal } = await connected();
    terminal.type(`smsg \\{n}${ctrl('o')}`);
    await terminal.until(/ends LF/);
    terminal.type(ctrl('x'));
    await terminal.until(/"msg \\\{n\}\\n" every 1s 10 times/);
    terminal.type(`${ctrl('u')}"msg \\{n}\\n" every 5ms${key.enter}`);
    await terminal.until(/c1 sends "msg .* every 5ms; .+ ends it/);
    await peer.until(/so far 100/);
    terminal.type(key.escape);
    await terminal.until(/end repeat/);
    terminal.type('I');
    await terminal.until(/c1 repeat off: \d+ sent, \d+ late/);
    terminal.type('dh');
    await peer.until(/^all \d+ in order$/m);
  },
);
