/**
 * What "deadlock" means, by trying: every call that a free thread of the bench could make is made, in every order,
 * on a kernel of a few lines, and whatever ends in none of the worlds reached that way can never end. Nothing here
 * knows of graphs, of the bench's state or of its rules.
 *
 * What it does not see: a thread that is free makes any call of its queue, as often as it likes and in any order, so
 * that neither a queue's order nor its end holds anybody up; one send is enough for whoever waits for bytes, however
 * many they want; nothing is closed, reset or half-closed on the way, no policy changes, and no new socket appears
 * but those that wait for an accept. Time stands still: a deadline is tried by taking its call away.
 */

/** Bytes that wait in a direction: none, some, or no room for one more. */
type Level = 0 | 1 | 2;

/** A peek leaves what it sees, and waits for more than it sees. */
type Deed = 'recv' | 'peek' | 'send' | 'accept';

/** A call in a thread's queue: what that thread can do besides what the policy of today gives it. */
export type ModelQueued = Pick<ModelCall, 'thread' | 'socket' | 'does'>;

export type ModelCall = {
  readonly id: number;
  readonly thread: string;
  readonly socket: string;
  readonly does: Deed | 'connect';
  /** How often a send must find room, or a receive bytes, before it ends. */
  readonly left: number;
};

export type ModelSocket = {
  /** The other end; '' for one outside the bench, who may do anything at any time. */
  readonly twin: string;
  readonly unread: Level;
  /** Bytes have come since the start. */
  readonly news: boolean;
  /** Nothing more will come. */
  readonly ended: boolean;
  /** Accepted, or its own program's from the start: threads can use it. */
  readonly usable: boolean;
  readonly reader: string;
  readonly writer: string;
};

export type ModelListener = {
  readonly thread: string;
  /** The server's ends of connections that wait, oldest first; '' for a stranger's. */
  readonly waiting: readonly string[];
  /** How many may wait. */
  readonly room: number;
};

export type World = {
  readonly sockets: Readonly<Record<string, ModelSocket>>;
  readonly listeners: Readonly<Record<string, ModelListener>>;
  readonly calls: readonly ModelCall[];
  readonly queued: readonly ModelQueued[];
};

const withSocket = (world: World, name: string, change: Partial<ModelSocket>): World => ({
  ...world,
  sockets: { ...world.sockets, [name]: { ...world.sockets[name]!, ...change } },
});

const withListener = (world: World, name: string, waiting: readonly string[]): World => ({
  ...world,
  listeners: { ...world.listeners, [name]: { ...world.listeners[name]!, waiting } },
});

/** Takes the oldest waiting connection: from now on its threads can use it. */
const accept = (world: World, name: string): World => {
  const [first = '', ...rest] = world.listeners[name]!.waiting;
  const taken = withListener(world, name, rest);
  return first === '' ? taken : withSocket(taken, first, { usable: true });
};

/** What the kernel does for one call in flight; null where it can do nothing. */
const advance = (world: World, call: ModelCall): World | null => {
  const socket = world.sockets[call.socket];
  switch (call.does) {
    case 'recv':
      if (socket!.ended) return world;
      return socket!.unread === 0 ? null : withSocket(world, call.socket, { unread: 0 });
    case 'peek':
      return socket!.ended || socket!.news ? world : null;
    case 'send': {
      const { twin } = socket!;
      if (twin === '') return world;
      if (world.sockets[twin]!.unread === 2) return null;
      return withSocket(world, twin, { unread: call.left > 1 ? 2 : 1, news: true });
    }
    case 'accept':
      return world.listeners[call.socket]!.waiting.length === 0 ? null : accept(world, call.socket);
    case 'connect': {
      const { waiting, room } = world.listeners[call.socket]!;
      return waiting.length >= room ? null : withListener(world, call.socket, [...waiting, '']);
    }
  }
};

/** Lets every call in flight go on as far as it can. */
const settle = (world: World): World => {
  for (const call of world.calls) {
    const next = advance(world, call);
    if (!next) continue;
    const others = next.calls.filter(other => other !== call);
    const rest = call.left > 1 ? [...others, { ...call, left: call.left - 1 }] : others;
    return settle({ ...next, calls: rest });
  }
  return world;
};

/** The worlds one step away: a free thread makes a call that returns at once, or somebody outside the bench acts. */
const steps = (world: World): World[] => {
  const busy = new Set(world.calls.map(call => call.thread));
  /** A thread that does this on the socket is free: today's, or one that has it in its queue. */
  const canAct = (today: string, deed: Deed, on: string): boolean =>
    !busy.has(today) ||
    world.queued.some(({ thread, does, socket }) => does === deed && socket === on && !busy.has(thread));
  const next: World[] = [];
  for (const [name, { twin, unread, usable, reader, writer }] of Object.entries(world.sockets)) {
    if (twin === '') next.push(withSocket(world, name, { unread: 1, news: true }));
    if (!usable) continue;
    if (unread > 0 && canAct(reader, 'recv', name)) next.push(withSocket(world, name, { unread: 0 }));
    if (twin === '' || !canAct(writer, 'send', name)) continue;
    const other = world.sockets[twin]!;
    if (other.unread < 2 && !other.ended) next.push(withSocket(world, twin, { unread: 1, news: true }));
  }
  for (const [name, { thread, waiting, room }] of Object.entries(world.listeners)) {
    if (waiting.length > 0 && canAct(thread, 'accept', name)) next.push(accept(world, name));
    if (waiting.length < room) next.push(withListener(world, name, [...waiting, '']));
  }
  return next.map(settle);
};

/** All of a world that can differ from another that is reached from the same start. */
const keyOf = ({ sockets, listeners, calls }: World): string => {
  const parts: unknown[] = [];
  for (const { unread, usable, news } of Object.values(sockets))
    parts.push(usable ? unread : -1 - unread, Number(news));
  for (const { waiting } of Object.values(listeners)) parts.push(waiting.length, ...waiting);
  for (const { id, left } of calls) parts.push(id, left);
  return parts.join(';');
};

/** The calls that end in no world that can be reached. */
export const neverEnding = (world: World): ModelCall[] => {
  const start = settle(world);
  const seen = new Set([keyOf(start)]);
  const worlds = [start];
  let stuck = new Set(start.calls.map(call => call.id));
  for (const reached of worlds) {
    const left = new Set(reached.calls.map(call => call.id));
    stuck = new Set([...stuck].filter(id => left.has(id)));
    if (stuck.size === 0) break;
    for (const next of steps(reached)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      worlds.push(next);
    }
  }
  return world.calls.filter(call => stuck.has(call.id));
};

/** Whether something in a deadlock can go on once this call, in it or not, is over by itself. */
export const breaksIt = (world: World, deadlock: readonly number[], id: number): boolean => {
  const rest = world.calls.filter(call => call.id !== id);
  const stuck = neverEnding({ ...world, calls: rest }).map(call => call.id);
  return !deadlock.every(each => stuck.includes(each));
};

const subsets = <T>(items: readonly T[]): T[][] => {
  const sets: T[][] = [[]];
  for (const item of items) sets.push(...sets.map(set => [...set, item]));
  return sets;
};

/**
 * The deadlocks of a world, as ids in ascending order: the smallest sets of calls that hold each other for ever even
 * when all others are cancelled.
 */
export const deadlocksByTrying = (world: World): number[][] => {
  const stuck = neverEnding(world);
  const found: ModelCall[][] = [];
  for (const set of subsets(stuck).sort((a, b) => a.length - b.length)) {
    if (set.length === 0 || found.some(smaller => smaller.every(call => set.includes(call)))) continue;
    if (neverEnding({ ...world, calls: set }).length === set.length) found.push(set);
  }
  return found.map(set => set.map(call => call.id).sort((a, b) => a - b));
};
