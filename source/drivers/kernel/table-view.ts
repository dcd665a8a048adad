import { endianness } from 'node:os';
import type { InetObserved } from '../../core/model/observer.ts';
import { type NetRow, type NetTable, parseNetTable } from '../../core/model/proc-net.ts';
import { matchRows, type OwnFiles, portNumber, tableOf } from './socket-match.ts';
import { createTableReader, type TableReply, type TableRequest } from './table-reader.ts';
import { startTableWorker, type TableWorker } from './table-worker.ts';

/** `lines` of the tables looked at in `ms`, there. */
export type TableCost = { readonly ms: number; readonly lines: number; readonly where: 'table' | 'worker' };

/** The tables in /proc/net, read on this thread or, while that takes long, in a worker. */
export type TableView = {
  /** The rows of these sockets; null where the tables cannot be read. */
  readonly find: (
    sockets: readonly InetObserved[],
    files: OwnFiles,
  ) => Promise<Map<InetObserved, NetRow> | null>;
  readonly cost: () => TableCost;
  /** Ends the worker, if there is one; later reads are made on this thread. */
  readonly close: () => void;
};

/**
 * Beyond either, a read would be felt as a late key. The time counts too because a walk through the kernel's
 * hash table costs by its size, which follows the machine's memory: 4.6 ms for an empty tcp table of 2^18 buckets.
 */
const longLines = 2_000;
const longMs = 8;

/** Decoded addresses kept from one read to the next. */
const keptHosts = 1_000;

const littleEndian = endianness() === 'LE';

const pathOf = (table: NetTable): string => `/proc/net/${table}`;

/** The tables these sockets are in, and the ports by which their rows are known. */
const requestOf = (sockets: readonly InetObserved[]): { tables: NetTable[]; request: TableRequest } => {
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

/** Reads on this thread or in the worker, by what reading has cost so far. */
const createReading = (wanted: 'auto' | 'table' | 'worker') => {
  const readHere = createTableReader();
  let worker: TableWorker | null = null;
  let stayHere = wanted === 'table';
  let cost: TableCost = { ms: 0, lines: 0, where: 'table' };
  /** Smoothed, so that one read that lost the processor does not start a thread; the first one counts whole. */
  let usualMs = 0;

  const isLong = (): boolean => {
    if (wanted === 'worker') return true;
    // Half the limits to come back, so that a table at the limit does not swing.
    const share = cost.where === 'worker' ? 0.5 : 1;
    return cost.lines > longLines * share || usualMs > longMs * share;
  };
  const learn = (reply: TableReply, where: TableCost['where']): TableReply => {
    usualMs = usualMs === 0 ? reply.ms : usualMs + (reply.ms - usualMs) / 4;
    cost = { ms: reply.ms, lines: reply.lines, where };
    return reply;
  };
  const close = (): void => {
    worker?.close();
    worker = null;
    stayHere = true;
  };
  const read = async (request: TableRequest): Promise<TableReply> => {
    if (!stayHere && isLong()) {
      try {
        worker ??= startTableWorker();
        return learn(await worker.read(request), 'worker');
      } catch {
        // A thread that cannot start, or was closed meanwhile: slower here, and still right.
        close();
      }
    }
    return learn(readHere(request), 'table');
  };
  return { read, cost: () => cost, close };
};

export const createTableView = (wanted: 'auto' | 'table' | 'worker'): TableView => {
  const reading = createReading(wanted);
  const hosts = new Map<string, string>();
  return {
    find: async (sockets, files) => {
      const { tables, request } = requestOf(sockets);
      // A mounted /proc may still be closed to this user: then there is nothing to show, and no error to raise.
      const reply = await reading.read(request).catch(() => null);
      if (!reply) return null;
      if (hosts.size > keptHosts) hosts.clear();
      const rows = (table: NetTable): NetRow[] =>
        parseNetTable(reply.texts[tables.indexOf(table)] ?? '', table, littleEndian, hosts);
      return matchRows(sockets, rows, files);
    },
    cost: reading.cost,
    close: reading.close,
  };
};
