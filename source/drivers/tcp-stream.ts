import type { TcpEnd } from './ends.ts';
import { createTcpReading, type TcpReading } from './tcp-reading.ts';
import type { Addresses, TcpSocketHost } from './tcp-socket.ts';
import { createTcpWriting, type TcpWriting } from './tcp-writing.ts';
import type { Twin } from './twins.ts';

/**
 * The two directions of a connected socket. Each is made when it is first used: a server that accepts thousands at
 * once has not read from any of them.
 */
export type TcpStream = {
  readonly reader: () => TcpReading;
  readonly writer: () => TcpWriting;
  /** Ends what is in flight with CLOSED. */
  readonly dispose: () => void;
};

export const createTcpStream = (
  host: TcpSocketHost,
  name: string,
  end: TcpEnd,
  addresses: Addresses,
): TcpStream => {
  let reading: TcpReading | null = null;
  let writing: TcpWriting | null = null;
  let twin: Twin | null = null;

  const reader = (): TcpReading => {
    reading ??= createTcpReading(end, host.memory, host.twins.turn);
    return reading;
  };

  const joined = (): Twin => {
    twin ??= host.twins.join(addresses, reader());
    return twin;
  };

  return {
    reader: () => {
      joined();
      return reader();
    },
    writer: () => {
      writing ??= createTcpWriting(end, { wrote: joined().wrote, late: bytes => host.late(name, bytes) });
      return writing;
    },
    dispose: () => {
      twin?.leave();
      reading?.dispose();
      writing?.dispose();
    },
  };
};
