import type { Call, CallOf } from '../core/call.ts';
import type { LoopName } from '../core/entry.ts';
import type { Finding } from '../core/finding.ts';
import type { Journal } from '../core/journal.ts';
import type { Policy, Program, SocketLetter } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Sink } from '../core/sink.ts';
import type { BenchState, Start } from '../core/state.ts';

export type PerformOptions = {
  /** Made by a loop, not by the person. */
  readonly looped?: boolean;
  /** Called once, when the call has ended, before the flush that shows it. */
  readonly onEnd?: (outcome: Outcome) => void;
};

/** The running workbench: programs, sockets, threads and the journal. */
export type Bench = {
  readonly journal: Journal;
  /** As of the last flush. */
  readonly state: () => BenchState;
  /** Queues a call on its thread, or makes it at once; never throws. Returns the call's id. */
  readonly perform: (call: Call, options?: PerformOptions) => number;
  /**
   * Asks for an option as it is now, without making a call of it: no thread, no entry. For a screen that shows many, as
   * it shows what the kernel's tables say.
   */
  readonly ask: (call: CallOf<'getsockopt'>) => Promise<Outcome>;
  /** Ends a call that is queued or in flight (KeyboardInterrupt); false where it has ended already. */
  readonly cancel: (id: number) => boolean;
  readonly setPolicy: (program: Program, policy: Policy) => void;
  /** Turning a loop off cancels the call it has in flight. */
  readonly setLoop: (program: Program, loop: LoopName, on: boolean) => void;
  readonly note: (level: 'info' | 'warning', text: string) => void;
  /** Raises or clears a finding of the program around the bench, such as a recording that fails. */
  readonly find: (finding: Finding, on: boolean) => void;
  /** Hands every entry from now on to a recording too. Returns how to stop. */
  readonly record: (sink: Sink) => () => void;
  /** Folds what came in since the last flush, now. Commands call it before they read state. */
  readonly flush: () => void;
  /** The listener hears every flush that changed something. Returns how to stop. */
  readonly subscribe: (listener: (state: BenchState) => void) => () => void;
  /** The name that the next socket of this letter (or file) would get. */
  readonly nextName: (letter: SocketLetter | 'f') => string;
  /** Wall-clock milliseconds since 1970 of t = 0. */
  readonly began: number;
  /** Policy and loops of t = 0. */
  readonly start: Start;
  /** Milliseconds since the bench began. */
  readonly now: () => number;
  /** Closes every socket; resolves when the driver is done. */
  readonly dispose: () => Promise<void>;
};
