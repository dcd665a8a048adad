import type { Running } from '../../core/calls/driver.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Addresses, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { cancelled, failureOf } from './status.ts';
import { TcpReading } from './tcp-reading.ts';
import { TcpWriting } from './tcp-writing.ts';
import type { Twin } from './twin-ends.ts';

/** What a connected socket does with the direction that it receives on. */
export type Receiving = Pick<TcpReading, 'recv' | 'shut'>;

/** And with the one that it sends on. */
export type Sending = Pick<TcpWriting, 'send' | 'shut'>;

/**
 * The two directions of a connected socket. Each is made when it is first used: a server that accepts thousands at
 * once has not read from any of them.
 */
export type TcpStream = Inside & {
  readonly reader: () => Receiving;
  readonly writer: () => Sending;
  /** Tells the peer, where the stream has a way to, that nothing more is sent: before its FIN. */
  readonly farewell?: () => void;
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
  let left: (() => void) | null = null;

  const reader = (): TcpReading => {
    if (!reading) {
      reading = new TcpReading(end, host.memory, host.twins.turn);
      if (left) reading.letGo(left);
    }
    return reading;
  };

  const joined = (): Twin => {
    twin ??= host.twins.join(addresses, reader());
    return twin;
  };

  return {
    inside: () => Boolean(reading?.inside() || writing?.inside()),
    letGo: then => {
      left = then;
      reading?.letGo(then);
      writing?.letGo(then);
    },
    reader: () => {
      joined();
      return reader();
    },
    writer: () => {
      if (!writing) {
        writing = new TcpWriting(end, { wrote: joined().wrote, late: bytes => host.late(name, bytes) });
        if (left) writing.letGo(left);
      }
      return writing;
    },
    dispose: () => {
      twin?.leave();
      reading?.dispose();
      writing?.dispose();
    },
  };
};

/**
 * libuv makes its shutdown(2) in the loop's next turn, and only when nothing is left to write. The call ends when the
 * FIN is out, as in CPython, so that the peer's next call finds it; it does not wait for room in the buffers.
 */
export const shutDown = (end: TcpEnd, report: Report): Running | null => {
  let over = false;
  const tell = (outcome: Outcome) => {
    if (!over) report(outcome);
    over = true;
  };
  const status = end.shutdown(result =>
    // Cancelled by close, which sends the FIN as well.
    tell(result < 0 && result !== cancelled ? failureOf(result) : ok),
  );
  if (status < 0) tell(failureOf(status));
  else if (end.pending() > 0) tell(ok);
  if (over) return null;
  const stop = () => {
    over = true;
    return 0;
  };
  return { stop, taken: () => 0 };
};
