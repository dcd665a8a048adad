import type { SocketType } from '../../core/model/names.ts';
import type { TransportId, TypeOf } from '../../core/model/transports.ts';
import type { TcpSocket } from './tcp-socket.ts';
import type { UdpSocket } from './udp-socket.ts';

/** What makes the calls of a socket, by the type that socket(2) was asked for. */
type Sockets = { readonly SOCK_STREAM: TcpSocket; readonly SOCK_DGRAM: UdpSocket };

export type AnySocket = Sockets[SocketType];

export type SocketOf<T extends TransportId> = Sockets[TypeOf[T]];

/** The system's descriptor of a driver's socket; -1 where the kernel has no socket for it yet, or it is not known. */
export const descriptorOf = (socket: AnySocket): number => socket.end()?.fd() ?? -1;
