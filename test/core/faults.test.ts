import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFaultStatement } from '../../source/core/language/fault-statement.ts';
import { formatFaults, parseFaultsText } from '../../source/core/language/fault-text.ts';
import { parseLine } from '../../source/core/language/line.ts';
import { type Faults, unfit } from '../../source/core/model/faults.ts';
import { drawn, pcg32 } from '../../source/core/model/pcg32.ts';
import { anyFaults } from './any-faults.ts';

const read = (text: string): Faults => {
  const result = parseFaultsText(text);
  if (!result.ok) throw new Error(`${text}: ${result.message}`);
  return result.value;
};

describe('faults as a line', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(anyFaults, faults => {
        expect(read(formatFaults(faults))).toEqual(faults);
      }),
    );
  });

  it('of a socket read back too, and are refused in the column of the whole line', () => {
    fc.assert(
      fc.property(anyFaults, faults => {
        const line = { kind: 'fault' as const, socket: 'a1', faults };
        expect(parseLine(formatFaultStatement(line))).toEqual({ ok: true, value: line });
      }),
    );
    expect(parseLine('a1.fault delay 1s drip 5%')).toMatchObject({ ok: false, column: 18 });
    expect(parseLine('a1.fault')).toMatchObject({ ok: false, column: 8 });
    expect(parseLine('a1.fault stall => ok')).toMatchObject({ ok: false, column: 18 });
  });

  it.each<[string, Faults]>([
    ['off', {}],
    ['rate 64KiB/s delay 200ms', { delay: 200, rate: 65_536 }],
    ['split 3', { split: { size: 3, every: 10 } }],
    ['split 1KiB every 0', { split: { size: 1024, every: 0 } }],
    ['merge 1KiB within 1s', { merge: { size: 1024, within: 1000 } }],
    ['stall', { stall: true }],
    ['reset after 100KiB', { cut: { how: 'reset', after: 102_400, of: 'sent' } }],
    ['half-close after 0 received', { cut: { how: 'half-close', after: 0, of: 'received' } }],
    ['drop 10% duplicate 0.5% reorder 20% seed 7', { drop: 10, duplicate: 0.5, reorder: 20, seed: 7 }],
  ])('%s', (text, faults) => {
    expect(read(text)).toEqual(faults);
  });

  it.each<[string, number, RegExp]>([
    ['', 0, /which fault\? Write delay, rate/],
    ['dorp 10%', 0, /dorp is no fault: did you mean drop\?/],
    ['delay', 5, /delay needs a time/],
    ['delay 0', 6, /a delay of 0 is none/],
    ['rate 64KiB', 5, /of what time\? Write bytes a second, rate 64KiB\/s/],
    ['rate 64KB/s', 7, /"KB" is no unit/],
    ['split', 5, /split needs a size/],
    ['split 0', 6, /at least 1/],
    ['split 3 every', 13, /every needs a time/],
    ['merge 2MiB', 6, /merge at most 1MiB/],
    ['reset 5', 6, /write reset after 100KiB/],
    ['reset', 5, /after how many bytes/],
    ['reset after 5 half-close after 5', 14, /choose between reset and half-close/],
    ['drop 10', 5, /no share/],
    ['drop 101%', 5, /at most 100%/],
    ['drop 0%', 5, /more than 0%/],
    ['drop 5% drop 6%', 8, /drop stands here twice/],
    ['drop 5% split 3', 8, /split is for streams and drop for datagrams/],
    ['seed 7', 6, /a seed alone does nothing/],
    ['drop 5% seed x', 13, /x is no seed/],
    ['off drop 5%', 4, /off stands alone/],
    ['stall now', 6, /now is no fault/],
  ])('refuses %s at column %i', (text, column, message) => {
    const result = parseFaultsText(text);
    if (result.ok) throw new Error('it was taken');
    expect(result.message).toMatch(message);
    expect(result.column).toBe(column);
  });

  it('are for a stream or for datagrams', () => {
    expect(unfit(read('split 3'), 'u1', true)).toMatch(/^split is for streams, and u1 sends datagrams/);
    expect(unfit(read('drop 5%'), 'a1', false)).toMatch(/^drop is for datagrams, and a1 is a stream/);
    expect([unfit(read('delay 1s'), 'u1', true), unfit(read('stall'), 'a1', false)]).toEqual([null, null]);
  });
});

describe('the numbers that choose', () => {
  /** What pcg32-demo of the PCG library prints as its first round: seed 42, sequence 54. */
  it('are those of PCG32', () => {
    const wanted = [0xa15c02b7, 0x7b47f409, 0xba1d3330, 0x83d2f293, 0xbfa4784b, 0xcbed606e];
    let from = pcg32(42);
    const found = wanted.map(() => {
      const { value, next } = drawn(from);
      from = next;
      return value;
    });
    expect(found).toEqual(wanted);
  });
});
