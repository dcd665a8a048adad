import { describe, expect, it } from 'vitest';
import { createBehaviourEngine } from '../../source/bench/behaviours/behaviour-engine.ts';
import { exhaustedPause } from '../../source/bench/behaviours/behaviours.ts';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const setUp = (policy: Policy = 'duplex') => {
  const machine = createMachine();
  const bench = machine.bench({ policy });
  const play = (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  return { machine, bench, play };
};

const listening = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5'];
const client = (name: string) => [`${name} = socket`, `${name}.connect 127.0.0.1:9000`];

const inFlight = (bench: Bench) =>
  [...bench.state().calls.values()]
    .map(({ call, looped }) => `${call.on}.${call.name}${looped ? '' : ' by hand'}`)
    .sort();

describe('loops of calls', () => {
  it('an idle server is visibly blocked in accept', () => {
    const { bench, play } = setUp();
    play(...listening);
    expect(inFlight(bench)).toEqual(['s1.accept']);
  });

  it('accepts client after client, and receives on every connection', () => {
    const { bench, play } = setUp();
    play(...listening, ...client('c1'), ...client('c2'));
    expect(inFlight(bench)).toEqual(['a1.recv', 'a2.recv', 'c1.recv', 'c2.recv', 's1.accept']);
    play('c1.send "one"', 'c1.send "two"');
    expect(bench.state().sockets.get('a1')).toMatchObject({ received: 6, receives: 2 });
  });

  it('single: the textbook server receives until EOF, closes, and only then accepts again', () => {
    const { bench, play } = setUp('single');
    play(...listening, ...client('c1'), ...client('c2'));
    const server = () => inFlight(bench).filter(call => !call.startsWith('c'));
    expect(server()).toEqual(['a1.recv']);
    play('c1.close');
    expect(bench.state().sockets.get('a1')?.closed).toBe(true);
    expect(server()).toEqual(['a2.recv']);
  });

  it('single: the journal has which client is served until it is closed, and no entry more for it', () => {
    const { bench, play } = setUp('single');
    play(...listening, ...client('c1'), 'c1.close');
    const entries = bench.journal.slice(1, bench.journal.last());
    const serving = entries.filter(entry => entry.kind === 'ended' && entry.afterwards);
    expect(serving).toMatchObject([
      { call: { name: 'accept' }, outcome: { name: 'a1' }, afterwards: { kind: 'serve' } },
    ]);
    const loops = entries.flatMap(entry => (entry.kind === 'ended' && entry.looped ? [entry.call] : []));
    const server = loops.filter(({ on }) => on !== 'c1').map(({ on, name }) => `${on}.${name}`);
    expect(server).toEqual(['s1.accept', 'a1.recv', 'a1.close']);
  });

  it('switched off, the call in flight is cancelled and clients wait in the queue', () => {
    const { bench, play } = setUp();
    play(...listening);
    bench.setLoop('tcp-server', 'accept', false);
    play(...client('c1'));
    expect(inFlight(bench)).toEqual(['c1.recv']);
    bench.setLoop('tcp-server', 'accept', true);
    play();
    expect(bench.state().sockets.get('s1')?.accepted).toBe(1);
  });

  it('a cancelled loop call is not made again until the loop is switched on again', () => {
    const { bench, play } = setUp();
    play(...listening);
    bench.cancel([...bench.state().calls.keys()][0]!);
    play(...client('c1'));
    expect(inFlight(bench)).toEqual(['c1.recv']);
    bench.setLoop('tcp-server', 'accept', true);
    play();
    expect(bench.state().sockets.has('a1')).toBe(true);
  });

  it.each(['duplex', 'per-socket', 'single'] as const)(
    '%s: a server whose loops are on closes after EOF, so that no descriptor stays with what has ended',
    policy => {
      const { bench, play } = setUp(policy);
      play(...listening, ...client('c1'), 'c1.close');
      expect(bench.state().sockets.get('a1')).toMatchObject({ eof: true, closed: true });
      expect(inFlight(bench)).toEqual(['s1.accept']);
      play(...client('c2'), 'c2.reset');
      expect(bench.state().sockets.get('a2')).toMatchObject({ closed: true });
    },
  );

  it('a receive loop ends at EOF and leaves the socket to the person who accepted it', () => {
    const { bench, play } = setUp();
    bench.setLoop('tcp-server', 'accept', false);
    play(...listening, ...client('c1'), 'a1 = s1.accept', 'c1.close');
    expect(bench.state().sockets.get('a1')).toMatchObject({
      condition: 'CLOSE-WAIT',
      eof: true,
      closed: false,
    });
    expect(inFlight(bench)).toEqual([]);
  });

  it("close ends a loop's call, which the log tells first", () => {
    const { bench, play } = setUp();
    play(...listening, ...client('c1'), 'c1.close');
    expect(bench.state().sockets.get('c1')).toMatchObject({ closed: true, closing: false });
    const told = bench.journal
      .slice(1, bench.journal.last())
      .flatMap(entry => (entry.kind === 'ended' && entry.call.on === 'c1' ? [entry] : []))
      .map(({ call, outcome }) => `${call.name} ${outcome.kind === 'error' ? outcome.code : 'ok'}`);
    expect(told.slice(-2)).toEqual(['recv CLOSED', 'close ok']);
  });

  it('a datagram server receives from its bind on', () => {
    const { bench, play } = setUp();
    play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:5000');
    expect(inFlight(bench)).toEqual(['u1.recvfrom']);
    play('c1 = socket AF_INET SOCK_DGRAM', 'c1.sendto "hi" 127.0.0.1:5000');
    expect(bench.state().sockets.get('u1')).toMatchObject({ receives: 1, received: 2 });
  });

  it('timeouts do not end a loop', async () => {
    const { machine, bench, play } = setUp();
    play(...listening, 's1.settimeout 100ms');
    bench.setLoop('tcp-server', 'accept', false);
    bench.setLoop('tcp-server', 'accept', true);
    await machine.run(350);
    play();
    expect(inFlight(bench)).toEqual(['s1.accept']);
    expect(bench.state().failed).toBeGreaterThanOrEqual(3);
  });
});

describe('an accept loop where nothing is left to make a socket of', () => {
  const setUpLoop = (codes: readonly ('EMFILE' | 'ENFILE' | 'ENOBUFS' | 'ENOMEM' | 'EINVAL')[]) => {
    const ends = [...codes];
    const pauses: { ms: number; run: () => void }[] = [];
    let calls = 0;
    const loops = createBehaviourEngine({
      perform: (_call, { decide, onEnd }) => {
        calls++;
        const code = ends.shift();
        if (code) {
          decide?.({ kind: 'error', code });
          onEnd?.({ kind: 'error', code });
        }
        return calls;
      },
      cancel: () => true,
      comes: () => {},
      on: () => true,
      policy: () => 'duplex',
      rules: () => [],
      target: () => null,
      local: () => null,
      repeat: () => null,
      repeated: () => {},
      socket: () => ({
        actor: 'tcp-server',
        family: 'AF_INET',
        type: 'SOCK_STREAM',
        listener: '',
        mate: '',
      }),
      after: (ms, run) => {
        pauses.push({ ms, run });
        return () => {};
      },
      now: () => 0,
    });
    loops.ready('s1', 'accept');
    return { loops, pauses, calls: () => calls };
  };

  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'] as const)('tries again after a pause: %s', code => {
    const { pauses, calls } = setUpLoop([code, code]);
    expect([calls(), pauses.map(({ ms }) => ms)]).toEqual([1, [exhaustedPause]]);
    pauses.shift()!.run();
    expect([calls(), pauses.length]).toEqual([2, 1]);
    pauses.shift()!.run();
    expect([calls(), pauses.length]).toEqual([3, 0]);
  });

  it('does not come back from its pause for a listener that is closed or was switched off', () => {
    const closed = setUpLoop(['EMFILE']);
    closed.loops.forget('s1');
    closed.pauses[0]!.run();
    expect(closed.calls()).toBe(1);
    const off = setUpLoop(['EMFILE']);
    off.loops.switched('tcp-server', 'accept', false);
    off.pauses[0]!.run();
    expect(off.calls()).toBe(1);
  });

  it('ends with any other failure', () => {
    const { pauses, calls } = setUpLoop(['EINVAL']);
    expect([calls(), pauses]).toEqual([1, []]);
  });
});

describe('what has ended', () => {
  it('is closed by itself where that is set: reset, or both FINs seen, and no call inside', () => {
    const machine = createMachine();
    const bench = machine.bench({ closeEnded: true, loops: { accept: false, receive: false } });
    const play = (...lines: string[]) => {
      for (const line of lines) {
        bench.perform(callOf(line));
        machine.settle();
        bench.flush();
      }
      bench.flush();
    };
    const closed = (name: string) => bench.state().sockets.get(name)?.closed;
    play(...listening, ...client('c1'), 'a1 = s1.accept', 'c1.shutdown SHUT_WR', 'a1.recv 9');
    expect([closed('a1'), closed('c1')]).toEqual([false, false]);
    play('a1.shutdown SHUT_WR');
    expect(closed('a1')).toBe(true);
    play('c1.recv 9');
    expect(closed('c1')).toBe(true);
    play(...client('c2'), 'a2 = s1.accept', 'c2.reset', 'a2.recv 9');
    expect(closed('a2')).toBe(true);
    expect(closed('s1')).toBe(false);
  });
});
