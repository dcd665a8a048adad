import { describe, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { conclude, diffFindings } from '../../source/core/fold/findings.ts';
import { isTold } from '../../source/core/model/entry.ts';
import {
  type Finding,
  type FindingName,
  findingCalls,
  findingUntil,
} from '../../source/core/model/finding.ts';
import { initialState } from '../../source/core/model/state.ts';
import { callOf, client, listener, much, pair, playing } from '../support/playing.ts';
import { sentenceOf } from '../support/words.ts';

const loops = { accept: false, receive: false };

const findings = (bench: Bench, name: FindingName): Finding[] =>
  [...bench.state().findings.values()].filter(finding => finding.name === name);

const labels = (bench: Bench, finding: Finding): string[] =>
  findingCalls(finding).map(id => {
    const { call } = bench.state().calls.get(id)!;
    return `${call.on}.${call.name}`;
  });

const idOf = (bench: Bench, label: string): number =>
  [...bench.state().calls.values()].find(({ call }) => `${call.on}.${call.name}` === label)!.id;

/** Entries that raised or cleared a deadlock, in order. */
const history = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'finding' ? [entry] : []))
    .filter(({ finding }) => finding.name === 'deadlock')
    .map(({ on, finding }) => `${on ? 'raised' : 'cleared'} ${finding.key}`);

test('a finding that only reads otherwise than before is told to a person once', async () => {
  const { bench, play } = playing('single');
  await play(...pair, 'c1.recv 10', 'a1.recv 10');
  const told = bench.journal
    .slice(1, bench.journal.last())
    .filter(entry => entry.kind === 'finding' && entry.finding.name === 'deadlock')
    .map(entry => isTold(entry));
  expect(told.length).toBeGreaterThan(1);
  expect(told.filter(Boolean)).toHaveLength(1);
});

describe('deadlock', () => {
  test.each(['single', 'per-socket'] as const)('both read, %s', async policy => {
    const { bench, play } = playing(policy);
    await play(...pair, 'c1.recv 10', 'a1.recv 10');
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.recv', 'a1.recv']);
    expect(finding?.sockets).toEqual(['c1', 'a1']);
    expect(sentenceOf(finding)).toBe(
      'DEADLOCK: c1.recv waits for a1 to send, a1.recv waits for c1 to send; ' +
        'queued: c1 to a1 0 bytes, a1 to c1 0 bytes; ' +
        'broken by a cancel (x) of c1.recv or a1.recv, or a send on a1 or c1 by a thread of its own (P)',
    );
  });

  test.each(['single', 'per-socket'] as const)('both write, %s', async policy => {
    const { bench, play } = playing(policy);
    await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`);
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.sendall', 'a1.sendall']);
    expect(sentenceOf(finding)).toBe(
      'DEADLOCK: c1.sendall waits for a1 to recv, a1.sendall waits for c1 to recv; ' +
        'queued: c1 to a1 64.0 KiB, a1 to c1 64.0 KiB; ' +
        'broken by a cancel (x) of c1.sendall or a1.sendall, or a recv on a1 or c1 by a thread of its own (P)',
    );
  });

  test('both write, where the system shows nothing of its sockets', async () => {
    const { bench, play } = playing('single', { blind: true });
    await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`);
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.sendall', 'a1.sendall']);
    expect(sentenceOf(finding)).not.toContain('queued');
  });

  test('under duplex there is none, whatever blocks', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`);
    expect(findings(bench, 'deadlock')).toEqual([]);
    await play('c1.recv 10', 'a1.recv 10');
    expect(findings(bench, 'deadlock')).toEqual([]);
  });

  test('is cleared when one of its calls is cancelled, and its queued calls run', async () => {
    const { machine, bench, play } = playing('single');
    await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`, 'c1.recv 64KiB');
    const key = findings(bench, 'deadlock')[0]?.key;
    bench.cancel(idOf(bench, 'c1.sendall'));
    await machine.quiesce(bench);
    expect(findings(bench, 'deadlock')).toEqual([]);
    expect(history(bench)).toEqual([`raised ${key}`, `cleared ${key}`]);
    expect(bench.state().sockets.get('c1')?.received).toBe(32 * 1024);
  });

  test('until a deadline is named with its socket, and ends with it', async () => {
    const { machine, bench, play } = playing('single');
    await play(...pair, 'c1.settimeout 5s', 'a1.settimeout 9s');
    const began = bench.now();
    await play('c1.recv 10', 'a1.recv 10');
    const [finding] = findings(bench, 'deadlock');
    expect(findingUntil(finding!)).toBe(began + 5000);
    const at = ((began + 5000) / 1000).toFixed(1);
    expect(sentenceOf(finding)).toContain(
      `DEADLOCK until ${at}s (c1 timeout): c1.recv waits for a1 to send, a1.recv waits for c1 to send;`,
    );
    expect(sentenceOf(finding)).toContain(`broken by the timeout of c1 at ${at}s, a cancel (x) of`);
    await machine.run(5000);
    bench.flush();
    expect(findings(bench, 'deadlock')).toEqual([]);
  });

  test('echo: the client sends everything before it reads, the server answers piece by piece', async () => {
    const { machine, bench, play } = playing('single');
    await play(...pair);
    bench.perform(callOf(`c1.sendall ${much}`));
    for (let sent = 0; findings(bench, 'deadlock').length === 0; sent++) {
      expect(sent).toBeLessThan(20);
      await play('a1.recv 8KiB', 'a1.sendall 8KiB of "y"');
    }
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.sendall', 'a1.sendall']);

    bench.cancel(findingCalls(finding!)[0]!);
    await play('c1.recv 64KiB');
    await machine.quiesce(bench);
    expect(findings(bench, 'deadlock')).toEqual([]);
  });

  test('three-way, through servers that have one thread each', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:7001');
    await play('s2 = socket AF_INET SOCK_DGRAM', 's2.bind 127.0.0.1:7002', 's2.connect 127.0.0.1:7001');
    await play('u1.connect 127.0.0.1:7002', 'u2 = socket AF_INET SOCK_DGRAM', 'u2.bind 127.0.0.1:7003');
    await play('c2 = socket AF_INET SOCK_DGRAM', 'c2.bind 127.0.0.1:7004', 'c2.connect 127.0.0.1:7003');
    await play('u2.connect 127.0.0.1:7004', 'c1.recv 10', 's2.recv 10', 'u2.recv 10');
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.recv', 's2.recv', 'u2.recv']);
    expect(sentenceOf(finding)).toContain(
      'c1.recv waits for a1 to send, s2.recv waits for u1 to send, u2.recv waits for c2 to send',
    );
  });

  test('two clients of a server with one thread: who is behind the cycle is not in it', async () => {
    const { bench, play } = playing('single');
    bench.setPolicy('client', 'per-socket');
    await play(...listener, ...client('c1'), 'a1 = s1.accept', ...client('c2'), 'a2 = s1.accept');
    await play('c2.recv 10', 'c1.recv 10', 'a1.recv 10');
    const found = findings(bench, 'deadlock');
    expect(found.map(finding => labels(bench, finding))).toEqual([['c1.recv', 'a1.recv']]);
  });

  test('a connect while the backlog is full and the one thread that accepts serves its program', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'a1.recv 10', ...client('c2'), ...client('c3'));
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['a1.recv', 'c3.connect']);
    expect(sentenceOf(finding)).toContain('a1.recv waits for c1 to send, c3.connect waits for s1 to accept');
    expect(sentenceOf(finding)).toContain('or a send on c1, or an accept on s1 by a thread of its own (P)');
  });

  test('one thread at both ends waits for itself', async () => {
    const { bench, play } = playing('single');
    await play('c1 = socket AF_INET SOCK_DGRAM', 'c1.bind 127.0.0.1:7001');
    await play('c2 = socket AF_INET SOCK_DGRAM', 'c2.bind 127.0.0.1:7002', 'c2.connect 127.0.0.1:7001');
    await play('c1.connect 127.0.0.1:7002', 'c1.recv 10');
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!)).toEqual(['c1.recv']);
    expect(sentenceOf(finding)).toContain('c1.recv waits for c2 to send');
  });

  test('receive loops of single-threaded programs are one, and say so', async () => {
    const { bench, play } = playing('single');
    bench.setLoop('client', 'receive', true);
    bench.setLoop('tcp-server', 'receive', true);
    await play(...pair);
    const [finding] = findings(bench, 'deadlock');
    expect(labels(bench, finding!).sort()).toEqual(['a1.recv', 'c1.recv']);
    expect(sentenceOf(finding)).toContain('c1.recv (its loop off)');
  });

  test('nothing across a foreign peer is one', async () => {
    const { machine, bench, play } = playing('single');
    const stranger = machine.bench({ policy: 'single', loops });
    await play(...listener);
    for (const line of [...client('c1'), 'c1.recv 10']) stranger.perform(callOf(line));
    await play('a1 = s1.accept', ...client('c2'), 'a1.recv 10', 'c2.recv 10');
    expect(findings(bench, 'deadlock')).toEqual([]);
  });
});

/** A map that counts how often it is asked or walked, an item at a time. */
const counting = <K, V>(map: ReadonlyMap<K, V>, count: () => void): ReadonlyMap<K, V> => {
  const counted = new Map(map);
  const { get, values, entries } = counted;
  const each = function* <T>(items: Iterable<T>) {
    for (const item of items) {
      count();
      yield item;
    }
  };
  counted.get = key => {
    count();
    return get.call(counted, key);
  };
  Object.assign(counted, {
    values: () => each(values.call(counted)),
    entries: () => each(entries.call(counted)),
    [Symbol.iterator]: () => each(entries.call(counted)),
  });
  return counted;
};

test.each([50, 500])('%d blocked connections cost a few looks at the state each', async connections => {
  const { machine, bench } = playing('duplex');
  for (const line of ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 600']) bench.perform(callOf(line));
  for (let i = 1; i <= connections; i++) {
    for (const line of [...client(`c${i}`), `a${i} = s1.accept`, `c${i}.recv 10`, `a${i}.recv 10`]) {
      bench.perform(callOf(line));
    }
  }
  await machine.quiesce(bench);
  expect(bench.state().calls.size).toBe(2 * connections);
  let looks = 0;
  const count = () => looks++;
  const { sockets, calls, files, pairs, ...rest } = bench.state();
  const counted = {
    sockets: counting(sockets, count),
    calls: counting(calls, count),
    files: counting(files, count),
    pairs: counting(pairs, count),
  };
  expect(conclude({ ...rest, ...counted })).toEqual([]);
  expect(looks / connections).toBeLessThan(30);
});

describe('other findings', () => {
  test('a full backlog is raised and cleared', async () => {
    const { bench, play } = playing('per-socket');
    await play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 2');
    await play(...client('c1'), ...client('c2'));
    expect(findings(bench, 'backlog-full')).toEqual([]);
    await play(...client('c3'));
    expect(findings(bench, 'backlog-full')).toMatchObject([
      {
        key: 'backlog-full s1',
        sockets: ['s1'],
        waiting: 3,
        backlog: 2,
      },
    ]);
    expect(findings(bench, 'backlog-full').map(sentenceOf)).toEqual([
      "s1's accept queue is full: 3 waiting, room for 3 (listen 2; Linux keeps one more); the next connect blocks",
    ]);
    await play('a1 = s1.accept');
    expect(findings(bench, 'backlog-full')).toEqual([]);
  });

  test('a zero window names who has no room', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, `c1.sendall ${much}`);
    expect(findings(bench, 'zero-window')).toMatchObject([
      { key: 'zero-window c1', twin: 'a1', bytes: 32 * 1024 },
    ]);
    expect(findings(bench, 'zero-window').map(sentenceOf)).toEqual([
      "zero window: a1 has no room to receive; 32.0 KiB wait in c1's send queue",
    ]);
  });

  test('lost datagrams are counted', async () => {
    const { bench, play } = playing('duplex');
    await play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9000', 'c1 = socket AF_INET SOCK_DGRAM');
    const datagram = 'c1.sendto 16KiB of "x" 127.0.0.1:9000';
    await play(datagram, datagram);
    expect(findings(bench, 'datagrams-lost').map(sentenceOf)).toEqual([
      'u1 lost 1 datagram: its receive buffer was full',
    ]);
    await play(datagram);
    expect(findings(bench, 'datagrams-lost').map(sentenceOf)).toEqual([
      'u1 lost 2 datagrams: its receive buffer was full',
    ]);
  });

  test('bound to every interface: a server, not what a client got by itself', async () => {
    const { bench, play } = playing('duplex');
    await play('s1 = socket', 's1.bind 0.0.0.0:9000', 's1.listen 1', 'c1 = socket AF_INET SOCK_DGRAM');
    await play('c1.sendto "x" 127.0.0.1:9000');
    expect(findings(bench, 'every-interface').map(sentenceOf)).toEqual([
      's1 is bound to every interface (0.0.0.0): other machines can reach port 9000',
    ]);
    await play('s1.close');
    expect(findings(bench, 'every-interface')).toEqual([]);
  });

  test('nothing open, nothing concluded', () => expect(conclude(initialState())).toEqual([]));

  test('numbers that move raise it again, but for a zero window, whose move with every probe', () => {
    const lost = (count: number): Finding => ({
      name: 'datagrams-lost',
      key: 'd',
      sockets: ['u1'],
      count,
    });
    const closed = (bytes: number): Finding => ({
      name: 'zero-window',
      key: 'z',
      sockets: ['c1'],
      twin: 'a1',
      bytes,
    });
    const before = new Map([lost(1), closed(1)].map(finding => [finding.key, finding]));
    expect(diffFindings(before, [lost(1), closed(1)])).toEqual({ raised: [], cleared: [] });
    const after = [lost(2), closed(2)];
    expect(diffFindings(before, after)).toEqual({ raised: [after[0]], cleared: [] });
  });

  test('what has another source is not cleared', () => {
    const other: Finding = { name: 'recording', key: 'r', sockets: [], begun: true, trouble: '' };
    expect(diffFindings(new Map([['r', other]]), [])).toEqual({ raised: [], cleared: [] });
  });
});
