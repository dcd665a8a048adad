import type net from 'node:net';
import { constants } from 'node:os';
import type { Status } from '../sockets/ends.ts';
import { cancelled, notNow } from '../sockets/status.ts';

const { EINVAL, ENOTCONN, EPIPE } = constants.errno;

/** Bytes handed to Node at a time; they count as taken although the kernel may not have them yet. */
const chunk = 65_536;

export const statusOf = (error: unknown): Status => (error as NodeJS.ErrnoException).errno ?? -EINVAL;

/** The stream's half of an end: what is ready to be read, and what was handed over to be written. */
export class PublicStream {
  /** null until connect or accept. */
  private readonly stream: () => net.Socket | null;
  private ready: (() => void) | null = null;
  private poked: NodeJS.Immediate | undefined;
  private isEnded = false;
  private error: Status = 0;
  /** An error as the socket raised it, and as a piece handed over told it: nobody hears of one twice (SO_ERROR). */
  private raised: Error | null = null;
  private told: Error | null = null;
  /** Bytes handed over that Node has not called back for: an error too empties its queue before it calls. */
  private handed = 0;

  constructor(stream: () => net.Socket | null) {
    this.stream = stream;
  }

  adopt(socket: net.Socket): void {
    const poke = () => this.poke();
    socket.on('readable', poke);
    socket.on('close', poke);
    socket.on('end', () => {
      this.isEnded = true;
      this.poke();
    });
    socket.on('error', failed => {
      this.raised = failed;
      if (failed === this.told) this.isEnded = true;
      else this.error = statusOf(failed);
      this.poke();
    });
  }

  watch(then: () => void): Status {
    this.ready = then;
    this.poke();
    return 0;
  }

  unwatch(): void {
    this.ready = null;
  }

  readNow(into: Uint8Array, offset: number, length: number): Status {
    const socket = this.stream();
    if (!socket) return -ENOTCONN;
    const data = socket.read(Math.min(length, socket.readableLength) || undefined) as Buffer | null;
    if (data) {
      // With nothing left read() returns what is there, which may be more than was asked for.
      const count = Math.min(data.length, length);
      into.set(data.subarray(0, count), offset);
      if (count < data.length) socket.unshift(data.subarray(count));
      return count;
    }
    if (this.error !== 0) return this.takeError();
    return this.isEnded || socket.destroyed ? 0 : notNow;
  }

  writeNow(data: Uint8Array): Status {
    const socket = this.stream();
    if (!socket) return -EPIPE;
    if (this.error !== 0) return this.takeError();
    if (socket.destroyed || socket.writableEnded) return -EPIPE;
    if (this.pending() > 0) return notNow;
    // Copied: who sends may use its buffer again at once.
    const piece = Buffer.from(data.subarray(0, chunk));
    socket.write(piece);
    return piece.length;
  }

  hand(piece: Uint8Array, done: (status: Status) => void): Status {
    const socket = this.stream();
    if (!socket || socket.destroyed) return -EPIPE;
    this.handed += piece.length;
    socket.write(Buffer.from(piece), failed => {
      this.handed -= piece.length;
      // Node calls back without an error too where the socket was destroyed with the piece still in its queue.
      const why = failed ?? socket.errored;
      if (!why) return done(socket.destroyed ? cancelled : 0);
      this.told = why;
      if (this.raised === why) this.takeError();
      done(statusOf(why));
    });
    return 0;
  }

  pending(): number {
    return Math.max(this.handed, this.stream()?.writableLength ?? 0);
  }

  /** Told once; the end of the stream comes after it. */
  private takeError(): Status {
    const status = this.error;
    this.error = 0;
    this.isEnded = true;
    return status;
  }

  /** As a level-triggered poll does: calls again while there is something that nobody has read. */
  private poke(): void {
    const socket = this.stream();
    if (!socket || this.poked || !this.ready) return;
    this.poked = setImmediate(() => {
      this.poked = undefined;
      if (!this.ready || !this.isAvailable(socket)) return;
      this.ready();
      this.poke();
    });
  }

  private isAvailable(socket: net.Socket): boolean {
    return socket.readableLength > 0 || this.isEnded || this.error !== 0 || socket.destroyed;
  }
}
