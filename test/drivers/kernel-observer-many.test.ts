import { beforeEach, describe, expect, it } from 'vitest';
import type { Observed } from '../../source/core/model/observer.ts';
import type { ObserverMeans } from '../../source/drivers/kernel/kernel-observer.ts';
import { connected, everyMeans, keep, listener, observer, stream } from './observing.ts';
import { listening, onLinux, portOf } from './sockets.ts';

const connections = 1_000;
/** Far more than are needed: rows are missed only while others come and go. */
const mostRounds = 100;

describe.skipIf(!onLinux)(`${connections} connections`, () => {
  const sockets: Observed[] = [];

  beforeEach(async () => {
    const server = keep(await listening('127.0.0.1'));
    server.on('connection', accepted => keep(accepted));
    sockets.splice(0);
    sockets.push(listener('s1', portOf(server)));
    for (let i = 1; i <= connections; i++) sockets.push(stream(`c${i}`, await connected(portOf(server))));
  });

  /**
   * Samples by one means; `npm run bench -- looks` has what they cost. A read of /proc goes on where it stopped by counting, so it can
   * miss a row when others come and go meanwhile: the sockets must all be found, but not every time.
   */
  const sampledBy = async (means: 'auto' | ObserverMeans) => {
    const watch = observer({ means });
    // The second sample is made by what the first one cost.
    await watch.sample(sockets);
    await watch.sample(sockets);
    const found = new Set<string>();
    for (let i = 0; i < mostRounds && found.size <= connections; i++) {
      const { samples } = await watch.sample(sockets);
      for (const { socket } of samples) found.add(socket);
    }
    expect(found.size).toBe(connections + 1);
    return watch;
  };

  for (const { means, skipped, title } of everyMeans) {
    it.skipIf(skipped)(`are all found by ${title}`, async () => {
      expect((await sampledBy(means)).cost().means).toBe(means);
    });
  }

  it('are read by the worker, fewer are asked for one by one where that can be done', async () => {
    expect((await sampledBy('auto')).cost().means).toBe('worker');
    const few = sockets.slice(0, 9);
    for (const { means, skipped } of everyMeans) {
      if (skipped) continue;
      const watch = observer({ means });
      await watch.sample(few);
      await watch.sample(few);
      expect(watch.cost().means).toBe(means);
    }
    const watch = observer();
    await watch.sample(few);
    expect(watch.cost().means === 'diag').toBe(everyMeans.at(-1)!.skipped === '');
  });
});
