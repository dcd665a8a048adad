import { afterEach, describe, expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { callOf, pair } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { createMachine } from '../support/simulated-machine.ts';
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
    await screen.press(keys.escape, '/', 'recv 128KiB =', keys.enter, keys.enter);
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

  test('is escaped in what is refused, when it was pasted', async () => {
    screen = openScreen();
    await screen.press('L', keys.tab, keys.ctrl('u'), keys.paste('\x1b[31m9\u202e'), keys.enter);
    await screen.shows('"\\x1b[31m9\\u{202e}" is no number');
    await screen.press(keys.escape, ':', keys.paste('listen \x1b]0;x\x07'));
    await screen.shows('address \\x1b]0;x\\x07');
    await screen.press(keys.ctrl('u'), keys.paste('\x1b[2J'));
    await screen.shows('Not yet: ');
    expect(everyFrame()).not.toMatch(controls);
  });

  test('is escaped in a session that somebody made up', async () => {
    const evil = '\x1b]0;x\x07\u202e';
    const machine = createMachine();
    const bench = machine.bench();
    for (const line of pair) bench.perform(callOf(line));
    await machine.run(1_000);
    bench.flush();
    const entries = bench.journal.slice(1, bench.journal.last()).map(entry => {
      if (entry.kind === 'sample')
        return { ...entry, sockets: entry.sockets.map(each => ({ ...each, state: evil })) };
      return 'thread' in entry && entry.thread !== '' ? { ...entry, thread: evil + entry.thread } : entry;
    });
    await bench.dispose();
    const start = { policy: 'duplex', loops: { accept: true, receive: true } } as const;
    const replay = createReplay({ entries, began: 0, start, cut: false }, createSimulatedClock());
    screen = openScreen({
      source: replay.source,
      services: { replay: replay.control },
      view: { replay: replay.control.view(), focus: 'timeline', strip: 'timeline' },
    });
    await screen.shows('\\x1b]0;x');
    await screen.press('5', keys.enter);
    await screen.shows('Entry #');
    await screen.press(keys.escape, '1', keys.enter);
    await screen.shows('No bytes yet, either way.');
    expect(everyFrame()).not.toMatch(controls);
  });
});
