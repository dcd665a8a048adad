import { humanSize } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';

/** `3 bytes`, `1048576 bytes (1.0 MiB)`. */
export const sizeWords = (bytes: number): string =>
  bytes < 1024 ? humanSize(bytes) : t`${bytes} bytes (${humanSize(bytes)})`;

const timeWords = (ms: number): string =>
  ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toFixed(2)} s`;

/** `in 21.0 ms, 47.6 MiB/s`: so many bytes in that time. */
export const paceWords = (bytes: number, took: number): string => {
  const ms = Math.max(took, 0.001);
  return t`in ${timeWords(ms)}, ${humanSize(Math.round((bytes / ms) * 1000))}/s`;
};
