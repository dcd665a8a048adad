import { describe, expect, it } from 'vitest';
import type { Observed } from '../../source/drivers/socket-match.ts';
import { connected, keep, listener, observer, stream } from './observing.ts';
import { listening, onLinux, portOf } from './sockets.ts';

const connections = 1_000;

describe.skipIf(!onLinux)(`${connections} connections`, () => {
  it('are all found, and reading them moves to the worker', async () => {
    const server = keep(await listening('127.0.0.1'));
    server.on('connection', accepted => keep(accepted));
    const sockets: Observed[] = [listener('s1', portOf(server))];
    for (let i = 1; i <= connections; i++) sockets.push(stream(`c${i}`, await connected(portOf(server))));
    for (const thread of ['main', 'worker', 'auto'] as const) {
      const watch = observer({ thread });
      await watch.sample(sockets);
      const cpu = process.threadCpuUsage();
      const began = performance.now();
      const rounds = 10;
      for (let i = 0; i < rounds; i++)
        expect((await watch.sample(sockets)).samples).toHaveLength(connections + 1);
      const { user, system } = process.threadCpuUsage(cpu);
      const wall = (performance.now() - began) / rounds;
      const mainMs = (user + system) / 1_000 / rounds;
      console.log(
        `${connections} connections, ${thread}: ${wall.toFixed(1)} ms a sample, ` +
          `${mainMs.toFixed(1)} ms of it on the main thread, ${watch.cost().lines} lines`,
      );
      expect(watch.cost().lines).toBeGreaterThanOrEqual(2 * connections + 1);
      if (thread === 'auto') expect(watch.cost().thread).toBe('worker');
    }
  }, 30_000);
});
