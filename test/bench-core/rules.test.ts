import { describe, expect, it } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { BenchOptions } from '../../source/bench/engine/bench-options.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { parseRuleText } from '../../source/core/language/rule-text.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const setUp = (options: Partial<BenchOptions> = {}) => {
  const machine = createMachine();
  const bench = machine.bench(options);
  const play = (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  const rule = (socket: string, text: string) => {
    const read = parseRuleText(text);
    if (!read.ok) throw new Error(read.message);
    const number = bench.addRule(socket, read.value);
    machine.settle();
    bench.flush();
    return number;
  };
  return { machine, bench, play, rule };
};

const listening = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5'];
const connected = [...listening, 'c1 = socket', 'c1.connect 127.0.0.1:9000'];

/** What a socket received, as text. */
const received = (bench: Bench, socket: string): string =>
  bench.journal
    .slice(1, bench.journal.last())
    .map(entry =>
      entry.kind === 'ended' && entry.call.on === socket && entry.outcome.kind === 'data'
        ? new TextDecoder().decode(entry.outcome.data)
        : '',
    )
    .join('');

const inFlight = (bench: Bench) =>
  [...bench.state().calls.values()].map(({ call }) => `${call.on}.${call.name}`).sort();

describe('a socket answers by its rules', () => {
  it('echoes on every connection of a listener, also on one that was there before', () => {
    const { bench, play, rule } = setUp();
    play(...connected);
    rule('s1', 'accept echo');
    play('c2 = socket', 'c2.connect 127.0.0.1:9000', 'c1.send "one"', 'c2.send "two"');
    expect([received(bench, 'c1'), received(bench, 'c2')]).toEqual(['one', 'two']);
  });

  it('answers each request of a stream, however it is cut, and says by which rule', () => {
    const { bench, play, rule } = setUp();
    play(...connected);
    rule('a1', 'recv "PING" send "PONG\\r\\n"');
    rule('a1', 'recv /GET (\\S+)\\n/ send "<$1>"');
    play('c1.send "GET /a\\nGE"', 'c1.send "T /b"', 'c1.send "\\n"', 'c1.send "PING"');
    expect(received(bench, 'c1')).toBe('</a></b>PONG\r\n');
    const said = bench.journal
      .slice(1, bench.journal.last())
      .filter(entry => entry.kind === 'ended' && entry.call.name === 'sendall')
      .map(entry => entryText(entry).replace(/ = .*>/, ''));
    expect(said).toEqual([
      'a1.sendall "</a>" by rule 2',
      'a1.sendall "</b>" by rule 2',
      'a1.sendall "PONG\\r\\n" by rule 1',
    ]);
  });

  it('answers where no loop is on, and then nothing more is received by itself once the rule is off', () => {
    const { bench, play, rule } = setUp({ loops: { accept: false, receive: false } });
    play(...connected, 'a1 = s1.accept');
    const echo = rule('a1', 'recv echo');
    play('c1.send "x"', 'c1.recv 9');
    expect([received(bench, 'c1'), inFlight(bench)]).toEqual(['x', ['a1.recv']]);
    expect(bench.setRule(echo, 'off')).toBe(true);
    bench.flush();
    expect(inFlight(bench)).toEqual([]);
    expect(bench.setRule(7, 'off')).toBe(false);
  });

  it('greets a connection, and receives only where that is asked for', () => {
    const { bench, play, rule } = setUp({ loops: { accept: false, receive: false } });
    play(...listening);
    rule('s1', 'accept send "220 ready\\r\\n"');
    play('c1 = socket', 'c1.connect 127.0.0.1:9000', 'a1 = s1.accept', 'c1.recv 20');
    expect([received(bench, 'c1'), inFlight(bench)]).toEqual(['220 ready\r\n', []]);
  });

  it('does one after the other, and closes', () => {
    const { bench, play, rule } = setUp();
    play(...connected);
    rule('s1', 'recv "QUIT" send "bye" then close');
    play('c1.send "QUIT"');
    expect([received(bench, 'c1'), bench.state().sockets.get('a1')?.closed]).toEqual(['bye', true]);
  });

  it('waits before it answers: told as a wait of who waits, and the thread is free meanwhile', async () => {
    const { machine, bench, play, rule } = setUp({ loops: { accept: true, receive: false } });
    play(...connected);
    rule('a1', 'recv "x" send "y" after 200ms');
    play('c1.send "x"', 'c1.recv 9');
    const call = [...bench.state().calls.values()].find(({ call }) => call.on === 'c1')!;
    expect(waitsFor(bench.state(), call, null)).toMatch(/a1 to send after .*, by rule 1/);
    await machine.run(200);
    bench.flush();
    expect(received(bench, 'c1')).toBe('y');
    expect(bench.state().sockets.get('a1')?.again).toBeUndefined();
  });

  it('answers a datagram to whom it came from', () => {
    const { bench, play, rule } = setUp();
    play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:5000');
    rule('u1', 'recv starts "who" send "u1"');
    play('c1 = socket AF_INET SOCK_DGRAM', 'c1.bind 127.0.0.1:5001');
    play('c1.sendto "who?" 127.0.0.1:5000', 'c1.sendto "what" 127.0.0.1:5000');
    expect(received(bench, 'c1')).toBe('u1');
  });

  it('its rules end with the socket, and a replay of the journal has the same', () => {
    const { bench, play, rule } = setUp();
    play(...connected);
    rule('s1', 'accept echo');
    rule('a1', 'recv "x" close');
    const before = bench.state().rules;
    expect(fold(initialState(), structuredClone(bench.journal.slice(1, bench.journal.last()))).rules).toEqual(
      before,
    );
    play('c1.send "x"');
    expect(bench.state().rules.map(({ socket }) => socket)).toEqual(['s1']);
  });

  it('says once that the oldest of what no rule fits is let go', () => {
    const { bench, play, rule } = setUp();
    play(...connected);
    rule('a1', 'recv contains "x" echo');
    for (let round = 0; round < 4; round++) play('c1.send 48KiB of "-"');
    const said = bench.journal
      .slice(1, bench.journal.last())
      .filter(entry => entry.kind === 'ended' && entry.afterwards?.kind === 'unanswered');
    expect(said).toHaveLength(1);
  });
});
