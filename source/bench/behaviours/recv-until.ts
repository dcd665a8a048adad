import { createFinder } from '../../core/bytes/find-bytes.ts';
import type { CallOf } from '../../core/calls/call.ts';
import type { Failure, Outcome } from '../../core/calls/outcome.ts';
import { largestValue } from '../../core/language/values.ts';
import type { Bench } from '../engine/bench.ts';
import { systemClock } from '../engine/clock.ts';

/**
 * How receiving up to a delimiter ended. `full`: it had not come within what a variable may hold; `late`: nor in time. `data`
 * is what was received in any case: up to the delimiter's end, where that was found.
 */
export type UntilEnd = {
  readonly data: Uint8Array;
  readonly call: CallOf<'recv'>;
  /** The last call's id. */
  readonly id: number;
} & (
  | { readonly kind: 'found' | 'eof' | 'late' | 'full' }
  | { readonly kind: 'failed'; readonly failure: Failure }
);

export type UntilOptions = {
  readonly on: string;
  readonly delimiter: Uint8Array;
  /** ms for all of it; null: no limit but the socket's own timeout, which each call has. */
  readonly within: number | null;
};

/** What one look at the stream asks for. */
const piece = 64 * 1024;

/** Pieces that may have come by the end of its time: the largest receive buffer, of 6 MiB, holds no more (tcp(7), tcp_rmem). */
const mostWaiting = (6 * 1024 * 1024) / piece;

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/**
 * Receives from a stream up to a delimiter and no byte beyond it. Every step is a call of its own: recv with MSG_PEEK
 * looks at what is there (recv(2)), a second one takes as much of it as belongs to it.
 */
export const recvUntil = async (
  bench: Pick<Bench, 'perform' | 'cancel'>,
  { on, delimiter, within }: UntilOptions,
): Promise<UntilEnd> => {
  const finder = createFinder(delimiter);
  const parts: Uint8Array[] = [];
  let size = 0;
  let id = 0;
  let late = false;

  const recv = (call: CallOf<'recv'>): Promise<Outcome> =>
    new Promise(resolve => {
      id = bench.perform(call, { onEnd: resolve });
    });

  let stop: (() => void) | undefined;
  let looks = 0;
  let seen = 0;
  /** Each call takes a poll: while they find something, what had come by then is still being received. */
  const limit = (ms: number) => {
    stop = systemClock.deadline(ms, () => {
      if (id !== seen && looks++ < 2 * mostWaiting) {
        seen = id;
        return limit(0);
      }
      late = true;
      bench.cancel(id);
    });
  };
  if (within !== null) limit(within);

  const soFar = () => ({ data: join(parts), call: { name: 'recv', on, size: piece } as const, id });

  /** The next piece, at most as long as up to the delimiter's end. */
  const next = async (): Promise<Outcome> => {
    const look: CallOf<'recv'> = { name: 'recv', on, size: piece, flags: ['MSG_PEEK'] };
    const seen = await recv(look);
    if (seen.kind !== 'data' || seen.data.length === 0) return seen;
    const end = finder.look(seen.data);
    return recv({ name: 'recv', on, size: end < 0 ? seen.data.length : end });
  };

  try {
    for (;;) {
      const outcome = await next();
      if (outcome.kind === 'error' && !late) return { kind: 'failed', failure: outcome, ...soFar() };
      if (outcome.kind === 'error') return { kind: 'late', ...soFar() };
      if (outcome.kind !== 'data' || outcome.data.length === 0) return { kind: 'eof', ...soFar() };
      parts.push(outcome.data.slice());
      size += outcome.data.length;
      if (finder.take(outcome.data) >= 0) return { kind: 'found', ...soFar() };
      if (size >= largestValue) return { kind: 'full', ...soFar() };
      if (late) return { kind: 'late', ...soFar() };
    }
  } finally {
    stop?.();
  }
};
