import { describe, expect, test } from 'vitest';
import {
  type Around,
  afterwardsOf,
  type Memory,
  type Next,
  type Subject,
} from '../../source/bench/behaviours/behaviour.ts';
import { behaviours, exhaustedPause } from '../../source/bench/behaviours/behaviours.ts';
import { pieceSize } from '../../source/bench/behaviours/receiving.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { LoopName } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';

const around = (policy: Policy, ...loops: readonly LoopName[]): Around => ({
  on: loop => loops.includes(loop),
  policy: () => policy,
  rules: () => [],
  target: () => null,
  local: () => null,
  mate: () => 'over',
  sentTo: () => null,
  repeat: () => null,
  now: () => 0,
});

const both = around('duplex', 'accept', 'receive');
const textbook = around('single', 'accept', 'receive');

const made: Outcome = { kind: 'made', name: 'a1' };
const data = (length: number): Outcome => ({ kind: 'data', data: new Uint8Array(length) });
const error = (code: ErrorCode): Outcome => failure(code);

/** What a loop remembers of its first call. */
const begun = (loop: LoopName, subject: Subject): Memory => {
  const first = behaviours[loop].begin(subject, both);
  if (first.kind !== 'make') throw new Error(first.kind);
  return first.memory;
};

/** How the loop goes on once its call has ended so: one word, and what it says besides. */
const next = (loop: LoopName, subject: Subject, outcome: Outcome, now: Around): string => {
  const found: Next = behaviours[loop].after(outcome, begun(loop, subject), now);
  switch (found.kind) {
    case 'make':
      return `${found.memory.call.on}.${found.memory.call.name}`;
    case 'pause':
      return `pause ${found.ms}`;
    case 'serve':
      return `serve ${found.socket}`;
    case 'again':
    case 'pair':
    case 'end':
      return found.kind;
  }
};

const listener: Subject = { name: 's1', family: 'AF_INET', type: 'SOCK_STREAM', origin: '', fresh: true };
const stream = (origin: Subject['origin']): Subject => ({
  name: 'a1',
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  origin,
  fresh: true,
});
const datagram: Subject = { name: 'u1', family: 'AF_INET', type: 'SOCK_DGRAM', origin: '', fresh: true };

describe('the accept loop', () => {
  test('begins with an accept', () => {
    expect(begun('accept', listener).call).toEqual({ name: 'accept', on: 's1' });
  });

  test.each<[string, Outcome, Around, string]>([
    ['a client', made, both, 'again'],
    ['a client, off by now', made, around('duplex', 'receive'), 'end'],
    ['a client of the textbook server', made, textbook, 'serve a1'],
    ['a client of one thread that does not receive by itself', made, around('single', 'accept'), 'again'],
    ['a client that was gone', error('ECONNABORTED'), both, 'again'],
    ['no client in time', error('TIMEOUT'), both, 'again'],
    ['no descriptor', error('EMFILE'), both, `pause ${exhaustedPause}`],
    ['no descriptor in the system', error('ENFILE'), both, `pause ${exhaustedPause}`],
    ['no buffers', error('ENOBUFS'), textbook, `pause ${exhaustedPause}`],
    ['no memory', error('ENOMEM'), both, `pause ${exhaustedPause}`],
    ['no memory, off by now', error('ENOMEM'), around('duplex'), 'end'],
    ['a fault', error('EINVAL'), both, 'end'],
    ['a Ctrl-C', error('INTERRUPTED'), both, 'end'],
  ])('%s', (_, outcome, now, expected) => {
    expect(next('accept', listener, outcome, now)).toBe(expected);
  });
});

describe('the receive loop', () => {
  test('begins with a recv of a piece, or with a recvfrom of any datagram', () => {
    expect(begun('receive', stream('')).call).toEqual({ name: 'recv', on: 'a1', size: pieceSize });
    expect(begun('receive', datagram).call).toEqual({ name: 'recvfrom', on: 'u1', size: 65_536 });
  });

  const off = around('duplex');
  test.each<[string, Subject, Outcome, Around, string]>([
    ['bytes', stream(''), data(1), both, 'again'],
    ['bytes, off by now', stream('taken'), data(1), off, 'end'],
    ['EOF of a client', stream(''), data(0), both, 'end'],
    ['EOF of what the accept loop took', stream('taken'), data(0), both, 'a1.close'],
    ['EOF of that, the accept loop off by now', stream('taken'), data(0), around('duplex', 'receive'), 'end'],
    ['EOF of what the textbook server serves', stream('served'), data(0), textbook, 'a1.close'],
    ['EOF of that, all off by now', stream('served'), data(0), off, 'a1.close'],
    ['a reset', stream('taken'), error('ECONNRESET'), both, 'a1.close'],
    ['its close by somebody else', stream('served'), error('CLOSED'), textbook, 'end'],
    ['nothing in time', stream('taken'), error('TIMEOUT'), both, 'again'],
    ['a refusal', stream(''), error('ECONNREFUSED'), both, 'end'],
    ['an empty datagram', datagram, data(0), both, 'again'],
    ['a datagram that nobody took', datagram, error('ECONNREFUSED'), both, 'again'],
    ['a Ctrl-C', datagram, error('INTERRUPTED'), both, 'end'],
  ])('%s', (_, subject, outcome, now, expected) => {
    expect(next('receive', subject, outcome, now)).toBe(expected);
  });

  test('is over once it has closed its socket', () => {
    const closing = behaviours.receive.after(data(0), begun('receive', stream('taken')), both);
    if (closing.kind !== 'make') throw new Error(closing.kind);
    expect(behaviours.receive.after(ok, closing.memory, both)).toEqual({ kind: 'end' });
  });

  test('has one answer for every piece of a flood', () => {
    const memory = begun('receive', stream(''));
    const [first, second] = [data(9), data(8)].map(one => behaviours.receive.after(one, memory, both));
    expect(first).toBe(second);
  });
});

test('the journal is told why no call follows', () => {
  expect(afterwardsOf({ kind: 'serve', socket: 'a1' }, () => 5)).toEqual({ kind: 'serve' });
  expect(afterwardsOf({ kind: 'pause', ms: 10 }, () => 5)).toEqual({ kind: 'pause', until: 15 });
  expect(afterwardsOf({ kind: 'again' }, () => 5)).toBeUndefined();
});
