import type { InetObserved } from '../../core/model/observer.ts';
import type { NetRow } from '../../core/model/proc-net.ts';
import { type DiagFinding, type DiagView, openDiagView } from './diag-view.ts';
import type { OwnFiles } from './socket-match.ts';

/** Rows found by asking, and the sockets that the tables must be searched for. */
export type DiagResult = Omit<DiagFinding, 'missed'> & {
  readonly rest: readonly InetObserved[];
  readonly doubtful: readonly InetObserved[];
};

/** Asks socket by socket while that is cheaper than the tables and can be trusted. */
export type DiagChoice = {
  /** null: look in the tables instead. The first time loads koffi. */
  readonly find: (sockets: readonly InetObserved[], files: OwnFiles) => DiagResult | null;
  /** What the tables had for `rest`. */
  readonly learn: (result: DiagResult, rows: ReadonlyMap<InetObserved, NetRow>) => void;
  readonly close: () => void;
};

/**
 * Asking costs some 7 us a socket, on this thread. Beyond this many the worker's rows cost this thread less, 3 ms for
 * 1,000 sockets.
 */
const manySockets = 400;

/** Sockets remembered as absent. */
const keptAbsent = 1_000;

/**
 * How often in a row the tables may have what asking missed. A socket can come up between the two; but ENOENT is
 * also the answer of a kernel whose tcp_diag or udp_diag module is missing.
 */
const trustedMisses = 3;

const identity = ({ name, local, peer, listening }: InetObserved): string =>
  `${name} ${local?.host} ${local?.port} ${peer?.host} ${peer?.port} ${listening}`;

export const createDiagChoice = (
  wanted: 'auto' | 'table' | 'worker' | 'diag',
  fdOf: (name: string) => number | undefined,
): DiagChoice => {
  let view: DiagView | null = null;
  let refused = wanted === 'table' || wanted === 'worker';
  let misses = 0;
  /** Sockets that neither asking nor the tables had: not searched for in the tables at every look. */
  const absent = new Set<string>();

  const close = (): void => {
    view?.close();
    view = null;
    refused = true;
  };
  return {
    find: (sockets, files) => {
      if (refused || (wanted !== 'diag' && sockets.length > manySockets)) return null;
      view ??= openDiagView(fdOf);
      const finding = view?.find(sockets, files);
      if (!finding) {
        close();
        return null;
      }
      const doubtful = finding.missed.filter(socket => !absent.has(identity(socket)));
      return { ...finding, doubtful, rest: [...finding.unclear, ...doubtful] };
    },
    learn: ({ doubtful }, rows) => {
      if (absent.size > keptAbsent) absent.clear();
      let proved = false;
      for (const socket of doubtful) {
        if (rows.has(socket)) proved = true;
        else absent.add(identity(socket));
      }
      misses = proved ? misses + 1 : 0;
      if (misses >= trustedMisses) close();
    },
    close,
  };
};
