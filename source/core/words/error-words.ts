import { errnoWords } from './errno-words.ts';
import type { Rows } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';
import { benchWords, resolverWords } from './own-words.ts';

/** What people read about a code: by the call that failed, else under `any`. */
export const errorWords: { readonly [C in ErrorCode]?: Rows } = {
  ...errnoWords,
  ...resolverWords,
  ...benchWords,
};
