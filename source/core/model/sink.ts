import type { Entry } from './entry.ts';

/** Takes every entry on its way into the journal, before any cap touches it: a recording. */
export type Sink = {
  /** What calls that wait for its disk say they wait for, where it is no recording. */
  readonly name?: 'spool';
  /** false: it looks at no bytes, only at how many they are. */
  readonly readsBytes?: false;
  readonly take: (entries: readonly Entry[]) => void;
  /** false: so much waits for the disk that no new call may start. */
  readonly hasRoom: () => boolean;
  /** Calls back once when there is room again. */
  readonly onRoom: (resume: () => void) => void;
};

/** Hears of bytes that nobody looks at any more. */
export type Free = (data: Uint8Array) => void;

/**
 * Keeps the bytes that the journal lets go of: of its entries it takes none before that. With `free` it needs not copy them: nobody
 * writes to them before they are freed, each once.
 */
export type Spool = Sink & {
  readonly name: 'spool';
  readonly keep: (entry: Entry, received: Uint8Array, sent: Uint8Array, free?: Free) => void;
};
