import type { Endpoint } from '../addresses/endpoint.ts';
import type { RecvFlag } from '../calls/call.ts';
import type { Family, SocketType } from './names.ts';
import type { Act, Free } from './need.ts';
import type { Sample } from './observer.ts';
import type { Doubt, ThreadDoing } from './process.ts';

/*
 * What looks at processes of this machine tell, as plain data: processes by their pids, threads by pid and tid, sockets by their
 * inodes, times in ms since 1970. Whoever feeds a journal gives them the names that they have there.
 */

export type ThreadKey = { readonly pid: number; readonly tid: number };

/** Between two looks at processes, in ms. */
export const lookEvery = 100;

/** `parent`: the pid of who forked it. `asked`: one of those that are to be looked at, or a child of theirs; else at the other end. */
export type SeenProcess = {
  readonly pid: number;
  readonly name: string;
  readonly args: readonly string[];
  readonly parent: number;
  readonly asked: boolean;
};

/** `code` and `signal` where they could still be read. */
export type SeenEnd = { readonly pid: number; readonly code: number | null; readonly signal: number };

/** `timed`: it waits for a lock no longer than it said. */
export type SeenThread = ThreadKey & {
  readonly does: ThreadDoing;
  readonly since: number;
  readonly timed?: true;
};

/** `state` as ss writes it. `listener`: the inode of the listener that it stems from, 0 where none is seen. */
export type SeenSocket = {
  readonly inode: number;
  readonly family: Family;
  readonly type: SocketType;
  readonly state: string;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  readonly listener: number;
  readonly holders: readonly { readonly pid: number; readonly fd: number }[];
};

/** What the kernel's tables say of its queues. */
export type SeenQueues = Omit<Sample, 'socket' | 'local'> & { readonly inode: number };

/** A descriptor that a poll waits for; `inode` 0: no socket that is told. */
export type SeenWant = {
  readonly fd: number;
  readonly inode: number;
  readonly reads: boolean;
  readonly writes: boolean;
};

/** A call with what is known of its arguments: `flags` that change how it waits. */
export type SeenArguments =
  | {
      readonly name: 'recv' | 'recvfrom';
      readonly inode: number;
      readonly size: number;
      readonly flags: readonly RecvFlag[];
    }
  | { readonly name: 'send'; readonly inode: number; readonly size: number }
  | { readonly name: 'accept' | 'connect'; readonly inode: number }
  | {
      readonly name: 'poll';
      readonly wants: readonly SeenWant[];
      readonly timeout: number | null;
      /** How many more it waits for. */
      readonly more: number;
    };

/** What would end a call, any one of them; as Need in need.ts has it. */
export type SeenNeed = {
  readonly fd: number;
  /** Of its own socket, 0 where it is none that is told. */
  readonly inode: number;
  readonly act: Act;
  /** The socket at the other end, 0 where none is seen. */
  readonly other: number;
  readonly by: readonly number[];
  readonly free: Free | null;
};

/**
 * For what a call waits. `doubt`: why nothing certain can be said of it, null where there is no reason; left out where nobody asks.
 */
export type SeenWait = ThreadKey & {
  readonly needs: readonly SeenNeed[];
  readonly doubt?: Doubt | null;
};

/** A call that stood in two looks. `since`: the first of them; `deadline` as its arguments and its socket's options say. */
export type SeenCall = SeenWait & {
  readonly since: number;
  readonly deadline: number | null;
  readonly arguments: SeenArguments;
};

/**
 * Threads that wait for each other, in the order of waiting, found in two looks between which none of them ran.
 *
 * - `certain`: nobody can end it but the deadline `until`; else some of `mayEnd` could
 * - `behind`: threads that wait for nothing but it
 */
export type SeenKnot = {
  readonly certain: boolean;
  readonly threads: readonly ThreadKey[];
  readonly behind: readonly ThreadKey[];
  readonly until: (ThreadKey & { readonly at: number; readonly by: 'timeout' | 'SYN' }) | null;
  readonly mayEnd: readonly (ThreadKey & { readonly why: Doubt | ThreadDoing | 'deadline' })[];
};

/** What is otherwise than in the look before; whatever is not named is as it was. `at`: when the look began. */
export type News = {
  readonly at: number;
  /** New ones, and those that run another program now. */
  readonly processes: readonly SeenProcess[];
  readonly ended: readonly SeenEnd[];
  /** New sockets, and those whose ends or holders are others now. */
  readonly sockets: readonly SeenSocket[];
  /** Inodes of those that nobody has open any more. */
  readonly closed: readonly number[];
  readonly queues: readonly SeenQueues[];
  /** Calls that are over: how they ended is not seen. */
  readonly over: readonly ThreadKey[];
  readonly calls: readonly SeenCall[];
  /** Of calls told before. */
  readonly waits: readonly SeenWait[];
  readonly threads: readonly SeenThread[];
  readonly threadsOver: readonly ThreadKey[];
  /** All that there are, where they are others than before. */
  readonly knots: readonly SeenKnot[] | null;
};

/** A look that has found nothing new. */
export const noNews: Omit<News, 'at'> = {
  processes: [],
  ended: [],
  sockets: [],
  closed: [],
  queues: [],
  over: [],
  calls: [],
  waits: [],
  threads: [],
  threadsOver: [],
  knots: null,
};

/** Looks at processes until it is stopped. */
export type Looker = {
  /** `report` hears of every look that found something new. */
  readonly start: (report: (news: News) => void) => void;
  readonly stop: () => void;
};

/** Looks at those at the other end of this program's own sockets. */
export type PeerLooker = Looker & {
  /** The pid of this program. */
  readonly self: number;
  /** Sockets of this program have others at their other end now, or calls wait that did not: a look tells at once of all that wait. */
  readonly poke: () => void;
  /** There is none any more: one look tells that they are gone, and no other follows until the next `poke`. */
  readonly rest: () => void;
};

export const threadKey = ({ pid, tid }: ThreadKey): string => `${pid}/${tid}`;
