import { fstatSync } from 'node:fs';
import { openUnixReader, type UnixReader } from '../kernel/unix-reader.ts';

let reader: UnixReader | null | undefined;

/** The inode of the socket at the other end of a connected Unix socket; undefined where nobody tells. */
export const peerInode = (fd: number): number | undefined => {
  reader ??= openUnixReader();
  const peer = reader?.ask([fstatSync(fd).ino])[0]?.peer;
  return peer === undefined || peer === 0 ? undefined : peer;
};
