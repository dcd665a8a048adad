import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Looker, lookEvery, type News, type PeerLooker } from '../../core/model/looks.ts';
import { foreignSocketFacts } from '../../drivers/native/foreign-sockets.ts';
import { createLooks } from '../../traces/looks/looker.ts';
import { realProc } from '../../traces/proc/real-proc.ts';
import type { Processor } from '../../traces/proc/system-calls.ts';

/*
 * Looks are taken in a thread of their own, so that the screen never waits for /proc. It runs this very file: whoever imports it
 * starts the thread, and the thread looks.
 */

/** Between two looks at least, in ms. */
const least = 25;

/** The same of the bench's peers once nothing has changed for so long, in ms. */
const seldom = 500;
const quietAfter = 3_000;

/** `forPeers`: of this very process, whose peers are looked at while it has any. */
type Asked = {
  readonly looksAt: readonly number[];
  readonly forPeers: boolean;
  readonly withUnix: boolean;
};

/** A number: of one process more to look at. */
type Word = 'poke' | 'rest' | number;

const now = (): number => performance.timeOrigin + performance.now();

const runLooks = ({ looksAt, forPeers, withUnix }: Asked): void => {
  const options = {
    proc: realProc,
    facts: foreignSocketFacts(),
    processor: process.arch as Processor,
    self: process.pid,
    withUnix,
    now,
  };
  const look = createLooks(options, looksAt);
  let timer: NodeJS.Timeout | undefined;
  let anew = false;
  let resting = false;
  let more: number[] = [];
  let changedAt = now();
  const step = () => {
    const began = now();
    const { news, within } = look(anew, more);
    more = [];
    // Who was left is told as gone by the look after.
    const isOver = resting && !anew && !news;
    anew = false;
    if (news) {
      changedAt = began;
      parentPort!.postMessage(news);
    }
    if (isOver) return;
    const pace = forPeers && began - changedAt > quietAfter ? seldom : lookEvery;
    const rest = Math.max(least, pace - (now() - began));
    timer = setTimeout(step, Math.min(rest, within));
  };
  step();
  parentPort!.on('message', (word: Word) => {
    if (typeof word === 'number') more.push(word);
    clearTimeout(timer);
    anew = true;
    resting = word === 'rest';
    changedAt = now();
    step();
  });
};

const isAsked = (data: unknown): data is Asked =>
  typeof data === 'object' && data !== null && 'looksAt' in data;

if (!isMainThread && isAsked(workerData)) runLooks(workerData);

/** Looks at processes, of which there come more. */
export type GrowingLooker = Looker & { readonly add: (pid: number) => void };

const looker = (asked: Asked, failed: (error: Error) => void): PeerLooker & GrowingLooker => {
  let worker: Worker | null = null;
  const say = (word: Word) => worker?.postMessage(word);
  return {
    start: report => {
      worker = new Worker(new URL(import.meta.url), { workerData: asked, execArgv: [], name: 'looks' });
      worker.unref();
      worker.on('message', (news: News) => report(news));
      worker.on('error', error => failed(error instanceof Error ? error : new Error(String(error))));
    },
    stop: () => void worker?.terminate(),
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
