import { afterEach, describe, expect, test } from 'vitest';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

/** Sets the title, clears the screen, C1 controls, bidi overrides, broken UTF-8, a bell. */
const nasty = new Uint8Array([
  ...new TextEncoder().encode('\x1b]0;x\x07\x1b[2J\u202eevil\u2066\u200b'),
  0x9b,
  0x33,
  0x31,
  0x6d,
  0x85,
  0xff,
  0xc3,
  0x0d,
  0x0a,
]);

const controls = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufffd]/;

const everyFrame = (): string => screen.frames.join('\n').replaceAll(/\x1b\[[\d;]*m/g, '');

describe('what a peer sent', () => {
  test('reaches the screen escaped: log, entry, stream, in every form of bytes', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('a1 ESTAB');
    await screen.call({
      name: 'send',
      on: 'c1',
      data: { kind: 'literal', data: nasty, notation: 'text' },
    });
    await screen.shows('\\x1b]0;x\\x07\\x1b[2J');
    await screen.press('2', 'j', keys.enter);
    for (let form = 0; form < 3; form++) {
      await screen.shows('\\u{202e}evil');
      expect(screen.frame()).toContain('\\x9b31m');
      await screen.press('v');
    }
    await screen.press(keys.escape, '/', 'recv resumed', keys.enter, keys.enter);
    await screen.until(frame => frame.includes('received, '), 'the entry');
    expect(everyFrame()).not.toMatch(controls);
  });

  test('is escaped in messages, notes and what is pasted', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    screen.bench.note('warning', 'a note \x1b[31m from \u202eelsewhere');
    await screen.shows('a note \\x1b[31m from \\u{202e}elsewhere');
    await screen.press('L', keys.ctrl('u'), keys.paste('\x1b[2Jhost\u202e'), keys.enter);
    await screen.shows('\\x1b[2Jhost');
    await screen.press(keys.escape);
    expect(everyFrame()).not.toMatch(controls);
  });
});
