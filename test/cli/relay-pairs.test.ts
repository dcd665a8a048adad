import { describe, expect, it } from 'vitest';
import { createPairs } from '../../source/cli/pipe/relay-pairs.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { idleTime } from '../../source/core/model/relay-limits.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

/** A simulated machine, and what the pairs of a relay on it say. */
const bare = (to: string) => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false } });
  const said: string[] = [];
  let stopped = false;
  const pairs = createPairs(to, () => stopped);
  bench.record({
    take: entries => void said.push(...pairs.take(entries)),
    hasRoom: () => true,
    onRoom: () => {},
  });
  const play = (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  const target = parseRelayTarget(to);
  if (!target.ok) throw new Error(target.message);
  const relay = (socket: string) => {
    bench.setRelay(socket, target.value);
    machine.settle();
    bench.flush();
  };
  const lines = () => said.map(line => line.replace(/^127\.0\.0\.1:\d+/, 'CLIENT').replace(/ in .*?\/s/, ''));
  const stop = () => {
    stopped = true;
  };
  return { machine, bench, play, pairs, relay, lines, stop };
};

/** A relay of connections, to a target that listens. */
const setUp = (targetListens = true) => {
  const set = bare('127.0.0.1:6379');
  const { play, relay } = set;
  if (targetListens) play('s2 = socket', 's2.bind 127.0.0.1:6379', 's2.listen 5');
  play('s1 = socket', 's1.bind 127.0.0.1:9000');
  relay('s1');
  play('s1.listen 5', 'c9 = socket', 'c9.connect 127.0.0.1:9000');
  return set;
};

describe('the lines of a relay', () => {
  it('count what went each way, and say that both sides are done', () => {
    const { play, lines, pairs } = setUp();
    play('a2 = s2.accept', 'c9.sendall "hello"', 'a2.recv 100', 'a2.sendall "yes"', 'c9.recv 100');
    expect(lines()).toEqual([]);
    expect(pairs.open()).toHaveLength(2);
    play('c9.shutdown SHUT_WR', 'a2.recv 100', 'a2.close', 'c9.recv 100');
    expect(lines()).toEqual(['CLIENT to 127.0.0.1:6379: 5 bytes there, 3 bytes back: both sides are done']);
    expect(pairs.open()).toEqual([]);
    expect(pairs.relayed()).toEqual({ connections: 1, there: 5, back: 3 });
  });

  it('name the side that failed, and the call', () => {
    const { play, lines } = setUp();
    play('a2 = s2.accept', 'c9.reset');
    expect(lines()).toEqual([
      expect.stringMatching(/^CLIENT to .*: the client: the peer reset .* \(recv ECONNRESET\)$/),
    ]);
  });

  it('say why no target was reached', () => {
    const { lines } = setUp(false);
    expect(lines()).toEqual([
      expect.stringMatching(/: 0 bytes there, 0 bytes back: the target: nobody .* \(connect ECONNREFUSED\)$/),
    ]);
  });

  it('tell a connection that a signal has ended from one that is done', () => {
    const { play, lines, stop, pairs } = setUp();
    play('a2 = s2.accept');
    stop();
    play(...pairs.open().map(name => `${name}.reset`));
    expect(lines()).toEqual([expect.stringMatching(/: 0 bytes there, 0 bytes back: stopped by a signal$/)]);
  });
});

describe('the lines of a relay of datagrams', () => {
  /** u1 relays to u2, and c8 and c9 send. */
  const relaying = () => {
    const set = bare('udp://127.0.0.1:53');
    const at = (name: string, port: number) => [
      `${name} = socket AF_INET SOCK_DGRAM`,
      `${name}.bind 127.0.0.1:${port}`,
    ];
    set.play(...at('u2', 53), ...at('u1', 5353), ...at('c8', 7008), ...at('c9', 7009));
    set.relay('u1');
    return set;
  };

  it('say of each sender what went each way, once it is silent', async () => {
    const { play, lines, machine, bench, pairs } = relaying();
    play('c8.sendto "hello" 127.0.0.1:5353', 'c9.sendto "hi" 127.0.0.1:5353');
    expect([lines(), pairs.open()]).toEqual([[], ['c10', 'c11']]);
    await machine.run(idleTime);
    bench.flush();
    expect(lines()).toEqual([
      'CLIENT to udp://127.0.0.1:53: 5 bytes there, 0 bytes back: its sender was silent for 120 s',
      'CLIENT to udp://127.0.0.1:53: 2 bytes there, 0 bytes back: its sender was silent for 120 s',
    ]);
    expect(pairs.relayed()).toEqual({ connections: 2, there: 7, back: 0 });
  });

  it('say at once, and once, that nobody takes datagrams there', () => {
    const { play, lines } = relaying();
    play('u2.close', 'c8.sendto "a" 127.0.0.1:5353', 'c8.sendto "b" 127.0.0.1:5353');
    expect(lines()).toEqual([expect.stringMatching(/^CLIENT to udp:.*: the target: .*ECONNREFUSED\)$/)]);
  });

  it('tell a sender that gave way from one that was silent', () => {
    const { play, lines } = relaying();
    play('c8.sendto "hello" 127.0.0.1:5353', 'c10.close');
    expect(lines()).toEqual([
      expect.stringMatching(/5 bytes there, 0 bytes back: it gave way to another sender$/),
    ]);
  });
});
