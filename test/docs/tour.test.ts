import { afterEach, expect, test } from 'vitest';
import { ctrl, key, keyBytes } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';
import { rows, section } from './readme.ts';

/** Each step of "Five minutes": its keys, one by one, and what is on the screen after each. */
const steps: Readonly<Record<string, readonly (readonly [key: string, sees: RegExp])[]>> = {
  1: [
    ['2', /2 TCP server \*/],
    ['L', /address {2}127\.0\.0\.1:51423/],
    ['Enter', /s\d LISTEN 127\.0\.0\.1:\d+|Ctrl-Y takes 127\.0\.0\.1:\d+/],
  ],
  2: [['A', /TCP server: accept loop off/]],
  3: [
    ['1', /1 Client \*/],
    ['c', /Connect to a TCP server/],
    ['Enter', /c1 ESTAB .*s\d LISTEN [\d.:]+ +1 waiting/],
  ],
  4: [
    ['2', /2 TCP server \*/],
    ['a', /= a1 from/],
  ],
  5: [
    ['1', /1 Client \*/],
    ['s', /send to c1 >/],
    ['ping', /send to c1 > ping\\r\\n .* ends CRLF, 6 bytes/],
    ['Enter', /a1\.recv .*= "ping\\r\\n" .* by #\d+/],
    ['Esc', /received 0 bytes/],
  ],
  6: [
    ['R', /Client: receive loop off/],
    ['2', /2 TCP server \*/],
    ['R', /TCP server: receive loop off/],
  ],
  7: [
    ['P', /tcp-server policy single/],
    ['1', /1 Client \*/],
    ['P', /client policy single/],
  ],
  8: [
    ['r', /c1\.recv 4KiB BLOCKED/],
    ['2', /2 TCP server \*/],
    ['r', /DEADLOCK: c1\.recv waits for a1 to send, a1\.recv waits for c1 to send/],
  ],
  9: [
    ['w', /Why: who waits for whom[\s\S]*broken by/],
    ['Esc', /DEADLOCK/],
  ],
  10: [
    ['t', /Set the timeout/],
    ['Ctrl-U', /timeout +║|timeout +500ms/],
    ['2s', /timeout {2,}2s/],
    ['Enter', /a1\.settimeout 2s = ok/],
    ['x', /a1\.recv[^=\n]* = INTERRUPTED/],
    ['r', /a1\.recv[^=\n]* = TIMEOUT/],
  ],
  11: [
    ['d', /Close a1/],
    ['c', /c1\.recv[^=\n]* = EOF/],
  ],
  12: [
    ['4', /4 Timeline \*[\s\S]* client [\s\S]* tcp-server /],
    ['5', /5 Log \*/],
    ['Enter', /Entry #\d+/],
    ['Esc', /5 Log \*/],
  ],
  13: [
    ['q', /entries not saved: S saves the session, q again quits/],
    ['q', /^/],
  ],
};

const keyNames: Readonly<Record<string, string>> = { Enter: 'enter', Esc: 'escape' };

/** Text in backticks is typed, words are keys; nothing else but "then" and commas may stand between them. */
const typedIn = (cell: string): { name: string; bytes: string }[] => {
  const part = /`([^`]+)`|(Enter|Esc|Ctrl-[A-Z])/g;
  expect(
    cell
      .replace(part, '')
      .replace(/then|,/g, '')
      .trim(),
  ).toBe('');
  return [...cell.matchAll(part)].map(([, text, name]) =>
    text === undefined
      ? { name: name!, bytes: keyBytes(keyNames[name!] ?? name!.toLowerCase()) }
      : { name: text, bytes: text },
  );
};

/** What the README says of the screen in the screen's own words: sockets, addresses, states, outcomes, quotations. */
const shownWords = (cell: string): string[] =>
  [...cell.matchAll(/"([^"]+)"|\b(?:[acsu]\d|127\.0\.0\.1:\d+|[A-Z]{3,}|[A-Z][a-z]+Error)\b/g)].map(
    match => match[1] ?? match[0],
  );

const keep = createKeeper();

afterEach(keep.end);

/** Whether the next key may come: after Enter the form is done; Esc and a key at once would be Alt and that key. */
const isReady = (after: string, lines: readonly string[]): boolean => {
  const hints = lines.at(-1)!;
  if (after === 'Enter') return !hints.includes('Enter do it');
  return after !== 'Esc' || !hints.includes('Esc back');
};

/** The README's port may be taken: then step 1 says what to do. The listener's name and address, whichever they are. */
const listener = async (terminal: Terminal): Promise<readonly [name: string, address: string]> => {
  if (/Ctrl-Y takes/.test(terminal.picture())) terminal.type(`${ctrl('y')}${key.enter}`);
  const told = /(s\d) LISTEN (127\.0\.0\.1:\d+)/;
  await terminal.until(lines => isReady('Enter', lines) && told.test(lines.join('\n')));
  const [, name, address] = told.exec(terminal.picture())!;
  return [name!, address!];
};

test('"Five minutes" goes as it is written, key by key', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const actual = new Map<string, string>();
  for (const [step = '', keys = '', seen = ''] of rows(section('Five minutes'))) {
    const typed = typedIn(keys);
    expect(typed.map(({ name }) => name)).toEqual(steps[step]?.map(([name]) => name));
    for (const [i, { name, bytes }] of typed.entries()) {
      if (name === 'Esc') await terminal.until(lines => lines.at(-1)!.includes('Esc back'));
      terminal.type(bytes);
      if (step === '13' && i === typed.length - 1) break;
      const pattern = steps[step]![i]![1];
      // In step 1 the form stays where the port is taken.
      const after = step === '1' ? '' : name;
      await terminal.until(lines => pattern.test(lines.join('\n')) && isReady(after, lines));
    }
    if (step === '1') {
      const [name, address] = await listener(terminal);
      actual.set('s1', name).set('127.0.0.1:51423', address);
    }
    const words = shownWords(seen).map(word => actual.get(word) ?? word);
    if (step !== '13') await terminal.until(lines => words.every(word => lines.join('\n').includes(word)));
  }
  expect(await terminal.exited).toBe(0);
});

test('the call that is given for ":" can be typed there', async () => {
  const terminal = keep.terminal(await openWorkbench({ args: ['listen', '0'] }));
  await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
  const port = /s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1];
  terminal.type(`:connect ${port}${key.enter}`);
  await terminal.until(/c1 ESTAB → a1/);
  const [, call] = /as in `([^`]+)`/.exec(section('Five minutes'))!;
  terminal.type(':');
  await terminal.until(/Commands and calls/);
  terminal.type(`${call}${key.enter}`);
  await terminal.until(/c1\.send .*= 2 </);
});
