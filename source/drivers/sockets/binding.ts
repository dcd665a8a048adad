import { lstatSync } from 'node:fs';
import { constants } from 'node:os';
import type { Outcome, There } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { t } from '../../core/words/translate.ts';
import { timeWaitOn } from '../kernel/port-holder.ts';
import { nativeSockets } from '../native/native-socket.ts';
import { isInetLiteral, type Literal, literalWords } from '../system/literal.ts';
import type { Status, TcpEnd } from './ends.ts';
import { failureOf } from './status.ts';

/**
 * What is at an address that bind(2) found taken; null where nobody tells. A datagram socket that connects to it disturbs
 * nobody: a listener answers EPROTOTYPE and queues nothing, and where no socket has the file any more it is refused.
 */
const thereAt = (path: string): There | null => {
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

/**
 * Why bind(2) failed; of an address that is taken, whether closed connections alone hold the port, or what is at the path.
 */
export const failureOfBind = (status: Status, at: Literal): Outcome => {
  const failure = failureOf(status, literalWords(at));
  if (status !== -constants.errno.EADDRINUSE) return failure;
  if (!isInetLiteral(at)) {
    const there = thereAt(at.path);
    return there === null ? failure : { ...failure, there };
  }
  const timeWait = timeWaitOn(Number(at.port));
  return timeWait === null ? failure : { ...failure, timeWait };
};

/** What tells whether Node's library binds for a socket, and which of its options the person has set. */
type Bound = {
  readonly family: Family;
  readonly options: ReadonlyMap<string, number | string>;
  readonly end: () => TcpEnd | null;
};

/** What binding an end of Node's library tells the kernel, where nobody set it: uv__tcp_bind does so every time. */
export const noteOfBind = (socket: Bound): { note?: string } => {
  const { options, family } = socket;
  // libuv binds a path without any option (uv_pipe_bind).
  if (socket.end()?.native || family === 'AF_UNIX') return {};
  const told: string[] = [];
  if (options.get('SO_REUSEADDR') === undefined) told.push(t('SO_REUSEADDR is on'));
  if (family === 'AF_INET6' && options.get('IPV6_V6ONLY') === undefined) told.push(t('IPV6_V6ONLY is off'));
  return told.length > 0 ? { note: t`${told.join(', ')}: Node sets it` } : {};
};

/** Options by their names go to an end of Node's library that was not there yet when they were set. */
export const applyOptions = (live: TcpEnd | null, options: ReadonlyMap<string, number | string>): void => {
  if (!live || live.native) return;
  if (options.get('TCP_NODELAY')) live.setNoDelay(true);
  if (options.get('SO_KEEPALIVE')) live.setKeepAlive(true);
};
