import type { Bench } from '../../bench/engine/bench.ts';
import type { DataOut } from '../print.ts';
import type { Joined } from './pipe-ends.ts';
import { openIncoming } from './pipe-incoming.ts';
import { openOutgoing } from './pipe-outgoing.ts';
import type { End, Moved } from './pipe-words.ts';

export type DirectionOptions = {
  readonly bench: Bench;
  readonly joined: Joined;
  readonly output: DataOut;
  /** Counted as it moves. */
  readonly moved: Moved;
  /** Hears of everything that moves. */
  readonly stir: () => void;
  /** The end of standard input is told to the peer. */
  readonly tellsEnd: boolean;
  /** A recording keeps what was sent. */
  readonly recorded: boolean;
};

/**
 * How a direction is over. `refused`: the peer takes no more, and what it has sent before is still to be read. `lost`: the other
 * direction is over, too.
 */
export type DirectionEnd =
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused' | 'lost'; readonly words: string };

export type Over = (end: DirectionEnd) => void;

/** Begins, calls `over` once, and answers how to stop. */
export type Direction = (options: DirectionOptions, over: Over) => () => void;

export type FlowOptions = DirectionOptions & {
  /** ms from the end of standard input to that of the pipe, whatever the peer does; null: until the peer ends. */
  readonly quitAfter: number | null;
  /** Hears of the peer's end where standard input goes on. */
  readonly peerEnded: () => void;
};

/** Both directions, each for itself, until both are over: ncat's way. */
export const flow = (options: FlowOptions) => {
  const { promise: ended, resolve } = Promise.withResolvers<End>();
  const { quitAfter } = options;
  let received = false;
  let sent: DirectionEnd | null = null;
  let quit: NodeJS.Timeout | undefined;
  const check = () => {
    if (!received || !sent) return;
    resolve(sent.kind === 'ended' ? { kind: 'done' } : { kind: 'failed', words: sent.words });
  };
  const stopIncoming = openIncoming(options, end => {
    if (end.kind === 'ended') {
      received = true;
      if (!sent) options.peerEnded();
      check();
    }
    // The peer's refusal of what was sent comes before the end that it makes here.
    else resolve({ kind: 'failed', words: sent && sent.kind !== 'ended' ? sent.words : end.words });
  });
  const stopOutgoing = openOutgoing(options, end => {
    sent = end;
    if (end.kind === 'lost') resolve({ kind: 'failed', words: end.words });
    else if (end.kind === 'ended' && quitAfter !== null)
      quit = setTimeout(() => resolve({ kind: 'quit' }), quitAfter);
    check();
  });
  return {
    ended,
    stop: () => {
      clearTimeout(quit);
      stopIncoming();
      stopOutgoing();
    },
  };
};
