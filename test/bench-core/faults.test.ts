import { describe, expect, it } from 'vitest';
import { fold } from '../../source/core/fold/fold.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import {
  connected,
  datagrams,
  ended,
  entriesOf,
  received,
  setUp,
  told,
  waiting,
} from '../support/fault-bench.ts';

describe('the faults of a stream', () => {
  it('hold back what its rules answer, and the peer waits for that', async () => {
    const { bench, play, rule, fault, run } = setUp({ loops: { accept: true, receive: false } });
    play(...connected);
    rule('s1', 'recv echo');
    expect(fault('s1', 'delay 200ms')).toBeNull();
    play('c1.send "hi"', 'c1.recv 9');
    expect(received(bench, 'c1')).toEqual([]);
    expect(waiting(bench, 'c1.recv')).toMatch(/^a1 to send at .*, which a fault holds back until then$/);
    expect(told(bench, 'a1')).toEqual(['a1 fault: 2 bytes are held back until 0.200000 s']);
    await run(200);
    expect(received(bench, 'c1')).toEqual(['hi']);
    expect(bench.state().sockets.get('a1')).toMatchObject({ again: undefined, faulted: { held: 1 } });
  });

  it('delay what comes one by one, each as late: the program goes on meanwhile', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv echo');
    fault('a1', 'delay 100ms');
    play('c1.send "a"');
    await run(60);
    play('c1.send "b"');
    await run(40);
    expect(received(bench, 'c1')).toEqual(['a']);
    await run(60);
    expect(received(bench, 'c1')).toEqual(['a', 'b']);
  });

  it('of a program with one thread keep it from receiving meanwhile', async () => {
    const { bench, play, rule, fault, run } = setUp({
      policy: 'single',
      loops: { accept: false, receive: false },
    });
    play(...connected, 'a1 = s1.accept');
    rule('s1', 'recv echo');
    fault('s1', 'delay 100ms');
    play('c1.send "a"', 'c1.send "b"');
    expect([...bench.state().calls.values()].filter(({ call }) => call.on === 'a1')).toEqual([]);
    await run(100);
    play('c1.recv 9');
    expect(received(bench, 'c1')).toEqual(['a']);
    play('c1.recv 9');
    await run(100);
    expect(received(bench, 'c1')).toEqual(['a', 'b']);
  });

  it('split what is sent into calls that the peer receives one by one', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv send "hello"');
    fault('s1', 'split 2');
    play('c1.send "x"');
    await run(100);
    expect(received(bench, 'c1')).toEqual(['he', 'll', 'o']);
    expect(ended(bench, 'a1').flatMap(({ rule }) => rule ?? [])).toEqual([1, 1, 1]);
    expect(told(bench, 'a1')).toEqual(['a1 fault: 5 bytes sent in pieces']);
  });

  it('let so many bytes a second leave', async () => {
    const { machine, bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv echo');
    fault('s1', 'rate 1KiB/s');
    play('c1.send 2KiB of "x"');
    const began = machine.clock.now();
    const got = () => received(bench, 'c1').join('').length;
    await run(1000);
    expect(got()).toBeGreaterThanOrEqual(1024);
    expect(got()).toBeLessThanOrEqual(1024 + 52);
    await run(1000);
    expect(got()).toBe(2048);
    const last = ended(bench, 'a1').findLast(({ call }) => call.name === 'sendall')!;
    expect(last.t - began).toBeGreaterThan(1900);
  });

  it('merge what two rules answer', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv "x" send "one" then send "two"');
    fault('s1', 'merge 6');
    play('c1.send "x"');
    expect(received(bench, 'c1')).toEqual(['onetwo']);
    fault('s1', 'merge 1KiB');
    play('c1.send "x"');
    await run(199);
    expect(received(bench, 'c1')).toEqual(['onetwo']);
    await run(1);
    expect(received(bench, 'c1')).toEqual(['onetwo', 'onetwo']);
  });

  it('stall: nothing is received, the window closes, and all of it comes once that is over', async () => {
    const { bench, play, fault, run } = setUp({}, 1000);
    play(...connected, 'c1.send "before"');
    fault('a1', 'stall');
    play('c1.sendall 4000 of "x"');
    await run(1000);
    expect(received(bench, 'a1')).toEqual(['before']);
    expect(
      ended(bench, 'a1')
        .map(entry => entryText(entry))
        .at(-1),
    ).toMatch(/a1\.recv resumed> = INTERRUPTED .* by its fault$/);
    expect(waiting(bench, 'c1.sendall')).toBe('a1 to recv, which a fault stalls');
    expect(bench.state().sockets.get('c1')?.kernel?.timer).toBe('zero-window');
    fault('a1', 'off');
    await run(0);
    expect(received(bench, 'a1').join('').length).toBe(4006);
    expect(waiting(bench, 'c1.sendall')).toBe('nothing: it is over');
  });

  it('stall until the loop is turned off, which leaves nothing behind', () => {
    const { bench, play, fault } = setUp();
    play(...connected);
    fault('a1', 'stall');
    bench.setLoop('tcp-server', 'receive', false);
    fault('a1', 'off');
    play('c1.send "x"');
    expect(received(bench, 'a1')).toEqual([]);
  });

  it('reset the connection in the middle of an answer', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv send "hello"');
    fault('s1', 'reset after 3');
    play('c1.send "x"');
    await run(10);
    expect(bench.state().sockets.get('c1')?.condition).toBe('RESET');
    expect(told(bench, 'a1')).toEqual(['a1 fault: reset after 3 bytes', 'a1 fault: 2 bytes lost']);
  });

  it('half-close after what was received, to the byte', () => {
    const { bench, play, fault } = setUp();
    play(...connected);
    fault('a1', 'half-close after 3 received');
    play('c1.send "hello"');
    expect(received(bench, 'a1')).toEqual(['hel', 'lo']);
    expect(received(bench, 'c1')).toEqual(['']);
    expect(told(bench, 'a1')).toContain('a1 fault: half-closed after 3 bytes');
  });

  it('of a relay hold back what it passes on: who waits for that waits for a fault, and is in no deadlock', async () => {
    const { bench, play, relay, fault, run } = setUp({ loops: { accept: false, receive: false } });
    play('s2 = socket', 's2.bind 127.0.0.1:9001', 's2.listen 5', ...connected.slice(0, 3));
    relay('s1', '127.0.0.1:9001');
    fault('s1', 'delay 300ms');
    play(
      'c1 = socket',
      'c1.connect 127.0.0.1:9000',
      'a9 = s2.accept',
      'a9.send "hi"',
      'c1.recv 9',
      'a9.recv 9',
    );
    await run(200);
    expect(waiting(bench, 'c1.recv')).toMatch(/^a1 to send at .*, which a fault holds back until then$/);
    expect([...bench.state().findings.values()]).toEqual([]);
    await run(100);
    expect(received(bench, 'c1')).toEqual(['hi']);
  });

  it('leave a person alone', () => {
    const { bench, play, fault } = setUp();
    play(...connected);
    fault('a1', 'delay 1s split 1 reset after 1');
    play('a1.send "hello"');
    expect(received(bench, 'c1')).toEqual(['hello']);
  });

  it('end with what was held, where a person closes or turns them off', async () => {
    const { bench, play, rule, fault } = setUp();
    play(...connected, 'c2 = socket', 'c2.connect 127.0.0.1:9000');
    rule('s1', 'recv echo');
    fault('s1', 'delay 1s');
    play('c1.send "one"', 'c2.send "two"', 'a1.close');
    expect(told(bench, 'a1').at(-1)).toBe('a1 fault: 3 bytes lost');
    fault('a2', 'off');
    expect([received(bench, 'c1'), received(bench, 'c2')]).toEqual([[''], ['two']]);
  });

  it('end with their listener', () => {
    const { bench, play, rule, fault } = setUp();
    play(...connected);
    rule('a1', 'recv echo');
    fault('s1', 'delay 1s');
    play('c1.send "hi"', 's1.close');
    expect(received(bench, 'c1')).toEqual(['hi']);
    fault('a1', 'delay 1s');
    play('c1.send "later"');
    expect(received(bench, 'c1')).toEqual(['hi']);
  });

  it('close when all has left, where the program closes', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv send "bye" then close');
    fault('s1', 'delay 50ms');
    play('c1.send "x"');
    await run(50);
    expect(received(bench, 'c1')).toEqual(['bye', '']);
    expect(bench.state().sockets.get('a1')?.closed).toBe(true);
  });
});

describe('the faults of datagrams', () => {
  const echoing = (text: string) => {
    const all = setUp();
    all.play(...datagrams);
    all.rule('u1', 'recv echo');
    expect(all.fault('u1', text)).toBeNull();
    return all;
  };

  const sent = Array.from({ length: 40 }, (_, index) => `c1.sendto "${index}," 127.0.0.1:5000`);

  it('drop the same ones of the same seed, and say which', async () => {
    const runs = ['seed 7', 'seed 7', 'seed 9'].map(seed => {
      const { bench, play } = echoing(`drop 30% ${seed}`);
      play(...sent);
      return { bench, got: received(bench, 'c1').join('') };
    });
    expect(runs[0]!.got).toBe(runs[1]!.got);
    expect(runs[0]!.got).not.toBe(runs[2]!.got);
    const { bench, got } = runs[0]!;
    const dropped = told(bench, 'u1').filter(line => /^u1 fault: a datagram of \d bytes dropped$/.test(line));
    expect(dropped.length).toBe(40 - (got.match(/,/g)?.length ?? 0));
    expect(bench.state().sockets.get('u1')?.faulted).toEqual({ dropped: dropped.length });
  });

  it('send twice, and one behind the next', async () => {
    const twice = echoing('duplicate 100%');
    twice.play(sent[0]!);
    expect(received(twice.bench, 'c1')).toEqual(['0,', '0,']);
    const swapped = echoing('reorder 100%');
    swapped.play(...sent.slice(0, 3));
    expect(received(swapped.bench, 'c1')).toEqual(['1,', '0,']);
    await swapped.run(200);
    expect(received(swapped.bench, 'c1')).toEqual(['1,', '0,', '2,']);
  });
});

describe('faults that are set', () => {
  it('are refused where the socket cannot have them', () => {
    const { play, fault } = setUp();
    play(...datagrams);
    expect(fault('u1', 'split 3')).toMatch(/^split is for streams/);
    expect(fault('s9', 'stall')).toBe('there is no socket s9');
  });

  it('are what was said last, of the socket or of its listener; a replay has the same', async () => {
    const { bench, play, rule, fault, run } = setUp();
    play(...connected);
    rule('s1', 'recv echo');
    fault('s1', 'delay 1s');
    fault('a1', 'off');
    play('c1.send "a"');
    fault('s1', 'split 1');
    play('c1.send "bc"');
    await run(100);
    expect(received(bench, 'c1')).toEqual(['a', 'b', 'c']);
    const copy = structuredClone(entriesOf(bench));
    const again = fold(initialState(), copy);
    expect(again.sockets.get('a1')).toEqual(bench.state().sockets.get('a1'));
    expect(again.sockets.get('s1')?.faults).toEqual({ split: { size: 1, every: 10 } });
  });
});
