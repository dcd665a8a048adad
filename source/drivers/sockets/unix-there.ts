import { lstatSync } from 'node:fs';
import { constants } from 'node:os';
import type { There } from '../../core/calls/outcome.ts';
import { nativeSockets } from '../native/native-socket.ts';

/**
 * What is at an address that bind(2) found taken; null where nobody tells. A datagram socket that connects to it disturbs
 * nobody: a listener answers EPROTOTYPE and queues nothing, and where no socket has the file any more it is refused.
 */
export const thereAt = (path: string): There | null => {
  if (path.startsWith('\0')) return 'socket';
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found && !found.isSocket()) return 'file';
  const calls = nativeSockets();
  if (typeof calls === 'string') return null;
  const fd = calls.openSocket('AF_UNIX', 'SOCK_DGRAM');
  if (fd < 0) return null;
  const status = calls.connect(fd, 'AF_UNIX', { path });
  calls.close(fd);
  if (status === -constants.errno.ECONNREFUSED) return 'nobody';
  return status === 0 || status === -constants.errno.EPROTOTYPE ? 'socket' : null;
};
