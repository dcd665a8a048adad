import { afterEach, expect, test } from 'vitest';
import { ctrl } from './keys.ts';
import { createKeeper, listen, openWorkbench } from './workbench.ts';
import { writeOn } from './write-on.ts';

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

test('once another size has settled all is drawn anew, and the terminal is given to nobody for that', async () => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  writeOn(terminal, '\x1b7\x1b[36;100Hleft behind\x1b8');
  await terminal.until(/left behind/);
  // As after a window that came back to the size it had: no cell has changed.
  terminal.kill('SIGWINCH');
  await terminal.until(lines => !lines.join('\n').includes('left behind'));
  // Neither the alternate screen nor bracketed paste was left (ctlseqs).
  expect(terminal.raw().toString('latin1')).not.toMatch(/\x1b\[\?(?:1049|2004)l/);
});

test('Ctrl-L takes the screen again where another program has left it', async () => {
  const terminal = keep.terminal(await openWorkbench({ cols: 120, rows: 36 }));
  writeOn(terminal, '\x1b[?1049l\x1b[?2004l\x1b[41mleft behind');
  await terminal.until(lines => !terminal.modes().alternateScreen && /left behind/.test(lines.join('\n')));
  terminal.type(ctrl('l'));
  await terminal.until(
    lines => terminal.modes().alternateScreen && /1 Client.*2 TCP server/.test(lines.join('\n')),
  );
  expect(terminal.modes().bracketedPaste).toBe(true);
  const red = terminal
    .cells()
    .flat()
    .filter(({ background }) => background === 1);
  expect(red).toEqual([]);
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
