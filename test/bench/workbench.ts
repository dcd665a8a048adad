import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { boundNewSpace } from '../../source/cli/new-space.ts';
import { inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { BenchState, SocketState } from '../../source/core/model/state.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { createSpool } from '../../source/formats/spool.ts';

/** What the journal lets go of, in a file of the temporary folder that has no name any more. */
const temporarySpool = () =>
  createSpool({
    open: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sockbench-bench-spool-'));
      const handle = await open(join(folder, 'spool'), 'wx+', 0o600);
      await rm(folder, { recursive: true });
      return handle;
    },
    told: () => {},
  });

/** A bench as the workbench has it: the real driver, the default caps, loops as given; with a spool, as on the screen, where `keeps` says so. */
export const openBench = (loops: { accept: boolean; receive: boolean }, keeps = false) => {
  boundNewSpace();
  const bench = createBench({
    driver: notice => createNodeDriver({ notice }),
    loops,
    recycle: true,
    ...(keeps && { spool: temporarySpool() }),
  });

  /** Performs a call and waits for its end. Throws where it failed. */
  const done = (call: Call): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      bench.perform(call, {
        onEnd: outcome =>
          outcome.kind === 'error'
            ? reject(new Error(`${call.name}: ${outcome.code} ${outcome.detail ?? ''}`))
            : resolve(outcome),
      });
    });

  /** Resolves with the state after the first flush that shows what is looked for. */
  const seen = (holds: (state: BenchState) => boolean): Promise<BenchState> =>
    new Promise(resolve => {
      const stop = bench.subscribe(state => {
        if (!holds(state)) return;
        stop();
        resolve(state);
      });
      bench.flush();
      if (holds(bench.state())) {
        stop();
        resolve(bench.state());
      }
    });

  const socket = (name: string): SocketState | undefined => bench.state().sockets.get(name);

  return {
    ...bench,
    done,
    seen,
    socket,
    /** Makes s1 listen on a free port of 127.0.0.1 and answers its port. */
    listen: async (backlog: number): Promise<number> => {
      await done({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
      await done({ name: 'bind', on: 's1', address: inet('127.0.0.1', 0) });
      await done({ name: 'listen', on: 's1', backlog });
      const state = await seen(({ sockets }) => Number(portAt(sockets.get('s1')?.local)) > 0);
      return Number(portAt(state.sockets.get('s1')!.local));
    },
  };
};

export type Workbench = ReturnType<typeof openBench>;
