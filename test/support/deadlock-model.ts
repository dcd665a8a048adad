/**
 * What "deadlock" means, by trying: every call that a free thread of the bench could make is made, in every order,
 * on a kernel of a few lines, and whatever ends in none of the worlds reached that way can never end. Nothing here
 * knows of graphs, of the bench's state or of its rules.
 */

/** Bytes that wait in a direction: none, some, or no room for one more. */
type Level = 0 | 1 | 2;

export type ModelCall = {
  readonly id: number;
  readonly thread: string;
  readonly socket: string;
  readonly does: 'recv' | 'send' | 'accept' | 'connect';
  /** How often a send must find room, or a receive bytes, before it ends. */
  readonly left: number;
};

export type ModelSocket = {
  /** The other end; '' for one outside the bench, who may do anything at any time. */
  readonly twin: string;
  readonly unread: Level;
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
    case 'send': {
      const { twin } = socket!;
      if (twin === '') return world;
      if (world.sockets[twin]!.unread === 2) return null;
      return withSocket(world, twin, { unread: call.left > 1 ? 2 : 1 });
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
  const next: World[] = [];
  for (const [name, { twin, unread, usable, reader, writer }] of Object.entries(world.sockets)) {
    if (twin === '') next.push(withSocket(world, name, { unread: 1 }));
    if (!usable) continue;
    if (!busy.has(reader) && unread > 0) next.push(withSocket(world, name, { unread: 0 }));
    if (twin === '' || busy.has(writer)) continue;
    const other = world.sockets[twin]!;
    if (other.unread < 2 && !other.ended) next.push(withSocket(world, twin, { unread: 1 }));
  }
  for (const [name, { thread, waiting, room }] of Object.entries(world.listeners)) {
    if (!busy.has(thread) && waiting.length > 0) next.push(accept(world, name));
    if (waiting.length < room) next.push(withListener(world, name, [...waiting, '']));
  }
  return next.map(settle);
};

/** All of a world that can differ from another that is reached from the same start. */
const keyOf = ({ sockets, listeners, calls }: World): string => {
  const parts: unknown[] = [];
  for (const { unread, usable } of Object.values(sockets)) parts.push(usable ? unread : -1 - unread);
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
