import { isProgram } from '../../core/model/actors.ts';
import type { Observation, Observed, Observer, Sample } from '../../core/model/observer.ts';
import type { BenchState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { unseenSettleMs } from '../../core/waits/wait-rules.ts';
import type { Clock } from './clock.ts';

/** A look every half second (2 Hz), and soon after a change, but never more than 4 a second. */
const steadyMs = 500;
const soonMs = 30;
const leastMs = 250;

/** Looking takes at most this share of the time: long tables cost 20 ms a look. Changes are worth more than silence. */
const shareAfterChange = 1 / 50;
const shareInSilence = 1 / 200;

export type Watch = {
  /** Something changed: look soon. What the look itself made known is no change. */
  readonly poke: (state: BenchState) => void;
  readonly stop: () => void;
};

const observed = (state: BenchState): Observed[] => {
  const list: Observed[] = [];
  for (const {
    name,
    actor,
    type,
    family,
    local,
    peer,
    closed,
    lingers,
    condition,
  } of state.sockets.values()) {
    if (isProgram(actor) && (!closed || lingers) && (local || peer))
      list.push({ name, type, family, local, peer, listening: condition === 'LISTEN' });
  }
  return list;
};

/** A time-out counting down is no news: it would make an entry of every look. */
const same = (a: Sample | null | undefined, b: Sample): boolean =>
  !!a &&
  a.state === b.state &&
  a.rcvQ === b.rcvQ &&
  a.sndQ === b.sndQ &&
  a.timer === b.timer &&
  a.retransmits === b.retransmits &&
  a.drops === b.drops;

/** What differs from what the state shows already. */
const news = (state: BenchState, observation: Observation): Sample[] =>
  observation.samples.filter(sample => {
    const socket = state.sockets.get(sample.socket);
    return socket && (!socket.closed || socket.lingers) && !same(socket.kernel, sample);
  });

/** What is left of a connection that the kernel lists no more. */
const over = { state: 'CLOSE', sndQ: 0, timer: 'none', timerMs: 0, retransmits: 0 } as const;
const nothingKept = { rcvQ: 0, drops: 0 } as const;

/** A connection once listed that is listed no more: the kernel has ended it and keeps what nobody has received. */
const endedIn = (state: BenchState, name: string): Sample | null => {
  const socket = state.sockets.get(name);
  if (socket?.lingers) return { ...(socket.kernel ?? nothingKept), socket: name, ...over };
  const { kernel } = socket ?? {};
  if (!socket || !kernel || socket.closed || !shakesHands(socket) || !socket.peer) return null;
  if (kernel.state === 'CLOSE' || kernel.state === 'SYN-SENT' || kernel.state === 'LISTEN') return null;
  return { ...kernel, ...over };
};

/**
 * Tells which connections the kernel lists no more, in two looks running: one may fall between two readings of its
 * tables. Linux takes a connection out of them when it ends (tcp_done), before the program closes its descriptor.
 */
const createMissing = () => {
  let before: ReadonlySet<string> = new Set();
  return (asked: readonly Observed[], { source, samples }: Observation, state: BenchState): Sample[] => {
    if (source !== 'kernel') return [];
    const listed = new Set(samples.map(({ socket }) => socket));
    const missing = new Set(asked.map(({ name }) => name).filter(name => !listed.has(name)));
    const ended = [...missing].filter(name => before.has(name)).map(name => endedIn(state, name));
    before = missing;
    return ended.filter(sample => sample !== null);
  };
};

/** What a look found; `readAt` is the clock's time when it began. `asked`: something had changed before it. */
export type Look = {
  readonly source: Observation['source'];
  readonly samples: readonly Sample[];
  readonly readAt: number;
  readonly asked: boolean;
};

/**
 * Looks at the kernel's tables while sockets are open and reports what changed. A look that was asked for is to be
 * reported even without news: verdicts stand on looks that agree. One that came too soon after the change to tell
 * that all is at rest is followed by another. `report` answers whether there was news.
 */
export const watchKernel = (
  observer: Observer,
  clock: Clock,
  state: () => BenchState,
  report: (look: Look) => boolean,
): Watch => {
  let timer: (() => void) | undefined;
  let due = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  let looking = false;
  let stopped = false;
  let asked = false;
  /** When the newest change was heard of. */
  let changedAt = Number.NEGATIVE_INFINITY;
  /** The number that the entry of a look without news will have, if nothing else comes in before it. */
  let ownEntry = -1;
  /** What the newest two looks cost; the cheaper counts, since the first one is cold and any may be interrupted. */
  let costs: readonly [number, number] = [0, 0];
  const missing = createMissing();

  const schedule = () => {
    const ms = asked ? soonMs : steadyMs;
    const share = asked ? shareAfterChange : shareInSilence;
    const at = Math.max(clock.now() + ms, last + leastMs, last + Math.min(...costs) / share);
    if (stopped || looking || at >= due) return;
    timer?.();
    due = at;
    timer = clock.after(Math.max(0, at - clock.now()), look);
  };

  const look = async () => {
    due = Number.POSITIVE_INFINITY;
    const sockets = observed(state());
    if (sockets.length === 0) return;
    looking = true;
    last = clock.now();
    const answers = asked;
    asked = false;
    const observation = await observer.sample(sockets);
    looking = false;
    costs = [costs[1], observer.cost?.().ms ?? 0];
    if (stopped) return;
    const samples = [...news(state(), observation), ...missing(sockets, observation, state())];
    const told = report({ source: observation.source, samples, readAt: last, asked: answers });
    ownEntry = answers && !told ? state().entries + 1 : -1;
    if (answers && last - changedAt < unseenSettleMs) asked = true;
    schedule();
  };

  return {
    poke: now => {
      if (now.entries === ownEntry) return;
      asked = true;
      changedAt = clock.now();
      schedule();
    },
    stop: () => {
      stopped = true;
      timer?.();
    },
  };
};
