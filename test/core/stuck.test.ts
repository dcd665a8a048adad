import { describe, expect, test } from 'vitest';
import type { Program } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';
import type { CallState } from '../../source/core/model/state.ts';
import { callLabel } from '../../source/core/model/wait.ts';
import { type Deadlock, deadlocksOf } from '../../source/core/waits/deadlock.ts';
import { deadlockFinding } from '../../source/core/waits/deadlock-finding.ts';
import { stuckOf } from '../../source/core/waits/stuck.ts';
import { client, listener, much, type Playing, pair, playing } from '../support/playing.ts';
import { sentenceOf } from '../support/words.ts';

const labels = (calls: readonly CallState[]): string => calls.map(callLabel).join(' ');

/** `c1.recv a1.recv < c2.recv until c1.recv timeout 1500`: a cycle, what only waits for it, what ends it when it is so old. */
const told = ({ calls, behind, end }: Deadlock): string => {
  const others = behind.length === 0 ? '' : ` < ${labels(behind)}`;
  const until = end ? ` until ${callLabel(end.call)} ${end.by} ${end.at - end.call.startedAt!}` : '';
  return `${labels(calls)}${others}${until}`;
};

/** Lines of calls, made one after the other, and `program=policy`. */
const played = async (policy: Policy, lines: readonly string[]): Promise<Playing> => {
  const one = playing(policy);
  let calls: string[] = [];
  for (const line of lines) {
    const change = /^([a-z-]+)=([a-z-]+)$/.exec(line);
    if (!change) {
      calls.push(line);
      continue;
    }
    await one.play(...calls);
    calls = [];
    one.bench.setPolicy(change[1] as Program, change[2] as Policy);
  }
  await one.play(...calls);
  return one;
};

const found = async (policy: Policy, lines: readonly string[]): Promise<string[]> => {
  const { bench } = await played(policy, lines);
  return deadlocksOf(bench.state()).map(told);
};

const datagrams = (a: string, b: string, port: number) => [
  ...[a, b].map(name => `${name} = socket AF_INET SOCK_DGRAM`),
  `${a}.bind 127.0.0.1:${port}`,
  `${b}.bind 127.0.0.1:${port + 1}`,
  `${a}.connect 127.0.0.1:${port + 1}`,
  `${b}.connect 127.0.0.1:${port}`,
];

const served = (name: string, accepted: string) => [...client(name), `${accepted} = s1.accept`];
const peek = 'recv 10 MSG_PEEK|MSG_WAITALL';

type Case = readonly [title: string, policy: Policy, lines: readonly string[], deadlock: string];

type Free = readonly [title: string, policy: Policy, lines: readonly string[]];

const stuck: readonly Case[] = [
  [
    'with a timeout, and a call in the queue behind it',
    'single',
    [...pair, 'c1.settimeout 1500ms', 'c1.recv 10', 'a1.recv 10', 'c1.send "late"'],
    'c1.recv a1.recv until c1.recv timeout 1500',
  ],
  [
    'with two timeouts, until the first',
    'single',
    [...pair, 'c1.settimeout 4s', 'a1.settimeout 3s', `c1.sendall ${much}`, `a1.sendall ${much}`],
    'c1.sendall a1.sendall until a1.sendall timeout 3000',
  ],
  [
    'three programs, each of which reads from the next',
    'single',
    [
      ...[...pair, ...datagrams('s5', 'u1', 7000), ...datagrams('u2', 'c2', 7002)],
      ...['c1.recv 10', 's5.recv 10', 'u2.recv 10'],
    ],
    'c1.recv s5.recv u2.recv',
  ],
  [
    'and what waits for the cycle without being in it',
    'single',
    [
      ...['client=per-socket', ...pair, ...served('c2', 'a2'), ...served('c3', 'a3')],
      ...['c1.recv 10', 'c2.recv 10', 'c3.recv 10', 'a2.recv 10'],
    ],
    'c2.recv a2.recv < c1.recv c3.recv',
  ],
  [
    'a connect beside a recv, until its SYNs are used up',
    'single',
    [...pair, ...client('c2'), 'a1.recv 10', ...client('c3')],
    'a1.recv c3.connect until c3.connect SYN 127000',
  ],
  [
    'a connect whose timeout comes before the last of its SYNs',
    'single',
    [...pair, ...client('c2'), 'a1.recv 10', 'c3 = socket', 'c3.settimeout 5s', 'c3.connect 127.0.0.1:9000'],
    'a1.recv c3.connect until c3.connect timeout 5000',
  ],
  [
    'two peeks at more than is there',
    'single',
    [...pair, 'c1.send "123"', 'a1.send "123"', `c1.${peek}`, `a1.${peek}`],
    'c1.recv a1.recv',
  ],
  [
    'a peer that only one end has half-closed',
    'single',
    [...pair, ...served('c2', 'a2'), 'c1.shutdown SHUT_WR', 'a2.recv 10', 'c1.recv 10'],
    'a2.recv c1.recv',
  ],
  [
    'a send in the queue of a thread that no new call gets, until what that one is in ends',
    'per-socket',
    [
      ...[...datagrams('c9', 'u1', 7000), 'u1.settimeout 1h', 'u1.recv 1', 'u1.send "x"', 'u1.settimeout 2h'],
      ...['udp-server=single', 'c9.recv 1', 'u1.recv 1'],
    ],
    'u1.recv c9.recv u1.recv until u1.recv timeout 3600000',
  ],
  [
    'a receive in such a queue',
    'per-socket',
    [
      ...[...pair, `c1.sendall ${much}`, 'c1.recv 10', 'client=single', 'tcp-server=single'],
      ...[`a1.sendall ${much}`, `c1.sendall ${much}`],
    ],
    'c1.sendall a1.sendall c1.sendall',
  ],
  [
    'but not who waits for a cycle or for somebody who may act',
    'per-socket',
    [
      ...[...pair, ...datagrams('c7', 'c8', 7000), `c1.sendall ${much}`, 'c1.recv 10', `a1.sendall ${much}`],
      ...['client=single', 'tcp-server=single', 'c7.recv 10'],
    ],
    'c7.recv',
  ],
  [
    'a peek in such a queue, which would make no room',
    'per-socket',
    [
      ...[...pair, `c1.sendall ${much}`, `c1.${peek}`, 'client=single', 'tcp-server=single'],
      ...[`a1.sendall ${much}`, `c1.sendall ${much}`],
    ],
    'a1.sendall c1.sendall < c1.sendall',
  ],
];

const free: readonly Free[] = [
  ['an accept may end at any time', 'single', [...pair, 's1.accept', 'c1.recv 10']],
  [
    'a recvfrom that takes from anybody',
    'single',
    [...pair, 'a1.recv 10', 'c8 = socket AF_INET SOCK_DGRAM', 'c8.bind 127.0.0.1:7000', 'c8.recvfrom 10'],
  ],
  [
    'a send in the queue of a thread that no new call gets, which may go on',
    'single',
    [...pair, 's1.accept', 'a1.send "x"', 'tcp-server=per-socket', 'a1.recv 10', 'c1.recv 10'],
  ],
  ['an end in CLOSE-WAIT whose writer may send', 'duplex', [...pair, 'c1.shutdown SHUT_WR', 'c1.recv 10']],
  ['the end is on its way', 'single', [...pair, 'c1.recv 10', 'a1.shutdown SHUT_WR', 'a1.recv 10']],
  ['so is a reset', 'single', [...pair, ...served('c2', 'a2'), 'c1.recv 10', 'a1.reset', 'a2.recv 10']],
  ['a peek at what is there', 'single', [...pair, 'a1.send "1234567890"', 'a1.recv 10', `c1.${peek}`]],
  [
    'MSG_WAITALL where a timeout makes it return what is there',
    'single',
    [...pair, 'c1.settimeout 1h', 'a1.send "1"', 'a1.recv 10', 'c1.recv 10 MSG_WAITALL'],
  ],
];

describe('calls that nobody at the bench can end are stuck', () => {
  test.each([...stuck])('%s', async (_, policy, lines, deadlock) => {
    expect(await found(policy, lines)).toEqual([deadlock]);
  });
});

describe('calls that somebody may end are not', () => {
  test.each([...free])('%s', async (_, policy, lines) => {
    expect(await found(policy, lines)).toEqual([]);
  });
});

test('what waits for a cycle is said behind it, and what ends it is said once', async () => {
  const lines = [...listener, ...served('c1', 'a1'), ...served('c2', 'a2'), 'client=per-socket'];
  const { bench } = await played('single', [
    ...lines,
    'c1.recv 10',
    'c2.settimeout 1h',
    'c2.recv 10',
    'a2.recv 10',
  ]);
  const [deadlock] = deadlocksOf(bench.state());
  const at = (deadlock!.end!.at / 1000).toFixed(1);
  expect(sentenceOf(deadlockFinding(bench.state(), deadlock!))).toBe(
    `DEADLOCK until ${at}s (c2 timeout): c2.recv waits for a2 to send, a2.recv waits for c2 to send; ` +
      'queued: c2 to a2 0 bytes, a2 to c2 0 bytes; ' +
      `broken by the timeout of c2 at ${at}s, a cancel (x) of c2.recv or a2.recv, ` +
      'or a send on a2 or c2 by a thread of its own (P); c1.recv waits for it too',
  );
});

describe('of whatever waits, threads of processes by their names too', () => {
  const rule = (ways: Readonly<Record<string, readonly string[]>>) => {
    const { cycles, behind, through } = stuckOf(new Map(Object.entries(ways)));
    return { cycles, behind: [...behind], through: [...through] };
  };

  test('a wait for any of several ends with one that goes on', () => {
    expect(rule({ 'p1.7': ['p2.8', 'p3.9'], 'p2.8': ['p1.7'], 'p3.9': [] })).toEqual({
      cycles: [],
      behind: [],
      through: [
        ['p1.7', 'p3.9'],
        ['p2.8', 'p1.7'],
      ],
    });
  });

  test('all of them stuck: one cycle, the oldest first, and who only waits for it', () => {
    expect(rule({ z: ['y'], y: ['x', 'z'], x: ['z'], w: ['y'] })).toEqual({
      cycles: [['z', 'y', 'x']],
      behind: [['w', ['z', 'y', 'x']]],
      through: [['w', 'y']],
    });
  });

  test('who is not among those that wait is free', () => {
    expect(rule({ a: ['b'], b: ['a', 'nobody looked at'] }).cycles).toEqual([]);
  });
});
