import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Looker, News } from '../core/looks.ts';
import { foreignSocketFacts } from '../drivers/foreign-sockets.ts';
import { createLooks } from '../traces/looker.ts';
import { realProc } from '../traces/real-proc.ts';
import type { Processor } from '../traces/system-calls.ts';

/*
 * Looks are taken in a thread of their own, so that the screen never waits for /proc. It runs this very file: whoever imports it
 * starts the thread, and the thread looks.
 */

/** Between two looks, in ms. */
const every = 100;

type Asked = { readonly looksAt: readonly number[] };

const now = (): number => performance.timeOrigin + performance.now();

const runLooks = ({ looksAt }: Asked): void => {
  const options = {
    proc: realProc,
    facts: foreignSocketFacts(),
    processor: process.arch as Processor,
    self: process.pid,
    now,
  };
  const look = createLooks(options, looksAt);
  const step = () => {
    const began = now();
    const news = look();
    if (news) parentPort!.postMessage(news);
    setTimeout(step, Math.max(every / 4, every - (now() - began)));
  };
  step();
};

const isAsked = (data: unknown): data is Asked =>
  typeof data === 'object' && data !== null && 'looksAt' in data;

if (!isMainThread && isAsked(workerData)) runLooks(workerData);

/** Looks at these processes, ten times a second. `failed` hears why no more looks come. */
export const startLooker = (pids: readonly number[], failed: (error: Error) => void): Looker => {
  let worker: Worker | null = null;
  return {
    start: report => {
      const asked: Asked = { looksAt: pids };
      worker = new Worker(new URL(import.meta.url), { workerData: asked, execArgv: [], name: 'looks' });
      worker.unref();
      worker.on('message', (news: News) => report(news));
      worker.on('error', error => failed(error instanceof Error ? error : new Error(String(error))));
    },
    stop: () => void worker?.terminate(),
  };
};
