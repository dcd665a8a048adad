import type { Endpoint } from '../addresses/endpoint.ts';
import { type Call, titleOf } from '../calls/call.ts';
import type { ActorId } from './actors.ts';
import type { Act, Free } from './need.ts';

/**
 * For whom or what a call in flight waits.
 *
 * - `socket`: a socket of the bench must act. `ways`: the calls that the threads which could do it are in, each
 *   instead; any one that ends will do. None: it comes by itself, since it is acting already. `through` is the one of
 *   them that the wait hangs on, 0 where there is none
 * - `inside`: the same of a socket that is closed: its end comes once the calls that are still inside it have ended, which
 *   `ways` are
 * - `person`: the thread that could act is free: only the person is missing
 * - `behaviour`: the thread is free, and a behaviour that pauses acts at `at`, ms since the bench began
 * - `thread`: queued behind the call `through`; 0 where its thread is free and the recording holds it back
 * - `clock`: room was made, and only the next SYN can find it: `at`, ms since the bench began, where known
 * - `foreign`: a peer outside the bench. `any`: whoever comes
 * - `kernel`: nothing is missing, it ends by itself
 * - `process`: one of these processes must act, on its socket `on`, '' where that has no name here. `through`: a call in flight of
 *   theirs; what a process does besides its calls is not foreseen, so that no deadlock is concluded from it
 * - `any-of`: one of several will do, as in a poll; `through` is the first of them that leads on
 * - `unseen`: somebody or something that is not seen: `why`; its `on` is the waiting process's own socket, or `fd7`
 *
 * `on` is the socket or file object that must act.
 */
export type Reason =
  | {
      readonly kind: 'socket';
      readonly on: string;
      readonly act: Act;
      readonly ways: readonly number[];
      readonly through: number;
    }
  | {
      readonly kind: 'inside';
      readonly on: string;
      readonly ways: readonly number[];
      readonly through: number;
    }
  | { readonly kind: 'person'; readonly on: string; readonly act: Act }
  | {
      readonly kind: 'behaviour';
      readonly on: string;
      readonly act: Act;
      readonly at: number;
      readonly rule?: number;
      readonly fault?: true;
    }
  | { readonly kind: 'thread'; readonly thread: string; readonly through: number }
  | { readonly kind: 'clock'; readonly at: number | null }
  | { readonly kind: 'foreign'; readonly peer: Endpoint; readonly act: 'send' | 'recv' | 'answer' }
  | { readonly kind: 'any'; readonly what: 'datagram' | 'client' }
  | { readonly kind: 'resolver' }
  | { readonly kind: 'kernel'; readonly doing: 'bytes' | 'room' | 'handshake' | 'end' | 'work' }
  | {
      readonly kind: 'process';
      readonly on: string;
      readonly act: Act;
      readonly actors: readonly ActorId[];
      readonly through: number;
    }
  | { readonly kind: 'any-of'; readonly reasons: readonly Reason[]; readonly through: number }
  | { readonly kind: 'unseen'; readonly why: Unseen; readonly on: string; readonly act: Act };

/** What of a wait is not seen: who holds the other end, who that is, or something that is no socket. */
export type Unseen = Extract<Free, 'elsewhere' | 'unseen' | 'peer' | 'pipe' | 'terminal' | 'file'>;

/** `c1.recv`; a function of the module by its name alone. */
export const callLabel = ({ call }: { readonly call: Call }): string => titleOf(call);

/** A moment on the bench's clock: `14.3s`. */
export const moment = (ms: number): string => `${(ms / 1000).toFixed(1)}s`;

const noWays: readonly number[] = [];

/** The calls in flight of which any one would end the wait by ending; none: it does not hang on calls of the bench. */
export const waysOf = (reason: Reason): readonly number[] => ('ways' in reason ? reason.ways : noWays);
