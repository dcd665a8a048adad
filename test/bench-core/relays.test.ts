import { describe, expect, it } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { BenchOptions } from '../../source/bench/engine/bench-options.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { relayLine } from '../../source/commands/sockets/relay-line.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { findingSentence } from '../../source/core/words/finding-words.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const setUp = (options: Partial<BenchOptions> = {}) => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false }, ...options });
  const play = (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  const relay = (socket: string, text: string): string | null => {
    const target = parseRelayTarget(text);
    if (!target.ok) throw new Error(target.message);
    const trouble = relayLine(bench, { socket, target: target.value });
    machine.settle();
    bench.flush();
    return trouble;
  };
  return { machine, bench, play, relay };
};

/** s2 is the target: what it accepts is a server's by hand. s1 is the relay. */
const listening = ['s2 = socket', 's2.bind 127.0.0.1:6379', 's2.listen 5'];
const relaying = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5'];

/** A client's c9, the relay's a1 and c10, and the server's a2. */
const connected = ({ play, relay }: ReturnType<typeof setUp>) => {
  play(...listening, ...relaying);
  expect(relay('s1', '127.0.0.1:6379')).toBe(null);
  play('c9 = socket', 'c9.connect 127.0.0.1:9000', 'a2 = s2.accept');
};

const log = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .filter(entry => entry.kind === 'ended' || entry.kind === 'relay')
    .map(entry => entryText(entry).replace(/ <[\d.]+>/, ''));

const inFlight = (bench: Bench) =>
  [...bench.state().calls.values()].map(({ call }) => `${call.on}.${call.name}`).sort();

describe('a relay', () => {
  it('accepts, connects, and passes on both ways, by calls that the log has', () => {
    const set = setUp();
    connected(set);
    const { bench, play } = set;
    play('c9.send "GET"', 'a2.recv 9', 'a2.send "200"', 'c9.recv 9');
    const { sockets } = bench.state();
    expect(sockets.get('c10')).toMatchObject({ actor: 'tcp-server', mate: 'a1', sent: 3, received: 3 });
    expect(sockets.get('a1')).toMatchObject({ actor: 'tcp-server', mate: 'c10', sent: 3, received: 3 });
    expect(log(bench).slice(-8)).toEqual([
      'c9.send "GET" = 3',
      '<... a1.recv resumed> = "GET"',
      'c10.sendall "GET" = ok',
      'a2.recv 9 = "GET"',
      'a2.send "200" = 3',
      '<... c10.recv resumed> = "200"',
      'a1.sendall "200" = ok',
      'c9.recv 9 = "200"',
    ]);
    expect(inFlight(bench)).toEqual(['a1.recv', 'c10.recv', 's1.accept']);
  });

  it('carries a half-close on, then the other one, and closes both ends', () => {
    const set = setUp();
    connected(set);
    const { bench, play } = set;
    play('c9.shutdown SHUT_WR', 'a2.recv 9', 'a2.send "late"', 'c9.recv 9');
    expect(bench.state().sockets.get('c9')).toMatchObject({ received: 4 });
    expect(bench.state().sockets.get('c10')).toMatchObject({ shut: true, closed: false });
    play('a2.close', 'c9.recv 9');
    expect(bench.state().sockets.get('c9')).toMatchObject({ eof: true });
    expect(
      [...bench.state().sockets.values()].filter(({ closed }) => !closed).map(({ name }) => name),
    ).toEqual(['s2', 's1', 'c9']);
  });

  it.each([
    ['c9', 'a2'],
    ['a2', 'c9'],
  ])('carries the reset of %s on to %s', (from, to) => {
    const set = setUp();
    connected(set);
    const { bench, play } = set;
    play(`${from}.reset`, `${to}.recv 9`);
    expect(bench.state().sockets.get(to)).toMatchObject({ condition: 'RESET' });
    expect(log(bench).at(-1)).toContain('ECONNRESET');
  });

  it('resets its client where nobody listens, and the log says why', () => {
    const { bench, play, relay } = setUp();
    play(...relaying);
    relay('s1', '127.0.0.1:6379');
    play('c9 = socket', 'c9.connect 127.0.0.1:9000', 'c9.recv 9');
    expect(log(bench).find(line => line.includes('ECONNREFUSED'))).toMatch(
      /c10.connect 127.0.0.1:6379 = .*; a1 is reset: its relay reaches no target$/,
    );
    expect(bench.state().sockets.get('c9')?.condition).toBe('RESET');
  });

  it('is one row under the other: who is whose mate stands in the journal, and a replay has the same', () => {
    const set = setUp();
    connected(set);
    const { bench, play } = set;
    play('c9.send "x"');
    const entries = bench.journal.slice(1, bench.journal.last());
    const read = entries.map(entry => decodeEntry(encodeEntry(entry)));
    const again = fold(initialState('duplex', { accept: false, receive: false }), read).sockets;
    expect([...again.values()].map(({ name, actor, mate, relay }) => [name, actor, mate, relay])).toEqual(
      [...bench.state().sockets.values()].map(({ name, actor, mate, relay }) => [name, actor, mate, relay]),
    );
    expect(again.get('c10')?.mate).toBe('a1');
    expect(again.get('s1')?.relay).toEqual(bench.state().sockets.get('s1')?.relay);
  });

  it('a slow reader is felt at the other end, and both legs say for whom they wait', async () => {
    const set = setUp();
    connected(set);
    const { machine, bench, play } = set;
    play('c9.sendall 1MiB of "x"');
    await machine.quiesce(bench);
    const flight = (title: string) =>
      [...bench.state().calls.values()].find(({ call }) => `${call.on}.${call.name}` === title)!;
    expect(inFlight(bench)).toEqual(['c10.recv', 'c10.sendall', 'c9.sendall', 's1.accept']);
    const words = (title: string) => waitsFor(bench.state(), flight(title), null);
    expect([words('c9.sendall'), words('c10.sendall')]).toEqual(['a1 to recv', 'a2 to recv']);
    const zero = [...bench.state().findings.values()].filter(({ name }) => name === 'zero-window');
    expect(zero.map(finding => findingSentence(finding, null))).toEqual([
      expect.stringContaining('a1 has no room to receive, and its relay none to send on c10;'),
      expect.stringContaining('a2 has no room to receive;'),
    ]);
    play('a2.recv 1MiB MSG_WAITALL');
    await machine.quiesce(bench);
    expect(bench.state().sockets.get('a2')?.received).toBe(1 << 20);
  });

  it('a deadlock through it is one', async () => {
    const set = setUp();
    connected(set);
    const { machine, bench, play } = set;
    bench.setPolicy('client', 'per-socket');
    bench.setPolicy('tcp-server', 'per-socket');
    play('c9.recv 9', 'a2.recv 9');
    await machine.quiesce(bench);
    const found = [...bench.state().findings.values()].find(({ name }) => name === 'deadlock');
    expect(found && findingSentence(found, null)).toMatch(
      /^DEADLOCK: c10\.recv waits for a2 to send, a2\.recv waits for c10 to send, a1\.recv waits for c9 to send, c9\.recv waits for a1 to send/,
    );
  });

  it('is refused onto itself, for what does not listen, and where there is none', () => {
    const { play, relay, bench } = setUp();
    play(...relaying, 'c9 = socket');
    expect(relay('s1', 'localhost:9000')).toBe(
      'a relay from 127.0.0.1:9000 to localhost:9000 would lead back to itself',
    );
    expect(relay('c9', '127.0.0.1:1')).toBe('c9 does not listen: c9.listen comes before');
    expect(relay('s7', '127.0.0.1:1')).toBe('s7 is not open: a relay needs a socket that listens');
    expect(relayLine(bench, { socket: 's1', target: null })).toBe('s1 is no relay');
  });

  it('ended, it accepts no more, and what it had goes on', () => {
    const set = setUp();
    connected(set);
    const { bench, play } = set;
    expect(relayLine(bench, { socket: 's1', target: null })).toBe(null);
    play('c9.send "x"', 'a2.recv 9');
    expect(inFlight(bench)).toEqual(['a1.recv', 'c10.recv']);
    expect(bench.state().sockets.get('a2')?.received).toBe(1);
  });
});
