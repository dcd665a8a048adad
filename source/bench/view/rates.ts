import type { BenchState, SocketState } from '../../core/model/state.ts';

/** A rate is that of so many ms at least. */
const least = 1_000;

/** What nobody looked at for so many ms is no rate of now. */
const most = 5_000;

/** Bytes a second of each socket, measured while somebody looks. */
export type Rates = {
  readonly see: (bench: BenchState, now: number) => void;
  /** null: not known yet. */
  readonly of: (socket: string) => number | null;
};

/** What the kernel took from it and gave it. */
export const bytesOf = ({ sent, received }: SocketState): number => sent + received;

export const createRates = (): Rates => {
  let before: { readonly at: number; readonly bytes: ReadonlyMap<string, number> } | null = null;
  let rates: ReadonlyMap<string, number> = new Map();
  const taken = ({ sockets }: BenchState): ReadonlyMap<string, number> =>
    new Map([...sockets.values()].map(socket => [socket.name, bytesOf(socket)]));
  return {
    see: (bench, now) => {
      const past = before ? now - before.at : -1;
      if (past >= 0 && past < least) return;
      const bytes = taken(bench);
      const was = past >= 0 && past <= most ? before?.bytes : undefined;
      rates = was
        ? new Map([...bytes].map(([name, count]) => [name, ((count - (was.get(name) ?? 0)) * 1000) / past]))
        : new Map();
      before = { at: now, bytes };
    },
    of: socket => rates.get(socket) ?? null,
  };
};
