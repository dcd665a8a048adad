import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { ErrorCode } from '../../core/words/error-table.ts';
import type { Around, Behaviour, BehaviourName, Memory, Next } from './behaviour.ts';
import { receive } from './receiving.ts';
import { relay } from './relaying.ts';
import { relayDatagrams } from './relaying-datagrams.ts';
import { repeat } from './repeating.ts';

/** Ms until an accept loop tries again that found nothing left: soon for a person, and no flood of entries. */
export const exhaustedPause = 1000;

/** Made once: in a flood there is one answer for every call. */
const again: Next = { kind: 'again' };
const end: Next = { kind: 'end' };
const later: Next = { kind: 'pause', ms: exhaustedPause };

/** Its client was gone, or did not come in time: accept is made again. */
const passing: readonly ErrorCode[] = ['ECONNABORTED', 'TIMEOUT'];

/** Nothing is left to make a socket of. The client stays queued, and accept would fail at once as long as that lasts. */
const exhausted: readonly ErrorCode[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'];

/** One thread for all: accept, receive until EOF, close, accept again. */
const isTextbook = (around: Around): boolean =>
  around.policy() === 'single' && around.on('accept') && around.on('receive');

const accept: Behaviour = {
  begin: ({ name, origin }) => {
    const home: Call = { name: 'accept', on: name };
    return { kind: 'make', memory: { call: home, home, origin } };
  },
  after: (outcome: Outcome, _: Memory, around: Around) => {
    if (!around.on('accept')) return end;
    if (outcome.kind === 'made') return isTextbook(around) ? { kind: 'serve', socket: outcome.name } : again;
    if (outcome.kind !== 'error' || passing.includes(outcome.code)) return again;
    return exhausted.includes(outcome.code) ? later : end;
  },
};

/** THE table of behaviours; accept and receive are loops that a person switches. */
export const behaviours: Readonly<Record<BehaviourName, Behaviour>> = {
  accept,
  receive,
  relay,
  'relay-datagrams': relayDatagrams,
  repeat,
};
