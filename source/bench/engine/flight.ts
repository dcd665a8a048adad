import type { Call } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Running } from '../../core/calls/driver.ts';
import type { ActorId, Program } from '../../core/model/actors.ts';
import type { SinkName } from '../../core/model/names.ts';
import type { PerformOptions } from './bench.ts';

/** How far a call in flight has been told of. */
export type Progress = {
  readonly id: number;
  readonly call: Call;
  /** Whose call it is; '' for the module's functions. */
  readonly actor: ActorId | '';
  readonly thread: string;
  readonly queuedAt: number;
  readonly inside: number;
  readonly looped: boolean;
  readonly rule: number | undefined;
  readonly repeat: number | undefined;
  /** Waits for the disk of this file, not for its thread. */
  readonly held: SinkName | undefined;
  readonly startedAt: number | null;
  readonly deadline: number | null;
  /** Where it stands among what came in since the last flush; -1: nowhere. */
  place: number;
  /** What the journal has been told so far. */
  seen: 'nothing' | 'queued' | 'running';
};

/** A call from perform() to its end: the bench's own working record; the journal gets entries made from it. */
export type Flight = Progress & {
  /** Of its call. */
  readonly spec: CallSpec;
  /** The socket it occupies, through its file object; '' for the module's functions. */
  socket: string;
  thread: string;
  /** Whose call it is; '' for the module's functions. */
  actor: Program | '';
  /** Moved on while the driver prepares for it: that is no part of the call. */
  queuedAt: number;
  /** As `perform` was asked: what decides and what hears of its end. */
  readonly options: PerformOptions;
  /** Waits for the disk of this file, not for its thread. */
  held: SinkName | undefined;
  startedAt: number | null;
  deadline: number | null;
  ended: boolean;
  running: Running | null;
  /** The look-up it is waiting for, before it can start. */
  lookup: Flight | null;
  clearDeadline: (() => void) | undefined;
  /** Those in flight that were made just before and after it: FlightList. */
  before: Flight | null;
  after: Flight | null;
};

/** On no socket and no thread yet. */
export const newFlight = (
  id: number,
  call: Call,
  inside: number,
  options: PerformOptions,
  queuedAt: number,
): Flight => ({
  id,
  call,
  spec: calls[call.name],
  socket: '',
  thread: '',
  actor: '',
  queuedAt,
  inside,
  looped: options.looped ?? false,
  // A spread amid a literal costs more than all of the rest.
  rule: options.rule,
  repeat: options.repeat,
  options,
  held: undefined,
  startedAt: null,
  deadline: null,
  place: -1,
  seen: 'nothing',
  ended: false,
  running: null,
  lookup: null,
  clearDeadline: undefined,
  before: null,
  after: null,
});
