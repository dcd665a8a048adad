import { t } from '../../core/words/translate.ts';
import { nativeSockets } from '../native/native-socket.ts';
import { nativeTcpEnd } from '../native/native-tcp.ts';
import { nativeUdpEnd } from '../native/native-udp.ts';
import { nativeUnixEnd } from '../native/native-unix.ts';
import type { Ends } from '../sockets/ends.ts';
import type { Bindings } from './private-handles.ts';
import { privateTcpEnd } from './private-tcp.ts';
import { privateUdpEnd } from './private-udp.ts';
import { noDatagrams } from './public-node.ts';
import { publicUnixEnd } from './public-tcp.ts';

/*
 * Sockets run on Node's own handles throughout, because net.Socket reads and accepts ahead and keeps what is written
 * in a buffer of its own. A handle is only asked to say when a socket is ready; then read(2) and write(2) are
 * called on its descriptor, so that a recv(n) is one read of n bytes and every answer (EOF, ECONNRESET, EPIPE, a
 * partial count) is the kernel's own.
 */

/** Node's binding tables (deprecated in the documentation only, DEP0111; refused under --permission). */
const loadBindings = (): Bindings => {
  const binding = (process as unknown as { binding: (name: string) => object }).binding;
  return { ...binding('tcp_wrap'), ...binding('stream_wrap'), ...binding('udp_wrap') } as Bindings;
};

const needed = ['TCP', 'UDP', 'TCPConnectWrap', 'WriteWrap', 'ShutdownWrap', 'SendWrap'] as const;

const tryBindings = (): Bindings | string => {
  if (process.platform === 'win32') return t('sockets have no file descriptors on Windows');
  try {
    const bindings = loadBindings();
    const missing = needed.find(name => typeof bindings[name] !== 'function');
    if (missing) return t`this Node has no ${missing}`;
    if (typeof bindings.streamBaseState?.[bindings.kLastWriteWasAsync] !== 'number')
      return t('this Node does not say whether a write is over');
    return bindings;
  } catch (error) {
    return (error as Error).message;
  }
};

let known: Bindings | string | undefined;

/** Node's handles, or the reason why they cannot be had. */
export const privateBindings = (): Bindings | string => {
  known ??= tryBindings();
  return known;
};

/** Ends as libuv makes them of Node's own handles, or the reason why there are none. */
export const libraryEnds = (): Ends | string => {
  const bindings = privateBindings();
  if (typeof bindings === 'string') return bindings;
  return {
    tcp: family => privateTcpEnd(bindings, family),
    udp: family => privateUdpEnd(bindings, family),
    unix: publicUnixEnd,
    unixgram: noDatagrams,
  };
};

/** Ends on system calls where the C library can be called, else libuv's; or the reason why there are none. */
export const privateEnds = (): Ends | string => {
  const bindings = privateBindings();
  const calls = nativeSockets();
  if (typeof bindings === 'string' || typeof calls === 'string') return libraryEnds();
  return {
    tcp: family => nativeTcpEnd(calls, bindings, family),
    udp: family => nativeUdpEnd(calls, bindings, family),
    unix: () => nativeUnixEnd(calls, bindings),
    unixgram: () => nativeUdpEnd(calls, bindings, 'AF_UNIX'),
  };
};
