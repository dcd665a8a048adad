import type { Running } from '../../core/calls/driver.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Addresses, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import type { Report } from './report.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { cancelled, failureOf } from './status.ts';
import { TcpReading } from './tcp-reading.ts';
import { TcpWriting, type WritingNews } from './tcp-writing.ts';
import type { Twin } from './twin-ends.ts';

/** What a connected socket does with the direction that it receives on. */
export type Receiving = Pick<TcpReading, 'recv' | 'shut'>;

/** And with the one that it sends on. */
export type Sending = Pick<TcpWriting, 'send' | 'shut'>;

/** The two directions of a connected socket. */
export type TcpStream = Inside & {
  readonly reader: () => Receiving;
  readonly writer: () => Sending;
  /** Tells the peer, where the stream has a way to, that nothing more is sent: before its FIN. */
  readonly farewell: () => void;
  /** Ends what is in flight with CLOSED. */
  readonly dispose: () => void;
};

/**
 * One of plain bytes. Each direction is made when it is first used: a server that accepts thousands at once has not read from any
 * of them. A class, as its directions are: a function for each of what a stream does is 0.5 KiB a connection.
 */
export class PlainStream implements TcpStream, WritingNews {
  private readonly host: TcpSocketHost;
  private readonly name: string;
  private readonly end: TcpEnd;
  private readonly addresses: Addresses;
  private reading: TcpReading | null = null;
  private writing: TcpWriting | null = null;
  private twin: Twin | null = null;
  private left: (() => void) | null = null;

  constructor(host: TcpSocketHost, name: string, end: TcpEnd, addresses: Addresses) {
    this.host = host;
    this.name = name;
    this.end = end;
    this.addresses = addresses;
  }

  inside(): boolean {
    return Boolean(this.reading?.inside() || this.writing?.inside());
  }

  letGo(then: () => void): void {
    this.left = then;
    this.reading?.letGo(then);
    this.writing?.letGo(then);
  }

  reader(): TcpReading {
    if (!this.reading) {
      const { host, end } = this;
      this.reading = new TcpReading(end, host.memory, host.twins.turn);
      if (this.left) this.reading.letGo(this.left);
      this.twin = host.twins.join(this.addresses, this.reading);
    }
    return this.reading;
  }

  writer(): TcpWriting {
    if (!this.writing) {
      // Its twin's recv is served in the same turn, which it has to be known for.
      this.reader();
      this.writing = new TcpWriting(this.end, this);
      if (this.left) this.writing.letGo(this.left);
    }
    return this.writing;
  }

  wrote(): void {
    this.twin?.wrote();
  }

  late(bytes: number): void {
    this.host.late(this.name, bytes);
  }

  farewell(): void {}

  dispose(): void {
    this.twin?.leave();
    this.reading?.dispose();
    this.writing?.dispose();
  }
}

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
