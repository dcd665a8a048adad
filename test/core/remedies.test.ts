import { describe, expect, test } from 'vitest';
import type { Remedy } from '../../source/core/model/remedy.ts';
import { deadlocksOf } from '../../source/core/waits/deadlock.ts';
import { remediesOf } from '../../source/core/waits/remedies.ts';
import { callOf, much, pair, playing } from '../support/playing.ts';

type Playing = ReturnType<typeof playing>;

const scripts = {
  'both read': ['c1.recv 10', 'a1.recv 10'],
  'both write': [`c1.sendall ${much}`, `a1.sendall ${much}`],
  'one echoes': [`c1.sendall ${much}`, 'a1.recv 10', `a1.sendall ${much}`],
} as const;

const stuck = async (policy: 'single' | 'per-socket', lines: readonly string[]): Promise<Playing> => {
  const found = playing(policy);
  await found.play(...pair, 'c1.settimeout 60s', ...lines);
  return found;
};

const remedies = ({ bench }: Playing): readonly Remedy[] =>
  remediesOf(bench.state(), deadlocksOf(bench.state())[0]!);

const doing = { send: 'send "x"', recv: 'recv 64KiB', accept: 'accept', end: 'shutdown', flush: 'flush' };

const apply = async ({ bench, machine }: Playing, remedy: Remedy): Promise<void> => {
  switch (remedy.kind) {
    case 'cancel':
      bench.cancel(remedy.call.id);
      break;
    case 'end':
      await machine.run(remedy.at - bench.now() + 1);
      break;
    case 'act':
      bench.setPolicy(remedy.program, remedy.policy);
      bench.perform(callOf(`${remedy.on}.${doing[remedy.act]}`));
      break;
  }
  await machine.quiesce(bench);
};

describe.each(['single', 'per-socket'] as const)('what breaks a deadlock under %s', policy => {
  test.each(Object.entries(scripts))('%s: every remedy does', async (_, lines) => {
    const count = remedies(await stuck(policy, lines)).length;
    expect(count).toBe(5);
    for (let index = 0; index < count; index++) {
      const found = await stuck(policy, lines);
      const key = [...found.bench.state().findings.keys()].find(each => each.startsWith('deadlock'));
      await apply(found, remedies(found)[index]!);
      expect([...found.bench.state().findings.keys()]).not.toContain(key);
    }
  });
});

test('says the first deadline, each call to cancel, and what to do under a policy with a thread left', async () => {
  const found = await stuck('single', scripts['both read']);
  const said = remedies(found).map(remedy =>
    remedy.kind === 'act'
      ? `${remedy.act} on ${remedy.on} of ${remedy.program} under ${remedy.policy}`
      : `${remedy.kind === 'end' ? remedy.by : remedy.kind} ${remedy.call.on}`,
  );
  expect(said).toEqual([
    'timeout c1',
    'cancel c1',
    'cancel a1',
    'send on a1 of tcp-server under duplex',
    'send on c1 of client under duplex',
  ]);
});
