import { afterEach, expect, test } from 'vitest';
import { createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('the screen follows the terminal: wide, narrow, too small and back', async () => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  await terminal.until(/1 Client.*2 TCP server.*3 UDP server/);
  terminal.resize(80, 24);
  await terminal.until(
    lines =>
      lines.length === 24 &&
      /3 UDP server {2}nothing open.*\n.*1 Client.*2 TCP server/.test(lines.join('\n')),
  );
  terminal.resize(30, 6);
  await terminal.until(/This terminal has 30/);
  terminal.resize(120, 36);
  await terminal.until(/1 Client.*2 TCP server.*3 UDP server/);
  expect(terminal.modes().alternateScreen).toBe(true);
});

test('at another size all is drawn anew, and no key meets a terminal that was given away for that', async () => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  const wholeFrames = () => terminal.raw().toString('latin1').split('\x1b[J').length;
  const before = wholeFrames();
  // Larger: at a smaller one Ink erases its own frame, which is empty, and all is drawn anew for that.
  terminal.resize(140, 40);
  // Once for the size, and once when it has settled.
  await terminal.until(() => wholeFrames() >= before + 2);
  // Neither the alternate screen nor bracketed paste was left (ctlseqs).
  expect(terminal.raw().toString('latin1')).not.toMatch(/\x1b\[\?(?:1049|2004)l/);
});

test('without colour none is used, and focus is still told', async () => {
  const terminal = keep.terminal(await openWorkbench({ env: { NO_COLOR: '1' } }));
  await listen(terminal);
  await terminal.until(/2 TCP server \*/);
  // SGR 30 to 49 and 90 to 107 are colours (ECMA-48); bold, dim and inverse may stay.
  const parameters = [
    ...terminal
      .raw()
      .toString()
      .matchAll(/\x1b\[([\d;]*)m/g),
  ].flatMap(match => match[1]!.split(';'));
  expect(parameters.map(Number).filter(code => (code >= 30 && code <= 49) || code >= 90)).toEqual([]);
});

test('--ascii draws with nothing but ASCII', async () => {
  const terminal = keep.terminal(await openWorkbench({ args: ['--ascii'] }));
  await listen(terminal);
  await terminal.until(/BLOCKED/);
  expect(terminal.picture()).toMatch(/^[\x20-\x7e\n]*$/);
});
