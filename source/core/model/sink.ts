import type { Entry } from './entry.ts';

/** Takes every entry on its way into the journal, before any cap touches it: a recording. */
export type Sink = {
  readonly take: (entries: readonly Entry[]) => void;
  /** false: so much waits for the disk that no new call may start. */
  readonly hasRoom: () => boolean;
  /** Calls back once when there is room again. */
  readonly onRoom: (resume: () => void) => void;
};
