import type { Bytes } from '../../core/bytes/bytes.ts';
import { t } from '../../core/words/translate.ts';

/**
 * Reads what `file"path"` holds: rejects with an Error whose message is a clause behind the path, or with the signal's
 * reason. `changed` is told where the file was written to meanwhile.
 */
export type ReadFile = (
  path: string,
  reading?: { readonly signal?: AbortSignal; readonly changed?: () => void },
) => Promise<Uint8Array>;

export type FileReading = {
  readonly readFile: ReadFile;
  readonly signal: AbortSignal;
  /** Hears a sentence about what will be sent of a file that did not hold still. */
  readonly note: (sentence: string) => void;
};

/** The payload with the contents of a file; a sentence where they cannot be had. Rejects once the signal has come. */
export const withContents = async (
  bytes: Bytes,
  { readFile, signal, note }: FileReading,
): Promise<Bytes | string> => {
  if (bytes.kind !== 'file' || bytes.data) return bytes;
  const { path } = bytes;
  let isChanged = false;
  const changed = () => {
    isChanged = true;
  };
  try {
    const data = await readFile(path, { signal, changed });
    signal.throwIfAborted();
    if (isChanged) note(t`${path} was written to while it was read: the ${data.length} bytes read are sent`);
    return { ...bytes, data };
  } catch (error) {
    signal.throwIfAborted();
    return t`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
};
