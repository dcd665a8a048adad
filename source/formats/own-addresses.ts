import { type Endpoint, isInet, portAt } from '../core/endpoint.ts';
import { isWildcard } from '../core/ip.ts';
import { endpointKey } from '../core/twins.ts';

/** Where sockets of the bench stood, as far as a session tells. */
export type OwnAddresses = {
  readonly add: (address: Endpoint) => void;
  /** A socket bound to every interface stands at its port of each. */
  readonly has: (address: Endpoint) => boolean;
};

export const createOwnAddresses = (): OwnAddresses => {
  const exact = new Set<string>();
  const everywhere = new Set<string>();
  return {
    add: address => {
      if (!isInet(address)) exact.add(endpointKey(address));
      else if (isWildcard(address.host)) everywhere.add(String(address.port));
      else exact.add(endpointKey(address));
    },
    has: address => everywhere.has(String(portAt(address))) || exact.has(endpointKey(address)),
  };
};
