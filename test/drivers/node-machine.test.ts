import { describe, expect, it } from 'vitest';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { endpoint, hands } from './hands.ts';
import { eventually, keep, sampled } from './observing.ts';
import { onLinux } from './sockets.ts';

describe.skipIf(!onLinux)('the observer of a driver', () => {
  it('tells connects that wait for one full listener apart, before anybody knows their ports', async () => {
    const machine = nodeMachine();
    const driver = hands(({ notice }) => machine.driver(notice));
    const observer = keep(machine.observer);
    const { name, at } = await driver.listener('AF_INET', 1);
    const names = await Promise.all([1, 2, 3, 4].map(() => driver.socket('AF_INET')));
    const flights = names.map(on => driver.start({ name: 'connect', on, address: at }));
    const base = { type: 'SOCK_STREAM', family: 'AF_INET' } as const;
    const sockets = [
      { ...base, name, local: at, peer: null, listening: true },
      ...names.map(client => ({ ...base, name: client, local: null, peer: at, listening: false })),
    ];
    await eventually(async () => {
      const now = await sampled(observer, sockets);
      expect(now[name]).toMatchObject({ state: 'LISTEN', rcvQ: 2 });
      expect(names.map(client => now[client]?.state)).toEqual(['ESTAB', 'ESTAB', 'SYN-SENT', 'SYN-SENT']);
    });
    for (const flight of flights.slice(0, 2)) expect(await flight.outcome).toMatchObject({ kind: 'none' });
    expect(flights.slice(2).map(({ ended }) => ended())).toEqual([false, false]);
    expect(endpoint(await driver.call({ name: 'getsockname', on: name }))).toEqual(at);
    for (const flight of flights) flight.stop('cancelled');
  });
});
