import type { CallName } from '../calls/call.ts';

/** Which part of the work failed. */
export type Layer = 'resolve' | 'connect' | 'tls' | 'transfer' | 'timeout' | 'usage';

/**
 * [layer, sentence, advice]. In the texts {at} is the address, {host}, {port} and {service} are its parts, {on} the
 * socket and {call} the call's name.
 */
export type Words = readonly [Layer, string, string];

export type Rows = { readonly any?: Words } & { readonly [N in CallName]?: Words };
