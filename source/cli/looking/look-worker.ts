import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Looker, News, PeerLooker } from '../../core/model/looks.ts';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { createLooks } from '../../traces/looks/looker.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';
import { threadEnv, threadFile } from '../thread-file.ts';
import { type LookWord, startLookLoop } from './look-loop.ts';
import { createGate, type Gate, gatedFacts, keepUntilExit, shutGate } from './native-gate.ts';

/*
 * Looks are taken in a thread of their own, so that the screen never waits for /proc. It runs this very file: whoever imports it
 * starts the thread, and the thread looks.
 */

/** `forPeers`: of this very process, whose peers are looked at while it has any. */
type Asked = {
  readonly looksAt: readonly number[];
  readonly forPeers: boolean;
  readonly withUnix: boolean;
};

type Told = Asked & { readonly gate: Gate };

const now = (): number => performance.timeOrigin + performance.now();

const runLooks = ({ looksAt, forPeers, withUnix, gate }: Told): void => {
  const options = {
    proc: realProc,
    facts: gatedFacts(gate, foreignSocketFacts()),
    processor: process.arch as Processor,
    self: process.pid,
    withUnix,
    now,
  };
  const hear = startLookLoop({
    look: createLooks(options, looksAt),
    told: news => parentPort!.postMessage(news),
    forPeers,
    now,
  });
  parentPort!.on('message', hear);
};

const isTold = (data: unknown): data is Told =>
  typeof data === 'object' && data !== null && 'looksAt' in data;

if (!isMainThread && isTold(workerData)) runLooks(workerData);

/** Looks at processes, of which there come more. `poke`: tell anew what those wait for that were told before. */
export type GrowingLooker = Looker & { readonly add: (pid: number) => void; readonly poke: () => void };

const looker = (asked: Asked, failed: (error: Error) => void): PeerLooker & GrowingLooker => {
  let worker: Worker | null = null;
  const gate = createGate();
  const say = (word: LookWord) => worker?.postMessage(word);
  return {
    start: report => {
      const workerData: Told = { ...asked, gate };
      const env = threadEnv();
      worker = new Worker(threadFile(process.env.SOCKBENCH_LOOKS, import.meta.url), {
        workerData,
        env,
        execArgv: [],
        name: 'looks',
      });
      worker.unref();
      worker.once('exit', keepUntilExit(gate));
      worker.on('message', (news: News) => report(news));
      worker.on('error', error => failed(error instanceof Error ? error : new Error(String(error))));
    },
    stop: () => {
      shutGate(gate);
      void worker?.terminate();
    },
    self: process.pid,
    poke: () => say('poke'),
    rest: () => say('rest'),
    add: say,
  };
};

/** Looks at these processes, ten times a second. `failed` hears why no more looks come. */
export const startLooker = (pids: readonly number[], failed: (error: Error) => void): GrowingLooker =>
  looker({ looksAt: pids, forPeers: false, withUnix: true }, failed);

/** Looks at whoever is at the other end of this process's sockets; less often while nothing changes. */
export const startPeerLooker = (failed: (error: Error) => void): PeerLooker =>
  looker({ looksAt: [process.pid], forPeers: true, withUnix: false }, failed);
