import { formatEndpoint } from './address.ts';
import { titleOf } from './call.ts';
import type { Endpoint } from './names.ts';
import type { BenchState, CallState } from './state.ts';
import { humanSize } from './units.ts';

/** What somebody must do for a call to go on. `end`: close or half-close, for a read until EOF. */
export type Act = 'send' | 'recv' | 'accept' | 'flush' | 'end';

/**
 * For whom or what a call in flight waits.
 *
 * - `socket`: a socket of the bench must act. `ways`: the calls that the threads which could do it are in, each
 *   instead; any one that ends will do. None: it comes by itself, since it is acting already. `through` is the one of
 *   them that the wait hangs on, 0 where there is none
 * - `person`: the thread that could act is free: only the person is missing
 * - `thread`: queued behind the call `through`; 0 where its thread is free and the recording holds it back
 * - `clock`: room was made, and only the next SYN can find it: `at`, ms since the bench began, where known
 * - `foreign`: a peer outside the bench. `any`: whoever comes
 * - `kernel`: nothing is missing, it ends by itself
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
  | { readonly kind: 'person'; readonly on: string; readonly act: Act }
  | { readonly kind: 'thread'; readonly thread: string; readonly through: number }
  | { readonly kind: 'clock'; readonly at: number | null }
  | { readonly kind: 'foreign'; readonly peer: Endpoint; readonly act: 'send' | 'recv' | 'answer' }
  | { readonly kind: 'any'; readonly what: 'datagram' | 'client' }
  | { readonly kind: 'resolver' }
  | { readonly kind: 'kernel'; readonly doing: 'bytes' | 'room' | 'handshake' | 'work' };

/** The same with its words, to follow "waits for". */
export type Wait = Reason & { readonly sentence: string };

/** `c1.recv`; a function of the module by its name alone. */
export const callLabel = ({ call }: CallState): string => titleOf(call);

const verbs: Readonly<Record<Act, string>> = {
  send: 'send',
  recv: 'recv',
  accept: 'accept',
  flush: 'flush',
  end: 'half-close',
};

/** A moment on the bench's clock: `14.3s`. */
export const moment = (ms: number): string => `${(ms / 1000).toFixed(1)}s`;

/** What the person's key does; keys are those of the key table's defaults. */
const personWords = (on: string, act: Act, state: BenchState): string => {
  switch (act) {
    case 'accept':
      return 'you: a accepts one';
    case 'send':
      return `you: s sends on ${on}`;
    case 'recv':
      return `you: r receives on ${on}`;
    case 'end':
      return `you: d half-closes ${on}`;
    case 'flush':
      return `you: ${on}.flush sends the ${humanSize(state.files.get(on)?.unflushed ?? 0)} it holds`;
  }
};

const kernelWords = {
  bytes: 'bytes on their way',
  room: 'the kernel',
  handshake: 'the handshake',
  work: 'the kernel',
};

/** The words for a wait, as design.md and the screen have them. */
export const waitSentence = (state: BenchState, reason: Reason): string => {
  switch (reason.kind) {
    case 'socket': {
      const { on, act, through } = reason;
      const inside = act === 'end' && state.sockets.get(on)?.closing ? state.calls.get(through) : undefined;
      return inside ? `${callLabel(inside)} to end, which keeps the closed ${on}` : `${on} to ${verbs[act]}`;
    }
    case 'person':
      return personWords(reason.on, reason.act, state);
    case 'thread': {
      const busy = state.calls.get(reason.through);
      return busy ? `its thread, in ${callLabel(busy)}` : 'the recording';
    }
    case 'clock':
      return reason.at === null ? 'the clock: next SYN' : `the clock: next SYN at ${moment(reason.at)}`;
    case 'foreign':
      return `${formatEndpoint(reason.peer)} to ${reason.act} (foreign)`;
    case 'any':
      return `any ${reason.what}`;
    case 'resolver':
      return 'the resolver';
    case 'kernel':
      return kernelWords[reason.doing];
  }
};
