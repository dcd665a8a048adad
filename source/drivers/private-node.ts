import type { Ends } from './ends.ts';
import type { Bindings } from './private-handles.ts';
import { privateTcpEnd } from './private-tcp.ts';
import { privateUdpEnd } from './private-udp.ts';

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

let known: Ends | string | undefined;

/** Ends on Node's own handles, or the reason why there are none. */
export const privateEnds = (): Ends | string => {
  known ??= tryPrivateEnds();
  return known;
};

const tryPrivateEnds = (): Ends | string => {
  if (process.platform === 'win32') return 'sockets have no file descriptors on Windows';
  try {
    const bindings = loadBindings();
    for (const name of ['TCP', 'UDP', 'TCPConnectWrap', 'WriteWrap', 'ShutdownWrap', 'SendWrap'] as const) {
      if (typeof bindings[name] !== 'function') return `this Node has no ${name}`;
    }
    return {
      tcp: family => privateTcpEnd(bindings, family),
      udp: family => privateUdpEnd(bindings, family),
    };
  } catch (error) {
    return (error as Error).message;
  }
};
