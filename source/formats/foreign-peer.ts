import { isWildcard, sameEndpoint } from '../core/address.ts';
import type { Endpoint } from '../core/names.ts';
import type { PlannedCall } from './call-plan.ts';

type Known = {
  readonly own: Endpoint[];
  readonly streams: Endpoint[];
  readonly senders: Endpoint[];
  /** Datagram sockets that sent from an address which nothing told. */
  readonly untold: Set<string>;
};

const noteOwn = ({ call, outcome }: PlannedCall, known: Known): void => {
  const local =
    outcome?.kind === 'none' || outcome?.kind === 'count' || outcome?.kind === 'made'
      ? outcome.local
      : undefined;
  const name = outcome?.kind === 'made' ? outcome.name : call.on;
  if (local) {
    known.own.push(local);
    known.untold.delete(name);
  } else if (call.name === 'sendto') known.untold.add(name);
};

const knownFrom = (calls: readonly PlannedCall[]): Known => {
  const known: Known = { own: [], streams: [], senders: [], untold: new Set() };
  const datagrams = new Set<string>();
  for (const planned of calls) {
    const { call, outcome } = planned;
    if (call.name === 'socket' && outcome?.kind === 'made' && call.type === 'SOCK_DGRAM')
      datagrams.add(outcome.name);
    noteOwn(planned, known);
    const peer = outcome?.kind === 'none' || outcome?.kind === 'made' ? outcome.peer : undefined;
    if (peer && !datagrams.has(call.on)) known.streams.push(peer);
    if (outcome?.kind === 'data' && outcome.from && call.name === 'recvfrom')
      known.senders.push(outcome.from);
  }
  return known;
};

/** A peer that no socket of the bench was, as far as the session tells; undefined where all were its own. */
export const foreignPeer = (calls: readonly PlannedCall[]): Endpoint | undefined => {
  const { own, streams, senders, untold } = knownFrom(calls);
  const isForeign = (peer: Endpoint) =>
    !own.some(one => sameEndpoint(one, peer) || (one.port === peer.port && isWildcard(one.host)));
  return streams.find(isForeign) ?? (untold.size === 0 ? senders.find(isForeign) : undefined);
};
