import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/model/driver.ts';
import type { Report } from '../sockets/report.ts';
import { type BinaryKind, createBinaryFile } from './binary-file.ts';
import { defaultBufferSize } from './file-reader.ts';
import { createRawFile, type FileSocket } from './raw-file.ts';
import { createTextFile } from './text-file.ts';

/**
 * What socket.makefile returns (Python's io and socket documentation). Text is handed out and taken as UTF-8.
 */
export type FileObject = {
  readonly read: (size: number | undefined, timeout: number | null, report: Report) => Running | null;
  readonly readline: (timeout: number | null, report: Report) => Running | null;
  readonly write: (data: Bytes, timeout: number | null, report: Report) => Running | null;
  readonly flush: (timeout: number | null, report: Report) => Running | null;
  /** Flushes, then closes whatever came of that; the socket itself closes with its last file object. */
  readonly close: (timeout: number | null, report: Report) => Running | null;
};

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
  const binary = createBinaryFile(raw, { kind, readable, writable, bufferSize });
  return mode.includes('b') ? binary : createTextFile(binary, { readable, writable, closed: raw.closed });
};
