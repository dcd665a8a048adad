import { endianness } from 'node:os';
import type { Sample } from '../core/entry.ts';
import { type NetRow, type NetTable, parseNetTable } from '../core/proc-net.ts';
import { ownFiles } from './own-files.ts';
import { matchRows, type Observed, portNumber, tableOf } from './socket-match.ts';
import { createTableReader, type TableReply, type TableRequest } from './table-reader.ts';
import { startTableWorker, type TableWorker } from './table-worker.ts';

/** `proc`: the kernel's own tables. `none`: there are none here, the application's own knowledge must do. */
export type ObserverHost = 'proc' | 'none';

export type Observation = {
  readonly source: 'kernel' | 'application';
  /** A sample for each socket the kernel lists; no order is promised. Empty where the source is `application`. */
  readonly samples: Sample[];
};

/** What the newest sample cost: ms of reading (in the worker where `thread` says so) and lines looked at. */
export type ObserverCost = {
  readonly ms: number;
  readonly lines: number;
  readonly thread: 'main' | 'worker';
};

export type Observer = {
  /** The kernel's view of these sockets, now. Never rejects. */
  readonly sample: (sockets: readonly Observed[]) => Promise<Observation>;
  readonly cost: () => ObserverCost;
  /** Ends the worker, if there is one; later samples are read on this thread. */
  readonly close: () => void;
};

export type ObserverOptions = {
  /** Default: `proc` on Linux. */
  readonly host?: ObserverHost;
  /** Where the reading is done; `auto` moves it to the worker while it is long. Default: `auto`. */
  readonly thread?: 'auto' | 'main' | 'worker';
};

/**
 * Beyond either, a read would be felt as a late key. The time counts too because a walk through the kernel's
 * hash table costs by its size, which follows the machine's memory: 4.6 ms for an empty tcp table of 2^18 buckets.
 */
const longLines = 2_000;
const longMs = 8;

/** Decoded addresses kept from one sample to the next. */
const keptHosts = 1_000;

const littleEndian = endianness() === 'LE';

const unavailable: Observation = { source: 'application', samples: [] };

const pathOf = (table: NetTable): string => `/proc/net/${table}`;

/** The tables these sockets are in, and the ports by which their rows are known. */
const requestOf = (sockets: readonly Observed[]): { tables: NetTable[]; request: TableRequest } => {
  const tables = [...new Set(sockets.map(tableOf))];
  const locals = new Set<number>();
  const remotes = new Set<number>();
  for (const socket of sockets) {
    const port = portNumber(socket.local);
    if (port !== 0) locals.add(port);
    else if (socket.peer) remotes.add(portNumber(socket.peer));
  }
  return { tables, request: { paths: tables.map(pathOf), locals: [...locals], remotes: [...remotes] } };
};

const sampleOf = (socket: Observed, row: NetRow): Sample => ({
  socket: socket.name,
  state: row.state,
  rcvQ: row.rcvQ,
  sndQ: row.sndQ,
  timer: row.timer,
  timerMs: row.timerMs,
  retransmits: row.retransmits,
  drops: row.drops,
});

/** Reads on this thread or in the worker, by what reading has cost so far. */
const createReading = (thread: 'auto' | 'main' | 'worker') => {
  const readHere = createTableReader();
  let worker: TableWorker | null = null;
  let workerFails = thread === 'main';
  let cost: ObserverCost = { ms: 0, lines: 0, thread: 'main' };
  /** Smoothed, so that one read that lost the processor does not start a thread; the first one counts whole. */
  let usualMs = 0;

  const isLong = (): boolean => {
    if (thread === 'worker') return true;
    // Half the limits to come back, so that a table at the limit does not swing.
    const share = cost.thread === 'worker' ? 0.5 : 1;
    return cost.lines > longLines * share || usualMs > longMs * share;
  };
  const learn = (reply: TableReply, where: 'main' | 'worker'): TableReply => {
    usualMs = cost.lines === 0 ? reply.ms : usualMs + (reply.ms - usualMs) / 4;
    cost = { ms: reply.ms, lines: reply.lines, thread: where };
    return reply;
  };
  const close = (): void => {
    worker?.close();
    worker = null;
    workerFails = true;
  };
  const read = async (request: TableRequest): Promise<TableReply> => {
    if (!workerFails && isLong()) {
      try {
        worker ??= startTableWorker();
        return learn(await worker.read(request), 'worker');
      } catch {
        // A thread that cannot start, or was closed meanwhile: slower here, and still right.
        close();
      }
    }
    return learn(readHere(request), 'main');
  };
  return { read, cost: () => cost, close };
};

/**
 * Watches sockets in the kernel's tables, /proc/net on Linux. Elsewhere every observation has the source
 * `application` and no samples.
 */
export const createObserver = (options: ObserverOptions = {}): Observer => {
  const host = options.host ?? (process.platform === 'linux' ? 'proc' : 'none');
  const reading = createReading(options.thread ?? 'auto');
  const hosts = new Map<string, string>();
  let last: Promise<unknown> = Promise.resolve();

  const readTables = async (request: TableRequest): Promise<TableReply | null> => {
    try {
      return await reading.read(request);
    } catch {
      // A mounted /proc may still be closed to this user: then there is nothing to show, and no error to raise.
      return null;
    }
  };
  const look = async (sockets: readonly Observed[]): Promise<Observation> => {
    const { tables, request } = requestOf(sockets);
    const reply = await readTables(request);
    if (!reply) return unavailable;
    if (hosts.size > keptHosts) hosts.clear();
    const rows = (table: NetTable): NetRow[] =>
      parseNetTable(reply.texts[tables.indexOf(table)] ?? '', table, littleEndian, hosts);
    const found = matchRows(sockets, rows, ownFiles());
    return { source: 'kernel', samples: [...found].map(([socket, row]) => sampleOf(socket, row)) };
  };
  const sample = (sockets: readonly Observed[]): Promise<Observation> => {
    if (host === 'none') return Promise.resolve(unavailable);
    if (sockets.length === 0) return Promise.resolve({ source: 'kernel', samples: [] });
    const next = last.then(() => look(sockets));
    last = next;
    return next;
  };
  return { sample, cost: reading.cost, close: reading.close };
};
