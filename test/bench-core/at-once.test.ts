import { expect, test } from 'vitest';
import { callOf, pair, playing } from '../support/playing.ts';

/** More calls than the stack has room for, a few frames each. */
const many = 3000;

test('thousands of calls behind a blocked one end at once, each after the one before it', async () => {
  const { machine, bench, play } = playing('single');
  await play(...pair, 'c1.recv 1');
  const ended: number[] = [];
  for (let i = 0; i < many; i++) bench.perform(callOf('c1.recv 1'), { onEnd: () => ended.push(i) });
  bench.perform(callOf(`a1.send ${many + 1}B of "x"`));
  machine.settle();
  bench.flush();
  expect(bench.state().sockets.get('c1')).toMatchObject({ receives: many + 1, received: many + 1 });
  expect(ended).toEqual(Array.from({ length: many }, (_, i) => i));
  expect(bench.state().calls.size).toBe(0);
});

test('a loop whose every call ends at once takes all that waits', async () => {
  const { bench, play } = playing('duplex', { capacity: 1 << 20 });
  await play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:5000', 'c1 = socket AF_INET SOCK_DGRAM');
  for (let i = 0; i < many; i++) bench.perform(callOf('c1.sendto "x" 127.0.0.1:5000'));
  bench.setLoop('udp-server', 'receive', true);
  bench.flush();
  expect(bench.state().sockets.get('u1')?.receives).toBe(many);
  expect([...bench.state().calls.values()].map(({ call }) => call.name)).toEqual(['recvfrom']);
});
