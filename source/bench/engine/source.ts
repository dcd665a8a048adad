import type { Finding } from '../../core/model/finding.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { Sink } from '../../core/model/sink.ts';
import type { BenchState, Start } from '../../core/model/state.ts';
import type { Shows } from '../view/view.ts';

/**
 * What feeds a journal: programs whose calls are made here, a session as it was recorded, processes of this machine as looks see
 * them, programs whose every call strace tells.
 */
export type SourceKind = 'bench' | 'replay' | 'watch' | 'trace';

/** What panes, log, timeline and exports need. Nothing can be done to it: a bench is a source with acts. */
export type Source<K extends SourceKind = SourceKind> = {
  readonly kind: K;
  /** Whose panes tell of it. */
  readonly shows: Shows;
  readonly journal: Journal;
  /** As of the last flush. */
  readonly state: () => BenchState;
  /** Folds what came in since the last flush, now. Commands call it before they read state. */
  readonly flush: () => void;
  /** The listener hears every flush that changed something. Returns how to stop. */
  readonly subscribe: (listener: (state: BenchState) => void) => () => void;
  /** Wall-clock milliseconds since 1970 of t = 0. */
  readonly began: number;
  /** Policy and loops of t = 0. */
  readonly start: Start;
  /** Milliseconds since it began. */
  readonly now: () => number;
  /** Resolves when all that it held is closed. */
  readonly dispose: () => Promise<void>;
};

/** A source to which entries still come, so that they can be recorded: any but a replay, which is a recording. */
export type LiveSource<K extends Exclude<SourceKind, 'replay'> = Exclude<SourceKind, 'replay'>> =
  Source<K> & {
    /** Raises or clears a finding of the program around the source, such as a recording that fails. */
    readonly find: (finding: Finding, on: boolean) => void;
    /** Hands every entry from now on to a recording too. Returns how to stop. */
    readonly record: (sink: Sink) => () => void;
  };
