import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { quoteBytes } from '../../core/bytes/payload.ts';
import { hasIn } from '../../core/calls/calls.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import { fileSockets, type PlannedCall, type Step } from '../projection/call-plan.ts';
import type { Parties } from '../projection/parties.ts';

/** Characters of what a peer sent that a comment shows. */
const shown = 60;

/** What somebody outside did, so that calls of the session ended as they did. */
export type PeerPart = {
  /** What must be done for this call to end, as a comment; '' where no peer has a part in it. */
  readonly of: (call: PlannedCall) => string;
  readonly isForeign: (address: Endpoint) => boolean;
};

/** Of a session that nobody outside took part in. */
export const noPeer: PeerPart = { of: () => '', isForeign: () => false };

const dataWords = ({ call, outcome }: Pick<PlannedCall, 'call' | 'outcome'>): string => {
  if (outcome?.kind !== 'data') return '';
  return isEof(outcome, call)
    ? `ends its stream to ${call.on}: close or shutdown(SHUT_WR)`
    : `sends ${quoteBytes(outcome.data, shown)} to ${call.on}`;
};

/** `written` is how an address stands in the lab. */
export const peerPart = ({ calls, isOwn }: Parties, written: (address: Endpoint) => string): PeerPart => {
  const isForeign = (address: Endpoint) => !isOwn(address);
  const files = fileSockets(calls);
  /** Streams and connected datagram sockets whose peer is foreign, as far as the calls have come. */
  const strangers = new Map<string, Endpoint>();
  const parts = new Map<number, string>();

  const partOf = ({ call, outcome }: PlannedCall): string => {
    if (outcome?.kind === 'made' && hasIn(call, 'returns', 'connection')) {
      strangers.delete(outcome.name);
      if (!outcome.peer || !isForeign(outcome.peer)) return '';
      strangers.set(outcome.name, outcome.peer);
      return outcome.local ? `the peer connects to ${written(outcome.local)}` : 'a peer connects';
    }
    if (outcome?.kind === 'none' && hasIn(call, 'sets', 'peer')) {
      strangers.delete(call.on);
      if (!outcome.peer || !isForeign(outcome.peer)) return '';
      strangers.set(call.on, outcome.peer);
      return `the peer is at ${formatEndpoint(outcome.peer)}`;
    }
    if (outcome?.kind !== 'data') return '';
    const from = outcome.from ?? strangers.get(files.get(call.on) ?? call.on);
    if (!from || !isForeign(from)) return '';
    return hasIn(call, 'returns', 'datagram')
      ? `the peer sends ${quoteBytes(outcome.data, shown)} to ${call.on}`
      : `the peer ${dataWords({ call, outcome })}`;
  };

  for (const call of calls) {
    const part = partOf(call);
    if (part !== '') parts.set(call.id, part);
  }
  return { of: ({ id }) => parts.get(id) ?? '', isForeign };
};

/** A call that was begun and whose end came next is one line: what waits for a peer waits as long as that takes. */
export const joinedSteps = (steps: readonly Step[], { of }: PeerPart): Step[] =>
  steps.flatMap((step, index) => {
    if (of(step.call) === '') return [step];
    const next = steps[index + 1];
    const before = steps[index - 1];
    if (step.kind === 'begin' && next?.kind === 'ended' && next.call === step.call)
      return [{ kind: 'run', call: step.call }];
    const isJoined = step.kind === 'ended' && before?.kind === 'begin' && before.call === step.call;
    return isJoined ? [] : [step];
  });
