import { sameEndpoint } from '../core/address.ts';
import { isWildcard } from '../core/ip.ts';
import type { Endpoint } from '../core/names.ts';

/** Where sockets of the bench stood, as far as a session tells. */
export type OwnAddresses = {
  readonly add: (address: Endpoint) => void;
  /** A socket bound to every interface stands at its port of each. */
  readonly has: (address: Endpoint) => boolean;
};

export const createOwnAddresses = (): OwnAddresses => {
  const byPort = new Map<string, Endpoint[]>();
  const at = ({ port }: Endpoint): readonly Endpoint[] => byPort.get(String(port)) ?? [];
  return {
    add: address => {
      if (!at(address).some(({ host }) => host === address.host))
        byPort.set(String(address.port), [...at(address), address]);
    },
    has: address => at(address).some(own => isWildcard(own.host) || sameEndpoint(own, address)),
  };
};
