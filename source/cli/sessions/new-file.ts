import { open, unlink } from 'node:fs/promises';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { writeTrouble } from '../../files/write-trouble.ts';

/** Errors of the system name the call that failed (Node's errors document, SystemError); what a format throws never does. */
const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** What became of a file, as a sentence. What was to be written may have failed to be made: that is not the file's fault. */
export const fileTrouble = (file: string, error: unknown): string => {
  if (!isOfSystem(error))
    return t`${safeText(file)} was not written: a fault of sockbench itself, not of the file (${safeText(String(error))})`;
  return writeTrouble(file, error);
};

/** So much is handed to the system at once, in bytes; a piece may be a single short line. */
const handedOver = 256 * 1024;

/** Parts of a file in order. */
export type Pieces = Iterable<string | Uint8Array>;

/** The same, gathered into fewer and larger ones. */
export function* gathered(pieces: Pieces): Generator<Uint8Array> {
  let text = '';
  let held: Uint8Array[] = [];
  let size = 0;
  const endText = () => {
    if (text !== '') held.push(Buffer.from(text));
    text = '';
  };
  for (const piece of pieces) {
    size += piece.length;
    if (typeof piece === 'string') text += piece;
    else {
      endText();
      held.push(piece);
    }
    if (size < handedOver) continue;
    endText();
    yield held.length === 1 ? held[0]! : Buffer.concat(held);
    held = [];
    size = 0;
  }
  endText();
  if (held.length > 0) yield Buffer.concat(held);
}

/** A new file for its owner alone (0600): a session holds what was sent. Rejects with the system's error. */
export const writeNewFile = async (file: string, pieces: Pieces): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (const bytes of gathered(pieces)) await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
};

/** The same with what `fill` writes; what was begun is removed again where that fails. */
export const fillNewFile = async (
  file: string,
  fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<void> => {
  const handle = await open(file, 'wx', 0o600);
  try {
    await fill(bytes => handle.writeFile(bytes));
  } catch (error) {
    await unlink(file).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
};
