import type { Bench } from '../../bench/engine/bench.ts';
import type { DataOut } from '../print.ts';
import type { Joined } from './pipe-ends.ts';
import type { Moved } from './pipe-words.ts';

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
