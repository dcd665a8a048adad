import { afterEach, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

const connected = async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  await terminal.until(/a1 ESTAB/);
  terminal.type('1');
  await terminal.until(/1 Client \*/);
  return terminal;
};

test("7: send shows what will be sent, its ending too, and wakes the peer's recv", async () => {
  const terminal = await connected();
  terminal.type('s');
  await terminal.until(/send to c1 >/);
  terminal.type('ping');
  await terminal.until(/ping\\r\\n +text, ends CRLF, 6 bytes/);
  terminal.type(key.enter);
  await terminal.until(/c1\.send "ping\\r\\n" = 6/);
  await terminal.until(/a1\.recv[^=\n]* = "ping\\r\\n"/);
});

test('9: with a timeout the bar runs out and recv ends in TimeoutError', async () => {
  const terminal = await connected();
  terminal.type('R');
  await terminal.until(/receive loop off/);
  terminal.type('t');
  await terminal.until(/timeout/i);
  terminal.type(`\x152s${key.enter}`);
  await terminal.until(/c1\.settimeout 2s = ok/);
  terminal.type('r');
  await terminal.until(/recv .*BLOCKED \d/);
  await terminal.until(/\d\.\d+s left/);
  await terminal.until(/TimeoutError/);
});
