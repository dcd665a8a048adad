import { describe, expect, test } from 'vitest';
import { exhaustedPause } from '../../source/bench/behaviours/behaviours.ts';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { moment } from '../../source/core/model/wait.ts';
import { deadlocksOf } from '../../source/core/waits/deadlock.ts';
import { reasonsOf } from '../../source/core/waits/waits.ts';
import { callOf, client } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { waitWords } from '../support/words.ts';

/** A server that accepted one client by hand; since then descriptors may run out. */
const setUp = async (policy: Policy) => {
  let exhausted = false;
  const lacks = () => (exhausted ? ('EMFILE' as const) : null);
  const machine = createMachine({ lacks: call => (call.name === 'accept' ? lacks() : null) });
  const bench = machine.bench({ policy, loops: { accept: false, receive: false } });
  const play = async (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  await play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5', ...client('c1'), 'a1 = s1.accept');
  return {
    machine,
    bench,
    play,
    exhaust: (on: boolean) => {
      exhausted = on;
    },
  };
};

const waits = (bench: Bench): string[] => [...waitWords(bench.state()).values()];

const named = (bench: Bench): string[] =>
  [...bench.state().findings.keys()].filter(key => /deadlock/.test(key));

describe('an accept loop that found no descriptor and waits', () => {
  test('is waited for until then, not the person: its thread is free', async () => {
    const { machine, bench, play, exhaust } = await setUp('duplex');
    exhaust(true);
    bench.setLoop('tcp-server', 'accept', true);
    await play(...client('c2'), 'c2.recv 10');
    const at = machine.clock.now() + exhaustedPause;
    expect([...reasonsOf(bench.state()).values()]).toEqual([
      { kind: 'behaviour', on: 's1', act: 'accept', at },
    ]);
    expect(waits(bench)).toEqual([`s1 to accept again at ${moment(at)}`]);
    expect(deadlocksOf(bench.state())).toEqual([]);
    exhaust(false);
    await machine.run(exhaustedPause);
    bench.flush();
    expect(waits(bench).sort()).toEqual(['any client', 'you: s sends on a2']);
  });

  test('and is switched off leaves it to the person', async () => {
    const { machine, bench, play, exhaust } = await setUp('duplex');
    exhaust(true);
    bench.setLoop('tcp-server', 'accept', true);
    await play(...client('c2'), 'c2.recv 10');
    bench.setLoop('tcp-server', 'accept', false);
    bench.flush();
    expect(waits(bench)).toEqual(['you: a accepts one']);
    await machine.run(2 * exhaustedPause);
    bench.flush();
    expect(waits(bench)).toEqual(['you: a accepts one']);
  });

  test('cannot accept while its thread is in a call, before its time and after it', async () => {
    const { machine, bench, play, exhaust } = await setUp('single');
    exhaust(true);
    bench.setLoop('tcp-server', 'accept', true);
    await play(...client('c2'), 'c2.recv 10', 'a1.recv 10');
    await machine.run(700);
    bench.flush();
    const first = named(bench);
    expect(first).toHaveLength(1);
    expect(deadlocksOf(bench.state()).map(({ calls }) => calls.map(({ call }) => call.on))).toEqual([
      ['c2', 'a1'],
    ]);
    exhaust(false);
    await machine.run(2 * exhaustedPause);
    bench.flush();
    expect(named(bench)).toEqual(first);
    expect([...bench.state().calls.values()].map(({ call }) => call.name)).toContain('accept');
  });
});
