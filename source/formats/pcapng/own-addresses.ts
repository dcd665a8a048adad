import { type Endpoint, isIdentity, isInet, portAt } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import { endpointKey } from '../../core/addresses/twins.ts';

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
