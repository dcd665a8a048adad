import dgram from 'node:dgram';
import { keep } from './observing.ts';

type DgramState = { handle: { recvStop: () => void; fd: number } };

/** Stops Node from taking datagrams, so that they stay in the kernel; returns the socket's descriptor. */
const stopReceiving = (socket: dgram.Socket): number => {
  const symbol = Object.getOwnPropertySymbols(socket).find(key => key.description === 'state symbol')!;
  const { handle } = (socket as unknown as Record<symbol, DgramState>)[symbol]!;
  handle.recvStop();
  return handle.fd;
};

/** A socket on 127.0.0.1 that leaves its datagrams in the kernel, and its descriptor. */
export const boundUdp = async (
  options: dgram.SocketOptions = { type: 'udp4' },
  port = 0,
): Promise<{ socket: dgram.Socket; fd: number }> => {
  const socket = keep(dgram.createSocket(options));
  await new Promise<void>(resolve => socket.bind(port, '127.0.0.1', resolve));
  return { socket, fd: stopReceiving(socket) };
};
