import { describe, expect, it, test } from 'vitest';
import type { Around, Memory, Next } from '../../source/bench/behaviours/behaviour.ts';
import { relayDatagrams } from '../../source/bench/behaviours/relaying-datagrams.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { formatCall } from '../../source/core/language/line.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { idleTime, mostSenders } from '../../source/core/model/relay-limits.ts';

type Told = {
  readonly target?: string;
  readonly mate?: (mate: string) => ReturnType<Around['mate']>;
  readonly sentTo?: number | null;
  readonly now?: number;
};

const around = ({ target = 'udp://127.0.0.1:53', mate, sentTo = null, now = 0 }: Told = {}): Around => {
  const read = parseRelayTarget(target);
  if (!read.ok) throw new Error(read.message);
  return {
    on: () => true,
    policy: () => 'duplex',
    rules: () => [],
    target: () => read.value,
    local: () => inet('127.0.0.1', 5353),
    mate: mate ?? (() => 'flows'),
    sentTo: () => sentTo,
    repeat: () => null,
    now: () => now,
  };
};

const memoryOf = (next: Next): Memory => {
  if (next.kind !== 'make' && next.kind !== 'pair') throw new Error(next.kind);
  return next.memory;
};

const text = (call: Call): string => formatCall(call, 40).replace(/ AF_INET SOCK_DGRAM| 64KiB| 65536/, '');

const words = (next: Next): string => {
  if (next.kind === 'make') return text(next.memory.call);
  return next.kind === 'pair' ? `${text(next.memory.call)} and ${text(next.mate.call)}` : next.kind;
};

const from = (port: number, bytes = 'q'): Outcome => ({
  kind: 'data',
  data: new TextEncoder().encode(bytes),
  from: inet('127.0.0.1', port),
});
const made = (name: string): Outcome => ({ kind: 'made', name });
const data = (bytes: string): Outcome => ({ kind: 'data', data: new TextEncoder().encode(bytes) });

const begin = (now: Around): Next =>
  relayDatagrams.begin({ name: 'u1', family: 'AF_INET', type: 'SOCK_DGRAM', origin: '', fresh: false }, now);

/** What the relay calls where each call ends so, from the beginning or from what it remembers. */
const play = (outcomes: readonly Outcome[], now = around(), first = begin(now)) => {
  let last = first;
  const calls: string[] = [];
  for (const outcome of outcomes) {
    last = relayDatagrams.after(outcome, memoryOf(last), now);
    calls.push(words(last));
  }
  return { calls, last };
};

/** A sender has its socket, and its first datagram is on the way. */
const admitted = (port: number, name: string): readonly Outcome[] => [from(port), made(name), ok, ok];

const spokeOf = (): Next => {
  const { last } = play(admitted(7001, 'c1'));
  if (last.kind !== 'pair') throw new Error(last.kind);
  return { kind: 'make', memory: last.mate };
};

describe('a relay of datagrams', () => {
  it('makes a socket for a sender, and passes on by the same one from then on', () => {
    expect(words(begin(around()))).toBe('u1.recvfrom');
    const sent: Outcome = { kind: 'count', count: 1 };
    expect(play([...admitted(7001, 'c1'), sent, from(7001, 'again'), sent]).calls).toEqual([
      'socket',
      'c1.connect 127.0.0.1:53',
      'c1.settimeout 120s',
      'c1.send "q" and c1.recv',
      'u1.recvfrom',
      'c1.send "again"',
      'u1.recvfrom',
    ]);
  });

  it('has a socket for each sender, and passes on an empty datagram as one', () => {
    const { calls } = play([...admitted(7001, 'c1'), ok, ...admitted(7002, 'c2'), ok, from(7001, '')]);
    expect([calls[3], calls[8], calls.at(-1)]).toEqual([
      'c1.send "q" and c1.recv',
      'c2.send "q" and c2.recv',
      'c1.send ""',
    ]);
  });

  it('keeps the first datagram apart from the memory that it was received in', () => {
    const first = from(7001, 'old');
    const waiting = play([first, made('c1'), ok]);
    if (first.kind === 'data') first.data.fill(0);
    expect(play([ok], around(), waiting.last).calls).toEqual(['c1.send "old" and c1.recv']);
  });

  it('makes another socket for a sender whose own has ended', () => {
    const now = around({ mate: name => (name === 'c1' ? 'over' : 'flows') });
    expect(play([...admitted(7001, 'c1'), ok, from(7001)], now).calls.at(-1)).toBe('socket');
  });

  it('has the one that was silent for longest give way where there are too many', () => {
    const all = Array.from({ length: mostSenders }, (_, index) => [
      ...admitted(10_000 + index, `c${index + 1}`),
      ok,
    ]).flat();
    const full = play([...all, from(10_000), ok]).last;
    expect(play([from(9999), ok, made('c999'), ok, ok], around(), full).calls).toEqual([
      'c2.close',
      'socket',
      'c999.connect 127.0.0.1:53',
      'c999.settimeout 120s',
      'c999.send "q" and c999.recv',
    ]);
    const room = around({ mate: name => (name === 'c7' ? 'over' : 'flows') });
    expect(play([from(9999)], room, full).calls).toEqual(['socket']);
  });

  it('looks a name up for a new sender, takes none that leads back, and tries each address', () => {
    const now = around({ target: 'udp://localhost:5353' });
    const found: Outcome = {
      kind: 'endpoints',
      endpoints: [inet('127.0.0.1', 5353), inet('::1', 5353), inet('10.0.0.1', 5353)],
    };
    const noWay = failure('ENETUNREACH');
    expect(play([from(7001), found, made('c1'), noWay, ok, made('c2'), ok], now).calls).toEqual([
      'getaddrinfo "localhost" 5353',
      'socket AF_INET6 SOCK_DGRAM',
      'c1.connect [::1]:5353',
      'c1.close',
      'socket',
      'c2.connect 10.0.0.1:5353',
      'c2.settimeout 120s',
    ]);
  });

  test.each([
    ['a name is not known', 'udp://nowhere.invalid:53', [failure('EAI_NONAME')]],
    ['no socket can be made', 'udp://127.0.0.1:53', [failure('EMFILE')]],
    ['no address is left', 'udp://127.0.0.1:53', [made('c1'), failure('ENETUNREACH'), ok]],
    ['a person gave the connect up', 'udp://127.0.0.1:53', [made('c1'), failure('INTERRUPTED'), ok]],
    ['its socket was closed', 'udp://127.0.0.1:53', [made('c1'), ok, failure('EBADF')]],
  ])('loses the datagram where %s, and receives the next', (_, target, outcomes) => {
    expect(play([from(7001), ...outcomes], around({ target })).calls.at(-1)).toBe('u1.recvfrom');
  });

  it('goes on after a send that nobody took, and ends where its socket does', () => {
    expect(play([...admitted(7001, 'c1'), failure('ECONNREFUSED')]).calls.at(-1)).toBe('u1.recvfrom');
    expect(play([failure('TIMEOUT')]).calls).toEqual(['again']);
    expect(play([failure('CLOSED')]).calls).toEqual(['end']);
    expect(play([failure('INTERRUPTED')]).calls).toEqual(['end']);
  });
});

describe('a sender of a relay of datagrams', () => {
  const next = (outcomes: readonly Outcome[], told?: Told) => play(outcomes, around(told), spokeOf()).calls;

  it('gets what comes back on its socket', () => {
    expect(next([data('a'), { kind: 'count', count: 1 }, data('')])).toEqual([
      'u1.sendto "a" 127.0.0.1:7001',
      'c1.recv',
      'u1.sendto "" 127.0.0.1:7001',
    ]);
  });

  it('keeps its socket where ICMP says that nobody listens', () => {
    expect(next([failure('ECONNREFUSED')])).toEqual(['again']);
  });

  it('loses it once neither side has sent for long enough', () => {
    const idle = failure('TIMEOUT');
    expect(next([idle], { sentTo: 1, now: idleTime })).toEqual(['again']);
    expect(next([idle, ok], { sentTo: 0, now: idleTime })).toEqual(['c1.close', 'end']);
    expect(next([idle], { sentTo: null, now: 5 })).toEqual(['c1.close']);
  });

  it('loses it where a person cancels its receive, or the relay is closed', () => {
    expect(next([failure('INTERRUPTED')])).toEqual(['c1.close']);
    expect(next([failure('CLOSED')])).toEqual(['end']);
    expect(next([data('a'), failure('EBADF')]).at(-1)).toBe('c1.close');
    expect(next([failure('ENOMEM')])).toEqual(['c1.close']);
  });
});
