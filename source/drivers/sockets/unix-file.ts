import { fchmodSync, fstatSync, lstatSync, unlinkSync } from 'node:fs';
import { type Endpoint, unix } from '../../core/addresses/endpoint.ts';
import { isInetLiteral, type Literal } from '../system/literal.ts';

/** The file that bind(2) of a Unix socket has made. */
export type BoundFile = {
  /** Takes it away, unless somebody else has put another in its place. */
  readonly remove: () => void;
};

/** Reads and writes for the owner alone. */
const onlyOwner = 0o600;

/**
 * Linux gives the file of a bind the mode of the socket, less the umask (unix_bind in net/unix/af_unix.c): set before, it
 * is the owner's alone from the first moment, and the umask of the whole process stays what it is.
 */
export const ownerOnly = (fd: number): void => fchmodSync(fd, onlyOwner);

const identityOf = (path: string): string | undefined => {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
};

/** The file of an address just bound; null where that is an abstract name. */
export const boundFile = (at: Literal): BoundFile | null => {
  if (isInetLiteral(at) || at.path === '' || at.path.startsWith('\0')) return null;
  const { path } = at;
  const mine = identityOf(path);
  return {
    remove: () => {
      try {
        if (mine !== undefined && identityOf(path) === mine) unlinkSync(path);
      } catch {
        // Its folder is gone, or is not ours any more: a file left over is told by the next bind.
      }
    },
  };
};

/** A socket without a name is told apart by its inode. */
export const withInode = (endpoint: Endpoint | null, fd: number): Endpoint | null =>
  endpoint?.kind === 'unix' && endpoint.path === '' ? unix('', fstatSync(fd).ino) : endpoint;
