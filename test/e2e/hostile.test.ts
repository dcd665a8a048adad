import { afterEach, expect, test } from 'vitest';
import { pythonClient, pythonDatagramClient } from './foreign.ts';
import { key } from './keys.ts';
import type { Terminal } from './terminal.ts';
import { boundPort, createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/**
 * A title, a cleared screen, the ordinary screen, a clipboard, a device query, a bell, C1 forms of the same, broken
 * UTF-8, bidirectional controls, and what would end a line; each would show on a terminal that obeyed.
 */
const attack = [
  String.raw`\x1b]0;owned\x07`,
  String.raw`\x1b[2J\x1b[H`,
  String.raw`\x1b[?1049l\x1bc`,
  String.raw`\x1b]52;c;b3duZWQ=\x07`,
  String.raw`\x1b[6n\x1b[c\x05`,
  String.raw`\x9b2J\x9d0;owned\x9c\x90q\x9c`,
  String.raw`\xc2\x9b2J\xc2\x9d0;owned\xc2\x9c`,
  String.raw`\xff\xfe\xc0\xaf\xe2\x28\xa1\xf0\x28`,
  String.raw`\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f`,
  String.raw`\r\n\x0b\x0c\x08\x7f\x00end`,
].join('');

/** Control characters a drawing program needs, and no other: escape, newline, carriage return. */
const unwanted =
  /[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** What may follow an escape: CSI sequences that colour, move, erase and set modes. Nothing else is drawn with. */
const drawing = /\x1b\[[0-9;?]*[A-HJKmhlGd]/g;

/** Throws where the bytes hold anything that a peer put there to be obeyed. */
const expectHarmless = (terminal: Terminal) => {
  // What was written last may have come in half: a character (stream) or a sequence.
  const decoded = new TextDecoder('utf-8', { fatal: true }).decode(terminal.raw(), { stream: true });
  const text = decoded.replace(/\x1b(\[[0-9;?]*)?$/, '');
  expect(text.match(unwanted)?.[0]).toBeUndefined();
  expect(text.replace(drawing, '').match(/\x1b[\s\S]{0,20}/g) ?? []).toEqual([]);
  expect(text.replace(/\x1b\[\?1049h\x1b\[2J/g, '')).not.toMatch(/\x1b\[[?]1049l|\x1b\[2J/);
  expect(terminal.titles).toEqual([]);
  expect(terminal.clipboard).toEqual([]);
  expect(terminal.modes().alternateScreen).toBe(true);
  expect(terminal.screen()[0]).toMatch(/^ sockbench/);
};

/** Text, with hex, and raw: `v` goes round. */
const showEveryForm = async (terminal: Terminal) => {
  for (let form = 0; form < 3; form++) {
    terminal.type('v');
    await terminal.quiet(100, 300);
  }
};

test('what a TCP peer sends is shown escaped and obeyed nowhere', async () => {
  const terminal = keep.terminal(await openWorkbench());
  const client = keep.peer(pythonClient(await listen(terminal)));
  await client.until(/connected/);
  await terminal.until(/a1 ESTAB/);
  client.say(`send b"${attack}"`);
  await terminal.until(/a1\.recv[^=\n]* = "\\x1b\]0;owned\\x07\\x1b\[2J/);
  expectHarmless(terminal);

  // The entry, then the stream, in each of their forms.
  terminal.type('5');
  await terminal.until(/5 Log \*|Log.*\*/);
  terminal.type(`/owned${key.enter}`);
  await terminal.until(/^.?> ?#\d+/m);
  terminal.type(key.enter);
  await terminal.until(/received, \d+ bytes/);
  await showEveryForm(terminal);
  terminal.type('s');
  await terminal.until(/a1 and (python\S* )?127\.0\.0\.1:\d+/);
  await showEveryForm(terminal);
  terminal.type(key.escape);
  await terminal.until(/^ sockbench/);
  expectHarmless(terminal);
});

test('what a UDP peer sends is shown escaped and obeyed nowhere', async () => {
  const terminal = keep.terminal(await openWorkbench({ args: ['listen', 'udp://127.0.0.1:0'] }));
  const client = keep.peer(pythonDatagramClient(await boundPort(terminal)));
  client.say(`send b"${attack}"`);
  await terminal.until(/u1\.recvfrom[^=\n]* = "\\x1b\]0;owned\\x07/);
  expectHarmless(terminal);
});

test('what is pasted is no command to the terminal either', async () => {
  const terminal = keep.terminal(await openWorkbench());
  terminal.type(':');
  await terminal.quiet(100, 300);
  terminal.paste('connect \x1b]0;owned\x07\u202e\u009b2J:99');
  await terminal.until(/owned/);
  terminal.type(key.enter);
  await terminal.quiet(100, 500);
  expectHarmless(terminal);
});
