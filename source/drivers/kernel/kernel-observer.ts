import {
  type InetObserved,
  isInetObserved,
  type Observation,
  type Observed,
  type Observer,
  type Sample,
} from '../../core/model/observer.ts';
import type { NetRow } from '../../core/model/proc-net.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { createDiagChoice } from './diag-choice.ts';
import { ownFiles } from './own-files.ts';
import type { OwnFiles } from './socket-match.ts';
import { createTableView } from './table-view.ts';
import { unixSamples } from './unix-samples.ts';

/** `proc`: the kernel can be asked. `none`: it cannot, the application's own knowledge must do. */
export type ObserverHost = 'proc' | 'none';

/**
 * How the kernel is asked. `table`: its tables in /proc/net are read and searched; `worker`: the same in a thread of
 * its own; `diag`: it is asked socket by socket (sock_diag(7), through koffi).
 */
export type ObserverMeans = 'table' | 'worker' | 'diag';

/** What the newest sample cost: ms of asking, and lines of the tables (or sockets, for `diag`) looked at. */
export type ObserverCost = { readonly ms: number; readonly lines: number; readonly means: ObserverMeans };

export type KernelObserver = Omit<Observer, 'cost' | 'close'> & {
  readonly cost: () => ObserverCost;
  /** Gives back what it opened; later samples read the tables on this thread. */
  readonly close: () => void;
};

export type ObserverOptions = {
  /** Default: `proc` on Linux. */
  readonly host?: ObserverHost;
  /**
   * Default `auto`: `diag` where it can be had and the sockets are not too many, else the tables, which the worker
   * reads while they are long.
   */
  readonly means?: 'auto' | ObserverMeans;
  /**
   * The file descriptor of an open socket by name, if known: tells apart what addresses cannot, such as two
   * connects that wait for one full listener. Without it neither of those has a sample.
   */
  readonly fdOf?: (name: string) => number | undefined;
};

const unavailable: Observation = { source: 'application', samples: [] };

const sampleOf = (socket: Observed, row: NetRow): Sample => ({
  socket: socket.name,
  state: row.state,
  rcvQ: row.rcvQ,
  sndQ: row.sndQ,
  timer: row.timer,
  timerMs: row.timerMs,
  retransmits: row.retransmits,
  drops: row.drops,
  ...(row.state === 'SYN-SENT' ? { local: row.local } : {}),
});

/** A TCP socket that is only bound, or less, is in no table. */
const isListed = (socket: Observed): boolean =>
  socket.family === 'AF_UNIX' ||
  socket.peer !== null ||
  (socket.local !== null && (!shakesHands(socket) || socket.listening));

/**
 * Watches sockets in the kernel, on Linux. Elsewhere every observation has the source `application` and no samples.
 * A sample never rejects; a socket that the kernel lists nowhere has none.
 */
export const createObserver = (options: ObserverOptions = {}): KernelObserver => {
  const host = options.host ?? (process.platform === 'linux' ? 'proc' : 'none');
  const means = options.means ?? 'auto';
  const fdOf = options.fdOf ?? (() => undefined);
  const tables = createTableView(means === 'worker' || means === 'table' ? means : 'auto');
  const diag = createDiagChoice(means, fdOf);
  let cost: ObserverCost = { ms: 0, lines: 0, means: 'table' };
  let last: Promise<unknown> = Promise.resolve();

  const rowsOf = async (
    sockets: readonly InetObserved[],
    files: OwnFiles,
  ): Promise<ReadonlyMap<Observed, NetRow> | null> => {
    const began = performance.now();
    const asked = diag.find(sockets, files);
    const rest = asked ? asked.rest : sockets;
    if (asked && rest.length === 0) {
      cost = { ms: performance.now() - began, lines: sockets.length, means: 'diag' };
      return asked.found;
    }
    const rows = await tables.find(rest, files);
    const { where, ms, lines } = tables.cost();
    cost = { ms, lines, means: where };
    if (!asked) return rows;
    diag.learn(asked, rows ?? new Map());
    return new Map([...asked.found, ...(rows ?? [])]);
  };
  const look = async (sockets: readonly Observed[]): Promise<Observation> => {
    if (sockets.length === 0) return { source: 'kernel', samples: [] };
    const files = ownFiles(fdOf);
    const inet = sockets.filter(isInetObserved);
    const rows = inet.length === 0 ? new Map<Observed, NetRow>() : await rowsOf(inet, files);
    if (!rows) return unavailable;
    const local = unixSamples(
      sockets.filter(({ family }) => family === 'AF_UNIX'),
      files,
    );
    const samples = sockets.flatMap(socket => {
      const row = rows.get(socket);
      return row ? [sampleOf(socket, row)] : (local.get(socket) ?? []);
    });
    return { source: 'kernel', samples };
  };
  const sample = (sockets: readonly Observed[]): Promise<Observation> => {
    if (host === 'none') return Promise.resolve(unavailable);
    const next = last.then(() => look(sockets.filter(isListed)));
    last = next;
    return next;
  };
  const close = (): void => {
    diag.close();
    tables.close();
  };
  return { sample, cost: () => cost, close };
};
