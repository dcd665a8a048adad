import { describe, expect, it } from 'vitest';
import { createPairs } from '../../source/cli/pipe/relay-pairs.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

/** A relay of a simulated machine, to a target that listens, and what its pairs say. */
const setUp = (targetListens = true) => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false } });
  const said: string[] = [];
  let stopped = false;
  const pairs = createPairs('127.0.0.1:6379', () => stopped);
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
  if (targetListens) play('s2 = socket', 's2.bind 127.0.0.1:6379', 's2.listen 5');
  play('s1 = socket', 's1.bind 127.0.0.1:9000');
  const target = parseRelayTarget('127.0.0.1:6379');
  if (!target.ok) throw new Error(target.message);
  bench.setRelay('s1', target.value);
  play('s1.listen 5', 'c9 = socket', 'c9.connect 127.0.0.1:9000');
  const lines = () => said.map(line => line.replace(/^127\.0\.0\.1:\d+/, 'CLIENT').replace(/ in .*?\/s/, ''));
  const stop = () => {
    stopped = true;
  };
  return { bench, play, pairs, lines, stop };
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
