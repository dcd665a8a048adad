import type { Endpoint } from '../addresses/endpoint.ts';
import type { Family } from './names.ts';
import type { TlsSettings } from './tls.ts';

/** Where a relay passes on what comes to it. `tls`: what it connects there is wrapped so; null: in the clear. */
export type RelayTarget = {
  readonly endpoint: Endpoint;
  readonly family?: Family;
  /** They are datagrams of UDP. */
  readonly datagrams?: true;
  readonly tls: TlsSettings | null;
};
