import type { Call, Want } from '../../core/calls/call.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { type ErrorCode, isErrorCode } from '../../core/words/error-table.ts';
import type { ThreadCall } from '../proc/thread-call.ts';
import type { Result } from './moments.ts';
import type { TracedSocket } from './steps.ts';
import type { Value } from './value.ts';

/** What a system call's arguments are read with. */
export type Reading = {
  readonly actor: ProcessId;
  readonly values: readonly Value[];
  /** The socket that a descriptor leads to; undefined where it is none that is told of. */
  readonly socket: (value: Value | undefined) => TracedSocket | undefined;
  /** A descriptor's name: its socket's, or `fd7`. */
  readonly nameOf: (value: Value) => string;
  readonly epoll: (value: Value | undefined) => readonly Want[];
  /** Of a call in flight: what the kernel says of it by now, which strace prints at its end only; null where that is nothing. */
  readonly inFlight: () => ThreadCall | null;
};

/** A system call as a call on sockets. `limit`: ms until it ends by itself, as far as its own arguments say; null: none. */
export type ToldCall = {
  readonly call: Call;
  readonly limit: number | null;
  readonly outcome: (result: Result) => Outcome;
};

/** How one system call is read; null where it is about no socket. */
export type ReadCall = (reading: Reading) => ToldCall | null;

export type ReadCalls = Readonly<Record<string, ReadCall>>;

/** What failed, by strace's word for it. */
export const errorOf = ({ error, more }: Result): Failure => {
  const code: ErrorCode = isErrorCode(error) ? error : 'UNKNOWN';
  return code === 'UNKNOWN' ? failure(code, `${error} ${more}`.trim()) : failure(code);
};

/** The outcome of a call that returns nothing but whether it went well. */
export const plainOutcome = (result: Result): Outcome => {
  if (result.error !== '') return errorOf(result);
  return result.value === null ? { kind: 'unseen' } : ok;
};

/** The outcome where something more is known once it went well. */
export const outcomeWith =
  (whenWell: (value: number) => Outcome) =>
  (result: Result): Outcome => {
    if (result.error !== '' || result.value === null) return plainOutcome(result);
    return whenWell(result.value);
  };
