import type { Call } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls } from '../../core/calls/calls.ts';
import type { Running } from '../../core/calls/driver.ts';
import type { ActorId, Program } from '../../core/model/actors.ts';
import type { SinkName } from '../../core/model/names.ts';
import type { PerformOptions } from './bench.ts';
import type { LiveSocket } from './registry.ts';

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

/** What runs on one thread, and what waits for it. `goingOn`: what is next is being begun. */
export type Thread = { running: Flight | null; readonly waiting: Flight[]; goingOn: boolean };

/**
 * A call from perform() to its end: the bench's own working record; the journal gets entries made from it. A class, since one is made
 * for every call: see Ended.
 */
export class Flight implements Progress {
  declare readonly id: number;
  declare readonly call: Call;
  /** Of its call. */
  declare readonly spec: CallSpec;
  /** The socket it occupies, through its file object; undefined for the module's functions. */
  declare live: LiveSocket | undefined;
  declare thread: string;
  /** The same with what else is on it, once it has come to it. */
  declare line: Thread | null;
  /** Whose call it is; '' for the module's functions. */
  declare actor: Program | '';
  /** When it was asked for; moved on while the driver prepares for it: that is no part of the call. */
  declare queuedAt: number;
  declare readonly inside: number;
  declare readonly looped: boolean;
  declare readonly rule: number | undefined;
  declare readonly repeat: number | undefined;
  /** As `perform` was asked: what decides and what hears of its end. */
  declare readonly options: PerformOptions;
  /** Waits for the disk of this file, not for its thread. */
  declare held: SinkName | undefined;
  declare startedAt: number | null;
  declare deadline: number | null;
  declare place: number;
  declare seen: 'nothing' | 'queued' | 'running';
  declare ended: boolean;
  declare running: Running | null;
  /** The look-up it is waiting for, before it can start. */
  declare lookup: Flight | null;
  declare clearDeadline: (() => void) | undefined;
  /** Those in flight that were made just before and after it: FlightList. */
  declare before: Flight | null;
  declare after: Flight | null;
  /** The next of those that share its place there. */
  declare behind: Flight | null;

  /** On no socket and no thread yet, and in no queue: -1. */
  constructor(id: number, call: Call, inside: number, options: PerformOptions) {
    this.id = id;
    this.call = call;
    this.spec = calls[call.name];
    this.live = undefined;
    this.thread = '';
    this.line = null;
    this.actor = '';
    this.queuedAt = -1;
    this.inside = inside;
    this.looped = options.looped ?? false;
    this.rule = options.rule;
    this.repeat = options.repeat;
    this.options = options;
    this.held = undefined;
    this.startedAt = null;
    this.deadline = null;
    this.place = -1;
    this.seen = 'nothing';
    this.ended = false;
    this.running = null;
    this.lookup = null;
    this.clearDeadline = undefined;
    this.before = null;
    this.after = null;
    this.behind = null;
  }

  /** The name of the socket it occupies; '' for the module's functions. */
  get socket(): string {
    return this.live?.name ?? '';
  }
}

/** The socket that a call is on; undefined where there is none, or none any more. */
export const liveOf = ({ live }: Flight): LiveSocket | undefined => (live?.gone ? undefined : live);
