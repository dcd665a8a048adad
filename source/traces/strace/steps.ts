import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import type { Holder, ProcessId } from '../../core/model/process.ts';

/** One socket an inode. */
export type TracedSocket = {
  readonly name: string;
  /** Whose it was first. */
  readonly actor: ProcessId;
  readonly inode: number;
  readonly family: Family;
  readonly type: SocketType;
  local: Endpoint | null;
  peer: Endpoint | null;
  listening: boolean;
  /** The listener it was accepted from, '' for others. */
  readonly listener: string;
  /** SO_RCVTIMEO and SO_SNDTIMEO in ms, 0: none. */
  receiveMs: number;
  sendMs: number;
};

type AboutCall = {
  readonly id: number;
  readonly actor: ProcessId;
  /** `p1/4711` */
  readonly thread: string;
  readonly call: Call;
};

/**
 * What happened to traced programs, `at` ms since 1970.
 *
 * - `process`: `executed`: it runs another program; its name and arguments are the machine's to tell
 * - `begin`: of a call that was seen in flight. `deadline` in ms since 1970, null: none
 * - `end`: `seen`: a `begin` was told of it
 * - `left`: it goes on, and nothing more is told of it
 * - `socket`: one that no call has made here was come upon, or its `holders` have changed; none: it is gone
 */
export type Step = { readonly at: number } & (
  | {
      readonly kind: 'process';
      readonly actor: ProcessId;
      readonly pid: number;
      readonly parent: ProcessId | '';
      readonly origin: 'found' | 'started' | 'forked' | 'executed';
    }
  | {
      readonly kind: 'gone';
      readonly actor: ProcessId;
      readonly code: number | null;
      readonly signal: string;
    }
  | { readonly kind: 'left'; readonly actor: ProcessId }
  | ({ readonly kind: 'begin'; readonly deadline: number | null } & AboutCall)
  | ({
      readonly kind: 'end';
      readonly began: number;
      readonly outcome: Outcome;
      readonly seen: boolean;
    } & AboutCall)
  | { readonly kind: 'socket'; readonly socket: TracedSocket; readonly holders: readonly Holder[] }
  | {
      readonly kind: 'signal' | 'stopped';
      readonly actor: ProcessId;
      readonly thread: string;
      readonly signal: string;
    }
);

export type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;
