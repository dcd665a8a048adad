import type { AnySocket } from '../sockets/any-socket.ts';

/** The system's descriptor of a driver's socket; -1 where the kernel has no socket for it yet, or it is not known. */
export const descriptorOf = (socket: AnySocket): number => socket.end()?.fd() ?? -1;
