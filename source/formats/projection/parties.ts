import { type Endpoint, isIdentity, isInet, portAt } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import { endpointKey } from '../../core/addresses/twins.ts';
import { calls, hasIn } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import type { PlannedCall } from './call-plan.ts';

/** Where sockets of the bench stood, as far as a session tells. */
export type OwnAddresses = {
  readonly add: (address: Endpoint) => void;
  /**
   * A socket bound to every interface stands at its port of each. The sender of a Unix datagram without a name may be any
   * that has none: it is one of these where there is one.
   */
  readonly has: (address: Endpoint) => boolean;
};

export const createOwnAddresses = (): OwnAddresses => {
  const exact = new Set<string>();
  const everywhere = new Set<string>();
  let unnamed = false;
  return {
    add: address => {
      unnamed ||= address.kind === 'unix' && address.path === '';
      if (!isInet(address)) exact.add(endpointKey(address));
      else if (isWildcard(address.host)) everywhere.add(String(address.port));
      else exact.add(endpointKey(address));
    },
    has: address =>
      isIdentity(address)
        ? everywhere.has(String(portAt(address))) || exact.has(endpointKey(address))
        : unnamed,
  };
};

/** Who sent to the bench or was connected with it. */
type Peers = { readonly streams: Endpoint[]; readonly senders: Endpoint[] };

const localOf = (outcome: Outcome | null): Endpoint | undefined => {
  switch (outcome?.kind) {
    case 'none':
    case 'count':
    case 'made':
      return outcome.local;
    default:
      return undefined;
  }
};

const peersOf = (calls: readonly PlannedCall[]): Peers => {
  const peers: Peers = { streams: [], senders: [] };
  /** Datagram sockets and the peer each is connected to. */
  const datagrams = new Map<string, Endpoint | undefined>();
  for (const { call, outcome } of calls) {
    if (hasIn(call, 'returns', 'socket') && outcome?.kind === 'made' && carriesDatagrams(call))
      datagrams.set(outcome.name, undefined);
    const peer = outcome?.kind === 'none' || outcome?.kind === 'made' ? outcome.peer : undefined;
    if (peer && datagrams.has(call.on)) datagrams.set(call.on, peer);
    else if (peer) peers.streams.push(peer);
    if (outcome?.kind !== 'data' || !datagrams.has(call.on)) continue;
    const sender = outcome.from ?? datagrams.get(call.on);
    if (sender) peers.senders.push(sender);
  }
  return peers;
};

type Own = { readonly isOwn: (address: Endpoint) => boolean; readonly told: ReadonlySet<string> };

/** Where sockets of the bench stood, and which of them a call told of. */
const ownOf = (calls: readonly PlannedCall[]): Own => {
  const own = createOwnAddresses();
  const told = new Set<string>();
  for (const { call, outcome } of calls) {
    const local = localOf(outcome);
    if (!local) continue;
    own.add(local);
    told.add(outcome?.kind === 'made' ? outcome.name : call.on);
  }
  return { isOwn: own.has, told };
};

/** A peer that no socket of the bench was, as far as the session tells; undefined where all were its own. */
export const foreignPeer = (calls: readonly PlannedCall[]): Endpoint | undefined => {
  const { isOwn, told } = ownOf(calls);
  const { streams, senders } = peersOf(calls);
  const isForeign = (peer: Endpoint) => !isOwn(peer);
  const untold = calls.some(
    ({ call, outcome }) => 'address' in call && outcome?.kind === 'count' && !told.has(call.on),
  );
  return streams.find(isForeign) ?? (untold ? undefined : senders.find(isForeign));
};

/** Whether a socket of the bench stood at an address. */
export const ownAddresses = (calls: readonly PlannedCall[]): ((address: Endpoint) => boolean) =>
  ownOf(calls).isOwn;

/** Calls that ended because somebody outside came: an accept, or a datagram. */
export const outsideCalls = (planned: readonly PlannedCall[]): PlannedCall[] => {
  const { isOwn } = ownOf(planned);
  return planned.filter(({ call, outcome }) => {
    const { returns } = calls[call.name];
    const peer = returns === 'connection' && outcome?.kind === 'made' ? outcome.peer : undefined;
    const from = returns === 'datagram' && outcome?.kind === 'data' ? outcome.from : undefined;
    const came = peer ?? from;
    return came !== undefined && !isOwn(came);
  });
};
