import { formatSize } from '../core/language/units.ts';
import { t } from '../core/words/translate.ts';
import { checkBounded, readBounded, readTrouble } from './bounded-file.ts';

/** One call hands over no more, as of `1GiB of "x"`: it lies in memory until the call has ended. In bytes. */
export const largestPayload = 1024 ** 3;

export type PayloadReading = { readonly signal?: AbortSignal; readonly changed?: () => void };

const clause = (path: string, error: unknown): string => {
  if ((error as NodeJS.ErrnoException).code !== 'TOO_LARGE') return readTrouble(error);
  const size = formatSize(largestPayload);
  const part = path.replace(/^.*\//s, '');
  return t`it has more than ${size}, and a call sends no more than that: split -b ${size.replace('iB', '')} makes parts of ${part} to send one after the other`;
};

/** The bytes of `file"path"`. Rejects with an Error whose message is a clause to stand behind the path. */
export const readPayload = async (path: string, reading: PayloadReading = {}): Promise<Uint8Array> => {
  try {
    return await readBounded(path, { ...reading, most: largestPayload });
  } catch (error) {
    reading.signal?.throwIfAborted();
    throw new Error(clause(path, error));
  }
};

/** Why `file"path"` could not be sent, or null; nothing is read. */
export const payloadTrouble = async (path: string): Promise<string | null> => {
  try {
    await checkBounded(path, { most: largestPayload });
    return null;
  } catch (error) {
    return t`${path} cannot be read: ${clause(path, error)}`;
  }
};
