import { BinaryFile, type BinaryKind } from './binary-file.ts';
import { defaultBufferSize } from './file-reader.ts';
import { createRawFile, type FileObject, type FileSocket } from './raw-file.ts';
import { createTextFile } from './text-file.ts';

/** makefile's arguments; `buffering` in bytes, 0 for none. */
export type FileMode = { readonly mode: string; readonly buffering?: number };

/** Why Python would refuse them, '' where it would not. */
export const modeObjection = ({ mode, buffering }: FileMode): string => {
  if (!/^[rwb]*$/.test(mode)) return `invalid mode '${mode}' (only r, w, b allowed)`;
  return buffering === 0 && !mode.includes('b') ? 'unbuffered streams must be binary' : '';
};

const kindOf = (readable: boolean, writable: boolean, bufferSize: number): BinaryKind => {
  if (bufferSize === 0) return 'raw';
  if (readable && writable) return 'pair';
  return writable ? 'writer' : 'reader';
};

/** `released` is called once, when the file object is closed. */
export const createFileObject = (
  socket: FileSocket,
  { mode, buffering = defaultBufferSize }: FileMode,
  released: () => void,
): FileObject => {
  const writable = mode.includes('w');
  const readable = mode.includes('r') || !writable;
  const bufferSize = buffering < 0 ? defaultBufferSize : buffering;
  const raw = createRawFile(socket, released);
  const kind = kindOf(readable, writable, bufferSize);
  const binary = new BinaryFile(raw, { kind, readable, writable, bufferSize });
  return mode.includes('b') ? binary : createTextFile(binary, { readable, writable, closed: raw.closed });
};
