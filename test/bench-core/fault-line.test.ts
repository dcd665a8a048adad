import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enter, type FaultLine, heldCall, leave, newLine } from '../../source/bench/behaviours/fault-line.ts';
import { materialise } from '../../source/core/bytes/bytes.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { parseFaultsText } from '../../source/core/language/fault-text.ts';
import { formatCall, parseCall } from '../../source/core/language/line.ts';
import { datagramWord, type Faults } from '../../source/core/model/faults.ts';
import { anyFaults } from '../core/any-faults.ts';

const faultsOf = (text: string): Faults => {
  const read = parseFaultsText(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

const callOf = (text: string): Call => {
  const read = parseCall(text);
  if (!read.ok) throw new Error(`${text}: ${read.message}`);
  return read.value;
};

const shown = (call: Call): string =>
  'data' in call
    ? `"${new TextDecoder().decode(materialise(call.data))}"`
    : formatCall(call).replace(/^\w+\./, '');

/**
 * What leaves, and when, of what is handed over at these times (ms): `250 "one"`. Deeds stand behind what was handed over or
 * left with them.
 */
const played = (text: string, handed: readonly [number, string][], until = 10_000): string[] => {
  const faults = faultsOf(text);
  const told: string[] = [];
  const left = [...handed];
  let line: FaultLine = newLine(faults);
  for (let now = 0; now <= until; ) {
    while (left[0] && left[0][0] <= now) {
      const call = callOf(left.shift()![1]);
      const entered = enter(line, faults, heldCall(call, {}, call.name === 'sendall', now));
      line = entered.line;
      told.push(...entered.deeds.map(({ did, bytes }) => `${now} ${did} ${bytes}`));
    }
    const move = leave(line, faults, 'a1', now);
    if (move.kind === 'make') {
      line = move.line;
      told.push(
        ...move.deeds.map(({ did, bytes }) => `${now} ${did} ${bytes}`),
        `${now} ${shown(move.call)}`,
      );
    } else {
      const next = Math.min(
        left[0]?.[0] ?? Number.POSITIVE_INFINITY,
        move.kind === 'wait' ? move.until : Number.POSITIVE_INFINITY,
      );
      if (!Number.isFinite(next)) break;
      now = next;
    }
  }
  return told;
};

const say = (text: string): string => `a1.sendall "${text}"`;
const datagram = (text: string): string => `u1.sendto "${text}" 127.0.0.1:9`;

describe('what leaves a stream', () => {
  it.each<[string, string, [number, string][], string[]]>([
    [
      'each as late as the delay',
      'delay 200ms',
      [
        [0, say('one')],
        [50, say('two')],
      ],
      ['200 "one"', '250 "two"'],
    ],
    ['in pieces', 'split 2', [[0, say('hello')]], ['0 split 5', '0 "he"', '10 "ll"', '20 "o"']],
    ['in pieces at once', 'split 3 every 0', [[0, say('hello')]], ['0 split 5', '0 "hel"', '0 "lo"']],
    ['whole, where it is one piece', 'split 5', [[0, say('hello')]], ['0 "hello"']],
    ['at its rate', 'rate 40/s', [[0, say('abcdef')]], ['0 "ab"', '50 "cd"', '100 "ef"']],
    ['a byte at a time at the slowest', 'rate 1/s', [[0, say('abc')]], ['0 "a"', '1000 "b"', '2000 "c"']],
    [
      'merged, once there is enough',
      'merge 4',
      [
        [0, say('ab')],
        [50, say('cde')],
      ],
      ['50 merged 5', '50 "abcde"'],
    ],
    [
      'after a time, where there is not',
      'merge 9',
      [
        [0, say('ab')],
        [50, say('c')],
      ],
      ['200 merged 3', '200 "abc"'],
    ],
    [
      'alone after that time',
      'merge 9 within 30ms',
      [
        [0, say('ab')],
        [50, say('c')],
      ],
      ['30 "ab"', '80 "c"'],
    ],
    [
      'merged where the stream ends, in order',
      'merge 9',
      [
        [0, say('ab')],
        [1, say('c')],
        [2, 'a1.shutdown SHUT_WR'],
      ],
      ['2 merged 3', '2 "abc"', '2 shutdown SHUT_WR'],
    ],
    [
      'behind a delay, the end too',
      'delay 5ms',
      [
        [0, say('x')],
        [1, 'a1.close'],
      ],
      ['5 "x"', '6 close'],
    ],
    [
      'until it is reset',
      'reset after 4',
      [
        [0, say('hello')],
        [1, say('more')],
        [2, 'a1.close'],
      ],
      ['0 "hell"', '0 reset 4', '0 lost 1', '0 reset', '1 lost 4', '2 close'],
    ],
    [
      'until its half is closed; its program may still close',
      'half-close after 2',
      [
        [0, say('ab')],
        [1, say('c')],
        [2, 'a1.close'],
      ],
      ['0 "ab"', '0 half-close 2', '0 shutdown SHUT_WR', '1 lost 1', '2 close'],
    ],
    [
      'nothing, where it is cut at once',
      'reset after 0',
      [[3, say('x')]],
      ['3 reset 0', '3 lost 1', '3 reset'],
    ],
    [
      'split, slow and late together',
      'delay 100ms split 1 every 20ms',
      [[0, say('ab')]],
      ['0 split 2', '100 "a"', '120 "b"'],
    ],
  ])('%s', (_, text, handed, wanted) => {
    expect(played(text, handed)).toEqual(wanted);
  });
});

/** All that leaves of these texts, handed over at once. */
const carried = (faults: Faults, texts: readonly string[]): { all: string; writes: number; last: number } => {
  let line = texts.reduce(
    (before, text) => enter(before, faults, heldCall(callOf(say(text)), {}, true, 0)).line,
    newLine(faults),
  );
  let [all, writes, now] = ['', 0, 0];
  for (;;) {
    const move = leave(line, faults, 'a1', now);
    if (move.kind === 'none') return { all, writes, last: now };
    if (move.kind === 'wait') {
      expect(move.until).toBeGreaterThan(now);
      now = move.until;
      continue;
    }
    line = move.line;
    writes++;
    if ('data' in move.call) all += new TextDecoder().decode(materialise(move.call.data));
  }
};

describe('a stream that is not cut', () => {
  const anyText = fc.stringMatching(/^[a-z]{1,40}$/);

  it('keeps every byte and their order, in no larger writes and no faster than is asked for', () => {
    fc.assert(
      fc.property(anyFaults, fc.array(anyText, { maxLength: 8 }), ({ cut: _, ...faults }, texts) => {
        fc.pre(datagramWord(faults) === '');
        const { split, rate, delay = 0 } = faults;
        const whole = texts.join('');
        const { all, writes, last } = carried(faults, texts);
        expect(all).toBe(whole);
        if (split) expect(writes).toBeGreaterThanOrEqual(Math.ceil(whole.length / split.size));
        // The first piece of a rate leaves at once.
        if (rate !== undefined)
          expect(last).toBeGreaterThanOrEqual(((whole.length - Math.ceil(rate / 20)) / rate) * 1000 - 0.001);
        if (texts.length > 0) expect(last).toBeGreaterThanOrEqual(delay);
      }),
    );
  });
});

describe('which datagrams leave', () => {
  const all = (text: string, count: number): string[] =>
    played(
      text,
      Array.from({ length: count }, (_, index) => [index, datagram(String(index))]),
    );

  it('none of which all are dropped, twice of which all are duplicated', () => {
    expect(all('drop 100%', 2)).toEqual(['0 dropped 1', '1 dropped 1']);
    expect(all('duplicate 100%', 1)).toEqual(['0 duplicated 1', '0 "0"', '0 "0"']);
  });

  it('each behind the next, the last after a time', () => {
    expect(all('reorder 100%', 3)).toEqual(['0 reordered 1', '1 "1"', '1 "0"', '2 reordered 1', '202 "2"']);
  });

  it('the same of the same seed, others of another', () => {
    const [one, again, other] = ['seed 7', 'seed 7', 'seed 8'].map(seed =>
      all(`drop 30% reorder 30% ${seed}`, 60),
    );
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });

  it('a share of them, and one more fault drops no others', () => {
    const dropped = (text: string) => all(text, 1000).filter(told => told.includes('dropped'));
    const some = dropped('drop 10% seed 7');
    expect(some.length).toBeGreaterThan(70);
    expect(some.length).toBeLessThan(130);
    expect(dropped('drop 10% duplicate 50% reorder 50% seed 7')).toEqual(some);
  });

  it('whole, however slowly', () => {
    expect(
      played('rate 10/s', [
        [0, datagram('abcde')],
        [0, datagram('f')],
      ]),
    ).toEqual(['0 "abcde"', '500 "f"']);
  });
});
