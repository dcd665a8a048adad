import { constants } from 'node:os';
import type { Family } from '../core/names.ts';
import type { Status, TcpEnd } from './ends.ts';
import { nativeApply } from './native-options.ts';
import { type NativeSockets, nativeSockets } from './native-socket.ts';

/** Options as setsockopt left them before the kernel's socket was there, by name. */
type Options = ReadonlyMap<string, number | string>;

/** Those that Node's own handle takes at bind or afterwards; the others need a socket that has them from the start. */
const nodeHas: ReadonlySet<string> = new Set(['TCP_NODELAY', 'SO_KEEPALIVE', 'IPV6_V6ONLY', 'SO_REUSEADDR']);

/** libuv sets SO_REUSEADDR in every bind of its own. */
const isWithoutReuse = (options: Options): boolean => options.get('SO_REUSEADDR') === 0;

const needsNative = (options: Options): boolean =>
  isWithoutReuse(options) || [...options.keys()].some(name => !nodeHas.has(name));

const openWith = (native: NativeSockets, end: TcpEnd, family: Family, options: Options): Status => {
  const fd = native.openSocket(family, 'SOCK_STREAM');
  if (fd < 0) return fd;
  for (const [name, value] of options) nativeApply(native, fd, name, value);
  const status = end.open(fd);
  if (status < 0) native.close(fd);
  return status;
};

/**
 * Gives an end that has no kernel's socket yet one with these options, where Node would make it without them
 * (a receive buffer must be set before connect to count in the window's scale: tcp(7)). 0 or a negative errno.
 */
export const openEnd = (end: TcpEnd, family: Family, options: Options): Status => {
  if (end.fd() >= 0 || !needsNative(options)) return 0;
  const native = nativeSockets();
  return typeof native === 'string' ? -constants.errno.EOPNOTSUPP : openWith(native, end, family, options);
};

/** bind(2) of an end; by itself where SO_REUSEADDR is to be off, else libuv's. */
export const bindEnd = (
  end: TcpEnd,
  family: Family,
  options: Options,
  host: string,
  port: number,
): Status => {
  const v6only = Boolean(options.get('IPV6_V6ONLY'));
  const opened = openEnd(end, family, options);
  if (opened < 0) return opened;
  const native = isWithoutReuse(options) ? nativeSockets() : '';
  return typeof native === 'string'
    ? end.bind(host, port, v6only)
    : native.bind(end.fd(), family, { host, port });
};
