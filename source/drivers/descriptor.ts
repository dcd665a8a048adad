import type { TcpSocket } from './tcp-socket.ts';
import type { UdpSocket } from './udp-host.ts';

/** The system's descriptor of a driver's socket; -1 where the kernel has no socket for it yet, or it is not known. */
export const descriptorOf = (socket: TcpSocket | UdpSocket): number => {
  if (socket.type === 'SOCK_STREAM') return socket.end()?.fd() ?? -1;
  return socket.there() ? socket.end().fd() : -1;
};
