import type { Call } from '../core/call.ts';
import type { Afterwards, LoopName } from '../core/entry.ts';
import type { ErrorCode } from '../core/error-table.ts';
import type { Policy } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';
import { transportOf } from '../core/transports.ts';
import type { LiveSocket } from './registry.ts';

/** Bytes a receive loop asks for at a time: of a fast stream, more would keep the sender waiting, less makes more entries. */
export const pieceSize = 128 << 10;

/** No datagram is larger. */
const largestDatagram = 65_536;

/** Ms until an accept loop tries again that found nothing left: soon for a person, and no flood of entries. */
export const exhaustedPause = 1000;

/** The program a behaviour acts for, as the person has set it by now. */
export type Around = {
  readonly on: (loop: LoopName) => boolean;
  readonly policy: () => Policy;
};

/** What a behaviour is begun on. `taken`: an accept loop took it; `served`: its server does nothing else until it ends. */
export type Subject = Pick<LiveSocket, 'name' | 'family' | 'type'> & {
  readonly origin: 'taken' | 'served' | '';
};

/** What a behaviour remembers from one call to the next, in plain data. */
export type Memory = { readonly call: Call; readonly origin: Subject['origin'] };

/**
 * What comes next.
 *
 * - `again`: the same call, and nothing new to remember
 * - `make`: another call, whose end the behaviour is told in turn
 * - `pause`: the same call after so many ms
 * - `serve`: nothing until the socket that was accepted is closed, then the same call
 * - `end`: nothing more, until the person or another call begins it anew
 */
export type Next =
  | { readonly kind: 'again' }
  | { readonly kind: 'make'; readonly memory: Memory }
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'serve'; readonly socket: string }
  | { readonly kind: 'end' };

/** Made once: in a flood there is one answer for every call. */
const again: Next = { kind: 'again' };
const end: Next = { kind: 'end' };
const later: Next = { kind: 'pause', ms: exhaustedPause };

/** A row of the table: pure, so that it is tested as a playbook, without a bench. */
export type Behaviour = {
  /** Its memory before the first call. */
  readonly begin: (subject: Subject) => Memory;
  /** What comes after the call that it remembers has ended so. */
  readonly after: (outcome: Outcome, memory: Memory, around: Around) => Next;
};

/** Its client was gone, or did not come in time: accept is made again. */
const passing: readonly ErrorCode[] = ['ECONNABORTED', 'TIMEOUT'];

/** Nothing is left to make a socket of. The client stays queued, and accept would fail at once as long as that lasts. */
const exhausted: readonly ErrorCode[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** One thread for all: accept, receive until EOF, close, accept again. */
const isTextbook = (around: Around): boolean =>
  around.policy() === 'single' && around.on('accept') && around.on('receive');

const accept: Behaviour = {
  begin: ({ name, origin }) => ({ call: { name: 'accept', on: name }, origin }),
  after: (outcome, _, around) => {
    if (!around.on('accept')) return end;
    if (outcome.kind === 'made') return isTextbook(around) ? { kind: 'serve', socket: outcome.name } : again;
    if (outcome.kind !== 'error' || passing.includes(outcome.code)) return again;
    return exhausted.includes(outcome.code) ? later : end;
  },
};

/** Whether there is nothing more to receive after this. A timeout passes, and so does a datagram that nobody took. */
const isOver = (outcome: Outcome, { call }: Memory): boolean => {
  if (outcome.kind === 'data') return outcome.data.length === 0 && call.name === 'recv';
  if (outcome.kind !== 'error') return false;
  return outcome.code !== 'TIMEOUT' && !(outcome.code === 'ECONNREFUSED' && call.name === 'recvfrom');
};

/** Whether what has ended is closed by the loop too: what an accept loop took must not keep its descriptor. */
const isClosed = (outcome: Outcome, { origin }: Memory, around: Around): boolean => {
  if (outcome.kind === 'error' && outcome.code === 'CLOSED') return false;
  return origin === 'served' || (origin === 'taken' && around.on('accept'));
};

const receive: Behaviour = {
  begin: ({ name, family, type, origin }) => ({
    call:
      transportOf({ family, type }).receives === 'recvfrom'
        ? { name: 'recvfrom', on: name, size: largestDatagram }
        : { name: 'recv', on: name, size: pieceSize },
    origin,
  }),
  after: (outcome, memory, around) => {
    if (memory.call.name === 'close') return end;
    if (!isOver(outcome, memory)) return around.on('receive') ? again : end;
    if (!isClosed(outcome, memory, around)) return end;
    return { kind: 'make', memory: { ...memory, call: { name: 'close', on: memory.call.on } } };
  },
};

/** THE table of behaviours, by the loop that switches each. */
export const behaviours: Readonly<Record<LoopName, Behaviour>> = { accept, receive };

/** What the journal keeps of it: why no call follows at once. */
export const afterwardsOf = (next: Next, now: () => number): Afterwards | undefined => {
  switch (next.kind) {
    case 'pause':
      return { kind: 'pause', until: now() + next.ms };
    case 'serve':
      return { kind: 'serve' };
    case 'again':
    case 'make':
    case 'end':
      return undefined;
  }
};
