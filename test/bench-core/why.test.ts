import { describe, expect, test } from 'vitest';
import { chosenWaiting, waitGroups, waitingCalls } from '../../source/bench/view/wait-groups.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { callLabel } from '../../source/core/model/wait.ts';
import { client, pair, playing } from '../support/playing.ts';

const shape = (state: BenchState): string[] =>
  waitGroups(state).map(({ deadlock, calls }) => {
    const words = calls.map(({ call, depth }) => `${'>'.repeat(depth)}${callLabel(call)}`);
    return `${deadlock ? 'deadlock: ' : ''}${words.join(' ')}`;
  });

describe('the wait-for graph in groups', () => {
  test('has a deadlock first, with what is stuck behind it', async () => {
    const { bench, play } = playing('single');
    await play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9001', 'u1.recvfrom 10');
    await play(...pair, 'c1.recv 10', 'a1.recv 10', 'c1.send "x"', 'a1.recv 20');
    expect(shape(bench.state())).toEqual(['deadlock: c1.recv a1.recv >c1.send >a1.recv', 'u1.recvfrom']);
  });

  test('puts what only the person can end before what idles, and a call behind the one it waits for', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, 's1.accept', 'c1.recv 10', 'c1.recv 20');
    expect(shape(bench.state())).toEqual(['c1.recv >c1.recv', 's1.accept']);
  });

  test('follows chains over several threads', async () => {
    const { bench, play } = playing('single');
    await play(...pair, ...client('c2'), 'a2 = s1.accept', 'c1.recv 10', 'a2.recv 10', 'c2.send "x"');
    await play('a1.send "y"', 'c2.send "z"');
    expect(shape(bench.state())).toEqual(['deadlock: c1.recv a2.recv >c2.send >c2.send >a1.send']);
    expect(waitingCalls(bench.state())).toHaveLength(5);
  });

  test('keeps the chosen call, and falls back to the first where it has ended', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, 'c1.recv 10', 'a1.recv 10');
    const [first, second] = waitingCalls(bench.state());
    expect(chosenWaiting(bench.state(), second!.id)).toBe(second);
    expect(chosenWaiting(bench.state(), 0)).toBe(first);
    bench.cancel(second!.id);
    bench.flush();
    expect(chosenWaiting(bench.state(), second!.id)?.id).toBe(first!.id);
  });
});
