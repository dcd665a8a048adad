import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { FileSocket } from './raw-file.ts';
import { restOf, WriteOut, type WriteOutOptions, withTaken } from './write-out.ts';

/** The writing half of a file object: what its buffer holds, nobody else can see. */
export class FileWriter {
  private readonly socket: FileSocket;
  private readonly bufferSize: number;
  private parts: Uint8Array[] = [];
  private buffered = 0;
  /** The flush under way, or what goes past the buffer. */
  private underWay: WriteOut | null = null;

  /** `bufferSize` in bytes; 0: none, each write is one send. */
  constructor(socket: FileSocket, bufferSize: number) {
    this.socket = socket;
    this.bufferSize = bufferSize;
  }

  write(data: Bytes, timeout: number | null, report: Report): Running | null {
    if (this.bufferSize === 0) return this.once(data, timeout, report);
    const size = byteLength(data);
    if (size > this.bufferSize - this.buffered) return this.writeThrough(data, timeout, report);
    this.keep(materialise(data));
    return answer(report, { kind: 'count', count: size });
  }

  flush(timeout: number | null, report: Report): Running | null {
    return this.drain(timeout, error => report(error ?? ok));
  }

  /** SocketIO.write: one send; None where the socket would have to wait and may not. */
  private once(data: Bytes, timeout: number | null, report: Report): Running | null {
    return this.socket.send({ data, all: false, timeout }, outcome => {
      if (outcome.kind === 'count') report({ ...outcome, passed: outcome.count });
      else report(outcome.kind === 'error' && outcome.code === 'EAGAIN' ? ok : outcome);
    });
  }

  /** BufferedWriter.write of more than fits: flush, then everything but the last buffer's worth. */
  private writeThrough(data: Bytes, timeout: number | null, report: Report): Running | null {
    const held = this.buffered;
    let drained = 0;
    let current: Running | null = null;
    let over = false;
    let remaining = data;
    const end = (outcome: Outcome) => {
      over = true;
      report(outcome);
    };
    const written = (error: Outcome | null) => {
      if (error?.kind === 'error') return end(withTaken(error, drained + (error.count ?? 0)));
      if (error) return end(error);
      this.setBuffer(materialise(remaining));
      const count = byteLength(data);
      end({ kind: 'count', count, passed: held + count - this.buffered });
    };
    const flushed = (error: Outcome | null) => {
      if (error) return end(error);
      drained = held;
      current = this.writeOut(data, {
        timeout,
        enough: size => size <= this.bufferSize,
        rest: rest => {
          remaining = rest;
        },
        done: written,
      });
    };
    const draining = this.drain(timeout, flushed);
    current ??= draining;
    if (over) return null;
    return {
      stop: reason => drained + (current?.stop(reason) ?? 0),
      taken: () => drained + (current?.taken() ?? 0),
    };
  }

  private drain(timeout: number | null, done: (error: Outcome | null) => void): Running | null {
    return this.writeOut(this.whole(), {
      timeout,
      enough: size => size === 0,
      rest: remaining => this.setBuffer(materialise(remaining)),
      done,
      late: count => this.left(count),
    });
  }

  private writeOut(data: Bytes, options: WriteOutOptions): Running | null {
    const rest = (left: Bytes) => {
      this.underWay = null;
      options.rest(left);
    };
    this.underWay = new WriteOut(this.socket, data, { ...options, rest });
    return this.underWay.begin();
  }

  /** Bytes of the buffer that left after their flush had been stopped: sent again, they would arrive twice. */
  private left(count: number): void {
    if (this.underWay) this.underWay.shorten(count);
    else this.setBuffer(materialise(restOf(this.whole(), count)));
  }

  private whole(): Bytes {
    return { kind: 'literal', notation: 'text', data: Buffer.concat(this.parts, this.buffered) };
  }

  private setBuffer(data: Uint8Array): void {
    this.parts = [];
    this.buffered = 0;
    this.keep(data);
  }

  private keep(data: Uint8Array): void {
    if (data.length > 0) this.parts.push(data);
    this.buffered += data.length;
  }
}
