import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { ctrl, key } from './keys.ts';
import { untouched } from './screen.ts';
import type { StartOptions, Terminal } from './terminal.ts';
import { createKeeper, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Ink takes what it has of an escape sequence for keys after 20 ms: a wait that is longer, in ms. */
const beyondInk = 80;

const open = async (options: StartOptions = {}): Promise<Terminal> => {
  const terminal = keep.terminal(await openWorkbench(options));
  expect(terminal.modes().mouse).toBe(false);
  terminal.type('m');
  await terminal.until(lines => /Mouse on: .* Shift-drag +selects text/.test(lines.join(' ')));
  await terminal.until(() => terminal.modes().mouse);
  expect(terminal.raw().toString()).toContain('\x1b[?1006h');
  return terminal;
};

/** Where a text stands, as a terminal counts: from 1. */
const placeOf = (terminal: Terminal, text: string): string => {
  const row = terminal.screen().findIndex(line => line.includes(text));
  if (row < 0) throw new Error(`"${text}" is not on the screen:\n${terminal.picture()}`);
  return `${terminal.screen()[row]!.indexOf(text) + 1};${row + 1}`;
};

/** Press and release of the left button, and a notch of the wheel, in SGR's form (xterm's ctlseqs). */
const click = (terminal: Terminal, text: string): void => {
  const place = placeOf(terminal, text);
  terminal.type(`\x1b[<0;${place}M\x1b[<0;${place}m`);
};

const wheel = (terminal: Terminal, text: string, way: 'up' | 'down'): void =>
  terminal.type(`\x1b[<${way === 'up' ? 64 : 65};${placeOf(terminal, text)}M`);

describe('the mouse of the terminal', () => {
  test.each([
    { cols: 120, rows: 36 },
    { cols: 80, rows: 24 },
    { cols: 60, rows: 16 },
  ])('clicks focus, the wheel scrolls, at $cols by $rows', async size => {
    const terminal = await open({ ...size, args: ['listen', ...Array(12).fill('udp://127.0.0.1:0')] });
    await terminal.until(/12 sockets {3}12 blocked/);
    click(terminal, '2 TCP server');
    await terminal.until(/2 TCP server \*/);
    await terminal.until(/Timeline {2}following/);
    wheel(terminal, '5 Log |', 'up');
    await terminal.until(/not following/);
    wheel(terminal, '5 Log |', 'down');
    wheel(terminal, '5 Log |', 'down');
    await terminal.until(/Timeline {2}following/);
    click(terminal, '5 Log');
    await terminal.until(/5 Log \*/);
  });

  test('types nothing into a text field, though reads cut its reports in two', async () => {
    const terminal = await open();
    terminal.type(':');
    await terminal.until(/Commands and calls/);
    terminal.type('lab');
    await terminal.until(/ : lab/);
    const place = placeOf(terminal, '1 Client');
    terminal.type(`\x1b[<0;${place.slice(0, 1)}`);
    await pause(beyondInk);
    terminal.type(`${place.slice(1)}M\x1b[<0;`);
    await pause(beyondInk);
    terminal.type(`${place}m\x1b[<64;${place}M\x1b[`);
    await pause(beyondInk);
    terminal.type(`<65;${place}M!`);
    await terminal.until(/ : lab!/);
    terminal.type(key.escape);
    await terminal.until(lines => !/Commands and calls/.test(lines.join('\n')));
    expect(terminal.picture()).toMatch(/1 Client \*/);
  });

  test('is off after the next m, and stays on from the own bench to a lab and back', async () => {
    const terminal = await open();
    terminal.type(':lab same-port\r');
    await terminal.until(/6 Lab same-port 1\/3 \*/);
    await terminal.until(/ mouse {3}rec/);
    await terminal.until(() => terminal.modes().mouse);
    click(terminal, '5 Log');
    await terminal.until(/5 Log \*/);
    click(terminal, '6 Lab same-port');
    await terminal.until(/6 Lab same-port 1\/3 \*/);
    terminal.type(key.escape);
    await terminal.until(/ sockbench {3,}\d/);
    await terminal.until(() => terminal.modes().mouse);
    terminal.type('m');
    await terminal.until(/Mouse off/);
    await terminal.until(() => !terminal.modes().mouse);
  });
});

describe('the mouse is off', () => {
  test.each([
    ['q', 0, (terminal: Terminal) => terminal.type('q')],
    ['SIGTERM', 143, (terminal: Terminal) => terminal.kill('SIGTERM')],
    ['SIGHUP', 129, (terminal: Terminal) => terminal.kill('SIGHUP')],
    ['SIGINT', 130, (terminal: Terminal) => terminal.kill('SIGINT')],
  ] as const)('after %s', async (_, code, end) => {
    const terminal = await open();
    end(terminal);
    expect(await terminal.exited).toBe(code);
    expect(terminal.modes()).toEqual(untouched);
    expect(terminal.stty().after).toBe(terminal.stty().before);
  });

  test('after Ctrl-C twice', async () => {
    const terminal = await open();
    terminal.type(ctrl('c'));
    await terminal.until(/Ctrl-C again quits/);
    terminal.type(ctrl('c'));
    expect(await terminal.exited).toBe(130);
    expect(terminal.modes()).toEqual(untouched);
  });
});
