import { afterEach, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Client and TCP server connected, both single-threaded with their loops off, the client in focus. */
const singleThreaded = async (size?: { cols: number; rows: number }): Promise<Terminal> => {
  const terminal = keep.terminal(await openWorkbench(size));
  const port = await listen(terminal);
  terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
  await terminal.until(/a1 ESTAB/);
  for (const [pane, title] of [
    ['1', /1 Client \* {2}single/],
    ['2', /2 TCP server \* {2}single/],
  ] as const) {
    terminal.type(`${pane}R`);
    await terminal.until(/receive loop off/);
    terminal.type('P');
    await terminal.until(title);
  }
  terminal.type('A');
  await terminal.until(/accept loop off/);
  return terminal;
};

test('8: two programs that both receive: DEADLOCK names both and what breaks it, and x breaks it', async () => {
  const terminal = await singleThreaded();
  terminal.type('2jr');
  await terminal.until(/a1\.recv .*BLOCKED/);
  terminal.type('1r');
  await terminal.until(/! DEADLOCK: a1\.recv waits for c1 to send, c1\.recv waits for a1 to send.*w why/);
  await terminal.until(/!c1 ESTAB/);
  await terminal.until(/!a1 ESTAB/);

  terminal.type('w');
  await terminal.until(/DEADLOCK +2 calls wait for each other/);
  await terminal.until(/queued: a1 to c1 0 bytes, c1 to a1 0 bytes \(kernel\)/);
  await terminal.until(/x on its row +cancels c1\.recv \(KeyboardInterrupt\)/);
  await terminal.until(/x on its row +cancels a1\.recv \(KeyboardInterrupt\)/);
  await terminal.until(/P, then s .*sends on c1/);
  await terminal.until(/a blocked call uses no CPU; .* % of a core/);

  terminal.type(key.escape);
  await terminal.until(rows => !rows.join('').includes('who waits for whom'));
  terminal.type('x');
  await terminal.until(/Cancelled c1\.recv \(KeyboardInterrupt\)/);
  await terminal.until(/over: DEADLOCK/);
  await terminal.until(rows => !/! DEADLOCK/.test(rows[1] ?? ''));
});

test('8: the timeline shows who was stuck in what, and until when', async () => {
  const terminal = await singleThreaded();
  terminal.type('1t');
  await terminal.until(/timeout +2s/);
  terminal.type(`\x153s${key.enter}`);
  await terminal.until(/c1\.settimeout 3s = ok/);
  terminal.type('r2jr');
  await terminal.until(/! DEADLOCK until \d+\.\ds \(c1 timeout\)/);
  terminal.type('4');
  await terminal.until(/!client +.*c1\.recv.*╌+│\d+\.\ds/);
  await terminal.until(/!tcp-server .*a1\.recv/);
  await terminal.until(/c1\.recv.*━!/);
  await terminal.until(rows => !/! DEADLOCK/.test(rows[1] ?? ''));
});
