import { describe, expect, it, test } from 'vitest';
import {
  type Around,
  afterwardsOf,
  type Memory,
  type Next,
} from '../../source/bench/behaviours/behaviour.ts';
import { relay } from '../../source/bench/behaviours/relaying.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { formatCall } from '../../source/core/language/line.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import type { RelayTarget } from '../../source/core/model/relay-target.ts';

const target = (text: string): RelayTarget => {
  const read = parseRelayTarget(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

type Told = { readonly target?: string; readonly mate?: ReturnType<Around['mate']> };

const around = ({ target: to = '127.0.0.1:6379', mate = 'flows' }: Told = {}): Around => ({
  on: () => true,
  policy: () => 'duplex',
  rules: () => [],
  target: () => target(to),
  local: () => inet('127.0.0.1', 9000),
  mate: () => mate,
  sentTo: () => null,
  repeat: () => null,
  now: () => 0,
});

const memoryOf = (next: Next): Memory => {
  if (next.kind !== 'make' && next.kind !== 'pair') throw new Error(next.kind);
  return next.memory;
};

const text = (call: Call): string => formatCall(call, 40).replace(/ AF_INET SOCK_STREAM| \d+KiB/, '');

const words = (next: Next): string => {
  switch (next.kind) {
    case 'make':
      return text(next.memory.call);
    case 'pair':
      return `${text(next.memory.call)} and ${text(next.mate.call)}`;
    default:
      return next.kind;
  }
};

const begin = (now: Around): Next =>
  relay.begin({ name: 'a1', family: 'AF_INET', type: 'SOCK_STREAM', origin: 'taken', fresh: true }, now);

/** What the relay calls, one after the other, where each call ends so; what it remembers at the end. */
const play = (outcomes: readonly Outcome[], now = around()): { calls: string[]; last: Next } => {
  let last = begin(now);
  const calls = [words(last)];
  for (const outcome of outcomes) {
    last = relay.after(outcome, memoryOf(last), now);
    calls.push(words(last));
  }
  return { calls, last };
};

const made: Outcome = { kind: 'made', name: 'c1' };
const data = (bytes: string): Outcome => ({ kind: 'data', data: new TextEncoder().encode(bytes) });
const endpoints: Outcome = {
  kind: 'endpoints',
  endpoints: [inet('127.0.0.1', 80), inet('::1', 80), inet('127.0.0.1', 80)],
};
const refused = failure('ECONNREFUSED');

/** The two directions, once they flow. */
const flowing = (): { there: Memory; back: Memory } => {
  const { last } = play([made, ok]);
  if (last.kind !== 'pair') throw new Error(last.kind);
  return { there: last.memory, back: last.mate };
};

describe('a relay reaches its target', () => {
  it('makes a socket, connects it, and then receives at both ends', () => {
    expect(play([made, ok]).calls).toEqual(['socket', 'c1.connect 127.0.0.1:6379', 'a1.recv and c1.recv']);
  });

  it('looks a name up, and tries each address once, with a socket of its own', () => {
    const now = around({ target: 'localhost:80' });
    const second: Outcome = { kind: 'made', name: 'c2' };
    expect(play([endpoints, made, refused, ok, second, ok], now).calls).toEqual([
      'getaddrinfo "localhost" 80',
      'socket',
      'c1.connect 127.0.0.1:80',
      'c1.close',
      'socket AF_INET6 SOCK_STREAM',
      'c2.connect [::1]:80',
      'a1.recv and c2.recv',
    ]);
  });

  it('wraps what it connects to tls://', () => {
    const now = around({ target: 'tls://127.0.0.1:443 insecure' });
    expect(play([made, ok, ok], now).calls.slice(2)).toEqual([
      'c1.wrap client server_hostname "127.0.0.1" insecure',
      'a1.recv and c1.recv',
    ]);
  });

  test.each([
    ['nobody listens', [made, refused, ok], ['c1.close', 'a1.reset']],
    ['a person gave the connect up', [made, failure('INTERRUPTED'), ok], ['c1.close', 'a1.reset']],
    ['its socket was closed', [made, failure('CLOSED')], ['a1.reset']],
    ['no socket can be made', [failure('EMFILE')], ['a1.reset']],
  ])('resets its client where %s, and says so', (_, outcomes, calls) => {
    const found = play(outcomes);
    expect(found.calls.slice(-calls.length)).toEqual(calls);
    const first = play(outcomes.slice(0, outcomes.length - calls.length + 1)).last;
    expect(afterwardsOf(first, () => 0)).toEqual({ kind: 'refuse', socket: 'a1' });
    expect(words(relay.after(ok, memoryOf(found.last), around()))).toBe('end');
  });

  it('resets its client where a name is not known, or leads back, and where a handshake fails', () => {
    expect(play([failure('EAI_NONAME')], around({ target: 'nowhere.invalid:80' })).calls.at(-1)).toBe(
      'a1.reset',
    );
    const back: Outcome = { kind: 'endpoints', endpoints: [inet('127.0.0.1', 9000)] };
    expect(play([back], around({ target: 'me.example:9000' })).calls.at(-1)).toBe('a1.reset');
    expect(
      play([made, ok, failure('SSL_CERT')], around({ target: 'tls://127.0.0.1:443' })).calls.at(-1),
    ).toBe('a1.reset');
  });
});

describe('a relay passes on', () => {
  const next = (memory: Memory, outcome: Outcome, told?: Told) => relay.after(outcome, memory, around(told));

  it('what comes at one end to the other, and receives once that is taken', () => {
    const { there, back } = flowing();
    const sent = next(there, data('GET'));
    expect([words(sent), words(next(memoryOf(sent), ok))]).toEqual(['c1.sendall "GET"', 'a1.recv']);
    expect(words(next(back, data('200')))).toBe('a1.sendall "200"');
  });

  it('an end as a half-close, and closes both once the other direction is over too', () => {
    const { there } = flowing();
    const shut = next(there, data(''));
    expect([words(shut), words(next(memoryOf(shut), ok))]).toEqual(['c1.shutdown SHUT_WR', 'end']);
    const closed = next(there, data(''), { mate: 'over' });
    const other = next(memoryOf(closed), ok, { mate: 'over' });
    expect([words(closed), words(other)]).toEqual(['c1.close', 'a1.close']);
    expect(words(next(memoryOf(other), ok, { mate: 'over' }))).toBe('end');
  });

  it('closes both where the other direction ended while this one was half-closing', () => {
    const shut = next(flowing().there, data(''));
    expect(words(next(memoryOf(shut), ok, { mate: 'over' }))).toBe('c1.close');
  });

  test.each(['ECONNRESET', 'ETIMEDOUT', 'EPIPE'] as const)('%s as a reset', code => {
    const { there } = flowing();
    const lost = next(there, failure(code));
    expect([words(lost), words(next(memoryOf(lost), ok))]).toEqual(['c1.reset', 'a1.close']);
    const sending = memoryOf(next(there, data('x')));
    const broken = next(sending, failure(code));
    expect([words(broken), words(next(memoryOf(broken), ok))]).toEqual(['a1.reset', 'c1.close']);
    expect(words(next(there, failure(code), { mate: 'ends' }))).toBe('end');
  });

  it('the end of a stream of TLS that was reset as a reset, one without close_notify as a half-close', () => {
    const ending = (how: 'reset' | 'fin'): Outcome => ({
      kind: 'data',
      data: new Uint8Array(0),
      ending: how,
    });
    expect(words(next(flowing().there, ending('reset')))).toBe('c1.reset');
    expect(words(next(flowing().there, ending('fin')))).toBe('c1.shutdown SHUT_WR');
  });

  it('what a person does to one end: closed, the other is too; cancelled, the direction stands', () => {
    const { there } = flowing();
    expect(words(next(there, failure('CLOSED')))).toBe('c1.close');
    expect(words(next(memoryOf(next(there, data('x'))), failure('CLOSED')))).toBe('a1.close');
    expect(words(next(there, failure('CLOSED'), { mate: 'ends' }))).toBe('end');
    expect(words(next(there, failure('INTERRUPTED')))).toBe('end');
    expect(words(next(there, failure('TIMEOUT')))).toBe('again');
  });
});
