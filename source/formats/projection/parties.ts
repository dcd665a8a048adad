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

/** Who took part in some calls of a session. */
export type Parties = {
  readonly calls: readonly PlannedCall[];
  /** Whether a socket of theirs stood at an address. */
  readonly isOwn: (address: Endpoint) => boolean;
  /** Whether a peer was no socket of theirs, as far as the session tells. */
  readonly hasForeign: boolean;
};

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

/** Sockets that a call sent from and no call has told the address of: who sent to others may have been one. */
const hasUntold = (calls: readonly PlannedCall[], told: ReadonlySet<string>): boolean =>
  calls.some(({ call, outcome }) => 'address' in call && outcome?.kind === 'count' && !told.has(call.on));

export const partiesOf = (calls: readonly PlannedCall[]): Parties => {
  const own = createOwnAddresses();
  /** Sockets whose address a call told of. */
  const told = new Set<string>();
  /** Datagram sockets and the peer each is connected to. */
  const datagrams = new Map<string, Endpoint | undefined>();
  const streams: Endpoint[] = [];
  const senders: Endpoint[] = [];
  for (const { call, outcome } of calls) {
    const local = localOf(outcome);
    if (local) {
      own.add(local);
      told.add(outcome?.kind === 'made' ? outcome.name : call.on);
    }
    if (hasIn(call, 'returns', 'socket') && outcome?.kind === 'made' && carriesDatagrams(call))
      datagrams.set(outcome.name, undefined);
    const peer = outcome?.kind === 'none' || outcome?.kind === 'made' ? outcome.peer : undefined;
    if (peer && datagrams.has(call.on)) datagrams.set(call.on, peer);
    else if (peer) streams.push(peer);
    if (outcome?.kind !== 'data' || !datagrams.has(call.on)) continue;
    const sender = outcome.from ?? datagrams.get(call.on);
    if (sender) senders.push(sender);
  }
  const isForeign = (peer: Endpoint) => !own.has(peer);
  return {
    calls,
    isOwn: own.has,
    hasForeign: streams.some(isForeign) || (!hasUntold(calls, told) && senders.some(isForeign)),
  };
};

/** Calls that ended because somebody outside came: an accept, or a datagram. */
export const outsideCalls = ({ calls: planned, isOwn }: Parties): PlannedCall[] =>
  planned.filter(({ call, outcome }) => {
    const { returns } = calls[call.name];
    const peer = returns === 'connection' && outcome?.kind === 'made' ? outcome.peer : undefined;
    const from = returns === 'datagram' && outcome?.kind === 'data' ? outcome.from : undefined;
    const came = peer ?? from;
    return came !== undefined && !isOwn(came);
  });
