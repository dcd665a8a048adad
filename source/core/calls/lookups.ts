import { type Endpoint, isInet } from '../addresses/endpoint.ts';
import type { Call } from './call.ts';
import type { Outcome } from './outcome.ts';

/** What the look-ups inside a call have found so far, in place of a host's name and a service's. */
export type Answers = { readonly host?: string; readonly port?: number };

/** What one more look-up adds to that; a failed one adds nothing. */
export const withLookup = (answers: Answers | undefined, lookup: Call, outcome: Outcome): Answers => {
  if (lookup.name === 'getservbyname' && outcome.kind === 'number')
    return outcome.number === null ? { ...answers } : { ...answers, port: outcome.number };
  const found =
    lookup.name === 'getaddrinfo' && outcome.kind === 'endpoints' ? outcome.endpoints[0] : undefined;
  return found ? { ...answers, host: found.host } : { ...answers };
};

/** The address with what was found in its place. */
export const resolved = (address: Endpoint, answers: Answers | undefined): Endpoint =>
  answers && isInet(address) ? { ...address, ...answers } : address;

/** The address that a call which has not ended goes to, as far as its look-ups have told. */
export const askedFor = (
  { answers }: { readonly answers: ReadonlyMap<number, Answers> },
  id: number,
  address: Endpoint,
): Endpoint => (answers.size === 0 ? address : resolved(address, answers.get(id)));
