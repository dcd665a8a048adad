import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../source/core/model/entry.ts';
import { PieceWriter } from '../../source/formats/piece-writer.ts';
import { decodeEntry, encodeEntry, encodeSaid } from '../../source/formats/session/jsonl.ts';
import { type Linked, linkWith } from '../../source/formats/session/link-table.ts';
import { unlinked } from '../../source/formats/session/read-session.ts';
import { UsualLine } from '../../source/formats/session/usual-line.ts';
import { runsOf } from '../support/sizes.ts';
import { anyEntry } from './entries.ts';

const byJson = (line: string): Entry | null => {
  try {
    return unlinked(decodeEntry(line));
  } catch {
    return null;
  }
};

const usual = new UsualLine();

/** Bytes that go on before and behind the line are none of its own. */
const readUsual = (line: string): boolean => {
  const bytes = new TextEncoder().encode(line);
  return usual.read(Buffer.concat([Buffer.from('{"'), bytes, Buffer.from('0"}}')]), 2, 2 + bytes.length);
};

const usualEntry = (line: string): Entry | null => (readUsual(line) ? usual.entry() : null);

const usualText = (line: string, linked: Linked): string | null => {
  if (!readUsual(line)) return null;
  const out = new PieceWriter();
  usual.write(out, linked);
  return Buffer.concat([...out.take()])
    .toString()
    .replace(/\n$/, '');
};

/** The line is taken apart as JSON and the schema do, and written as its entry is; false: it is not usual. */
const agrees = (line: string): boolean => {
  const entry = usualEntry(line);
  if (!entry) return false;
  expect(entry).toStrictEqual(byJson(line));
  expect(JSON.stringify(entry)).toBe(JSON.stringify(byJson(line)));
  for (const wakesFirst of [false, true]) {
    for (const by of [0, 4]) {
      const linked = { prev: 3_141_592_653, by, wakes: 4_096 * by, wakesFirst };
      expect(usualText(line, linked)).toBe(encodeSaid(linkWith(byJson(line)!, linked)));
    }
  }
  return true;
};

const about =
  '"id":7,"actor":"client","call":"c1.recv 10","thread":"c1.r","queuedAt":5.2,"inside":0,"looped":false,"startedAt":5.201';
const stamp = '"n":12,"t":6.75,"prev":11';
const inFlight = `{"kind":"running",${stamp},${about},"deadline":null}`;
const over = (outcome: string): string =>
  `{"kind":"ended",${stamp},${about},"outcome":${outcome},"seen":true}`;
const sends = over('{"kind":"count","count":64}').replace(
  'c1.recv 10',
  String.raw`c1.send \"GET / HTTP/1.1\\r\\n\"`,
);
const receives = over(String.raw`{"kind":"data","data":{"text":"a \"b\"\r\n\\"}}`);

const usualLines = [inFlight, over('{"kind":"none"}'), sends, receives];

describe('a usual line', () => {
  it.each(usualLines)('is taken apart without JSON: %s', line => {
    expect(agrees(line)).toBe(true);
    expect(agrees(`${line.slice(0, -1)},"by":3,"wakes":20}`)).toBe(true);
  });

  it('is one as an export writes it too', () => {
    for (const line of usualLines) expect(agrees(encodeEntry(byJson(line)!))).toBe(true);
  });

  it('is what JSON reads too, whatever it is', () => {
    fc.assert(
      fc.property(anyEntry, entry => void agrees(encodeEntry(entry))),
      { numRuns: 500 },
    );
  });

  it('with anything put in, taken out or doubled is read as JSON reads it, or left to it', () => {
    const bits = fc.constantFrom(
      '',
      '0',
      '-1',
      '.',
      '"',
      '\\',
      '\\u0041',
      '{',
      '}',
      ',',
      'null',
      'e9',
      ' ',
      'é',
    );
    const line = fc.constantFrom(...usualLines);
    fc.assert(
      fc.property(line, fc.nat(400), fc.nat(12), bits, (text, at, gone, put) => {
        agrees(text.slice(0, at) + put + text.slice(at + gone));
        agrees(text.slice(0, at) + text.slice(Math.max(0, at - gone)));
      }),
      runsOf('usual lines spoiled'),
    );
  });

  it('is read after any others as it is alone: what came lately is looked for first', () => {
    const call = fc.constantFrom(
      'c1.recv 10',
      'c1.recv 100',
      String.raw`c1.send \"a\"`,
      'a1.close',
      'c1.fetch 10',
    );
    const actor = fc.constantFrom('client', 'tcp-server', '', 'clerk');
    const thread = fc.constantFrom('c1.r', 'c1.rr', 'a1.w', '');
    const text = fc.string({
      unit: fc.constantFrom('a', '7f', '\\n', '\\"', '\\\\', 'é', '~', '\x7f', '\u001f'),
      maxLength: 12,
    });
    const time = fc.constantFrom(
      '5',
      '5.2',
      '5.25',
      '5.201',
      '15.2',
      '123456789.5',
      '123456789012.345',
      '5.20',
      '05',
      '1e3',
    );
    const line = fc.record({ call, actor, thread, text, queued: time, started: time, short: fc.boolean() });
    const lineOf = ({
      call,
      actor,
      thread,
      text,
      queued,
      started,
      short,
    }: typeof line extends fc.Arbitrary<infer T> ? T : never) =>
      (short ? sends : over(`{"kind":"data","data":{"text":"${text}"}}`))
        .replace(/"actor":"[^"]*"/, `"actor":"${actor}"`)
        .replace(/"call":"(?:\\.|[^"\\])*"/, () => `"call":"${call}"`)
        .replace('"c1.r"', `"${thread}"`)
        .replace('5.201', started)
        .replace('"queuedAt":5.2', `"queuedAt":${queued}`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), lines => {
        // The same few again, so that most are what came after the last one before.
        for (let round = 0; round < 3; round++) for (const one of lines) agrees(lineOf(one));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a thread that there is not', inFlight.replace('"c1.r"', '"1c.r"')],
    ['nobody who makes calls', inFlight.replace('"client"', '"clerk"')],
    ['a call that is none', inFlight.replace('c1.recv 10', 'c1.fetch 10')],
    ['an actor said twice', inFlight.replace('"thread"', '"actor":"client","thread"')],
    ['no actor', inFlight.replace('"actor":"client",', '')],
    ['a time that is written with more digits', inFlight.replace('6.75', '6.7500')],
    ['a time finer than a microsecond', inFlight.replace('6.75', '6.7501')],
    ['a time that is not over', inFlight.replace('6.75', '6.')],
    ['a number that begins with 0', inFlight.replace('"n":12', '"n":012')],
    ['a number longer than all that are counted', inFlight.replace('"n":12', '"n":1234567890123456')],
    [
      'a payload longer than is written as text',
      over(`{"kind":"data","data":{"text":"${'x'.repeat(4_097)}"}}`),
    ],
  ])('is not one with %s', (_, line) => {
    expect(usualEntry(line)).toBeNull();
    expect(usualText(line, { prev: 0, by: 0, wakes: 0, wakesFirst: false })).toBeNull();
  });
});
