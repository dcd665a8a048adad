import { afterEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** The number of the log's entry whose line matches. */
const entryOf = (terminal: Terminal, line: RegExp): number =>
  Number(/#(\d+) /.exec(terminal.screen().find(row => line.test(row)) ?? '')?.[1]);

test('6: a full backlog, and one accept lets the waiting connect in at its next SYN', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const port = await listen(terminal);
  terminal.type('A');
  await terminal.until(/accept loop off/);
  terminal.type(`b\x151${key.enter}`);
  await terminal.until(/s1\.listen 1 = ok/);
  const connect = async (name: string, state: string) => {
    terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
    await terminal.until(new RegExp(`${name} ${state}`));
  };
  await connect('c1', 'ESTAB');
  await connect('c2', 'ESTAB');
  terminal.type('2');
  await terminal.until(/FULL 2 waiting, room for 2/);
  await connect('c3', 'SYN-SENT');
  await terminal.until(
    new RegExp(`c3 {2}TCP over IPv4, SYN-SENT {3}127\\.0\\.0\\.1:\\d+ to 127\\.0\\.0\\.1:${port}`),
  );
  await terminal.until(/waits for you: a accepts one/);
  await terminal.until(/connect .*BLOCKED (1\.[2-9]|[2-9]\.\d|\d\d)/);

  terminal.type('2a');
  await terminal.until(/s1\.accept = a1 from 127\.0\.0\.1:\d+/);
  await terminal.until(/a1 ESTAB → c1/);
  await terminal.until(/over: s1's accept queue is full/);
  await terminal.until(/waits for the clock: next SYN at \d+\.\ds/);
  await terminal.until(/c3\.connect[^=\n]* = ok/);
  await terminal.until(/c3 ESTAB/);
  // The second SYN goes out after 1 s, the third 1 s (tcp_syn_linear_timeouts, ip-sysctl) or 2 s later.
  const took = Number(/c3\.connect[^=\n]* = ok <([\d.]+)>/.exec(terminal.picture())![1]);
  expect(took).toBeGreaterThan(1.9);
  const accept = entryOf(terminal, /s1\.accept = a1/);
  expect(terminal.screen().find(row => /c3\.connect .* = ok/.test(row))).toContain(`by #${accept}`);
  await terminal.until(rows => /! s1's accept queue is full: 2 waiting/.test(rows[1] ?? ''));
});
