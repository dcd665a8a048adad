import type { CallName } from '../model/call.ts';
import { errnoWords } from './errno-words.ts';
import type { ErrorCode } from './error-table.ts';
import { benchWords, resolverWords } from './own-words.ts';

/** Which part of the work failed. */
export type Layer = 'resolve' | 'connect' | 'tls' | 'transfer' | 'timeout' | 'usage';

/**
 * [layer, sentence, advice]. In the texts {at} is the address, {host}, {port} and {service} are its parts, {on} the
 * socket and {call} the call's name.
 */
export type Words = readonly [Layer, string, string];

export type Rows = { readonly any?: Words } & { readonly [N in CallName]?: Words };

/** What people read about a code: by the call that failed, else under `any`. */
export const errorWords: { readonly [C in ErrorCode]?: Rows } = {
  ...errnoWords,
  ...resolverWords,
  ...benchWords,
};
