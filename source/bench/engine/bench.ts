import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call, CallOf } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { LoopName, Program, SocketLetter } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Faults } from '../../core/model/faults.ts';
import type { Policy } from '../../core/model/names.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Repeat } from '../../core/model/repeat-plan.ts';
import type { Rule, RuleMove } from '../../core/model/rule.ts';
import type { ToStart } from '../processes/started-programs.ts';
import type { LiveSource, Source, SourceKind } from './source.ts';

export type PerformOptions = {
  /** Made by a loop, not by the person. */
  readonly looped?: boolean;
  /** The number of the rule that answers by it. */
  readonly rule?: number;
  /** Which send of a repeat it is, from 1. */
  readonly repeat?: number;
  /** Its message has been counted, and has its values. */
  readonly numbered?: boolean;
  /** Whose the socket is that it makes, where its name does not say so. */
  readonly actor?: Program;
  /** Of what it makes: the other end that a relay passes on to and from. */
  readonly mate?: string;
  /** Of what a relay of datagrams makes: whose datagrams go by it. */
  readonly sender?: Endpoint;
  /** A wrap follows, or what makes it a relay: no loop begins in between. */
  readonly wrapsNext?: boolean;
  /** Of an accept: hears how the handshake ends that the bench makes on what a wrapped listener has accepted. */
  readonly onWrapped?: (outcome: Outcome) => void;
  /** Asked once, when the call has ended, for what its entry is to say of a loop. Does nothing yet. */
  readonly decide?: (outcome: Outcome) => Afterwards | undefined;
  /** Called once, when the call has ended, before the flush that shows it. */
  readonly onEnd?: (outcome: Outcome) => void;
};

/** The source whose programs make calls here: sockets, threads and what can be done to them. */
export type Bench = LiveSource<'bench'> & {
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
  /** A rule for a socket that is there, after those that are: its number. */
  readonly addRule: (socket: string, rule: Rule) => number;
  /** Switches a rule, or takes it away; false where there is none of that number. */
  readonly setRule: (number: number, now: 'on' | 'off' | 'gone') => boolean;
  /** Another rule in place of one; false where there is none of that number. */
  readonly replaceRule: (number: number, rule: Rule) => boolean;
  /** Up or down among the rules of its socket, which are tried in their order; false where that cannot be. */
  readonly moveRule: (number: number, way: RuleMove) => boolean;
  /** What is accepted from a listener is passed on to there from now on; null: to nowhere any more. */
  readonly setRelay: (listener: string, target: RelayTarget | null) => void;
  /** What a socket sends again and again from now on, in place of what it did; null: nothing. */
  readonly setRepeat: (socket: string, repeat: Repeat | null) => void;
  /** What goes wrong on a socket with what its loops and rules do, and of a listener on all that it accepts: why that cannot be, or null. */
  readonly setFaults: (socket: string, faults: Faults) => string | null;
  readonly note: (level: 'info' | 'warning', text: string) => void;
  /** Starts a program of this machine beside the bench's own; it ends with the bench. Rejects where it cannot be started. */
  readonly startProgram: (program: ToStart) => Promise<ProcessId>;
  /** Whether it is seen in which calls programs that were started are. */
  readonly seesPrograms: boolean;
  /** The name that the next socket of this letter (or file) would get. */
  readonly nextName: (letter: SocketLetter | 'f') => string;
};

/** A source of any kind. Where it is no bench the compiler knows of no act. */
export type AnySource = Bench | Source<Exclude<SourceKind, 'bench'>>;
