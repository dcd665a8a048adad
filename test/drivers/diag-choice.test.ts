import { describe, expect, it } from 'vitest';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import type { InetObserved } from '../../source/core/model/observer.ts';
import type { NetRow } from '../../source/core/model/proc-net.ts';
import { createDiagChoice } from '../../source/drivers/kernel/diag-choice.ts';
import { ownFiles } from '../../source/drivers/kernel/own-files.ts';
import { available, reason } from './native.ts';
import { keep, listener, observer, sampled } from './observing.ts';
import { listening, portOf } from './sockets.ts';

const noFiles = ownFiles(() => undefined);

const closedListener = async (): Promise<InetObserved> => {
  const server = await listening('127.0.0.1');
  const port = portOf(server);
  await new Promise(resolve => server.close(resolve));
  return listener('s1', port);
};

describe.skipIf(!available)(`asking socket by socket${reason}`, () => {
  it('looks for a socket that is nowhere in the tables only once, and sees it when it comes', async () => {
    const watch = observer({ means: 'diag' });
    const s1 = await closedListener();
    expect(await sampled(watch, [s1])).toEqual({});
    expect(watch.cost().means).toBe('table');
    expect(await sampled(watch, [s1])).toEqual({});
    expect(watch.cost().means).toBe('diag');
    const server = keep(await listening('127.0.0.1', Number(portAt(s1.local))));
    expect(await sampled(watch, [s1])).toMatchObject({ s1: { state: 'LISTEN' } });
    expect(portOf(server)).toBe(portAt(s1.local));
  });

  it('is given up when the tables have what it misses, three times in a row', async () => {
    const choice = keep(createDiagChoice('diag', () => undefined));
    const s1 = await closedListener();
    const inTables = new Map([[s1, {} as NetRow]]);
    for (let i = 0; i < 3; i++) {
      const result = choice.find([s1], noFiles)!;
      expect(result.rest).toEqual([s1]);
      choice.learn(result, inTables);
    }
    expect(choice.find([s1], noFiles)).toBeNull();
  });

  it('is not begun for many sockets', async () => {
    const choice = keep(createDiagChoice('auto', () => undefined));
    const s1 = listener('s1', portOf(keep(await listening('127.0.0.1'))));
    expect(choice.find(new Array(401).fill(s1), noFiles)).toBeNull();
    expect(choice.find([s1], noFiles)?.found.get(s1)).toMatchObject({ state: 'LISTEN' });
  });
});
