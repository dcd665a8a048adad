import type net from 'node:net';
import { constants } from 'node:os';
import type { Status } from '../sockets/ends.ts';
import { cancelled, notNow } from '../sockets/status.ts';

const { EINVAL, ENOTCONN, EPIPE } = constants.errno;

/** Bytes handed to Node at a time; they count as taken although the kernel may not have them yet. */
const chunk = 65_536;

export const statusOf = (error: unknown): Status => (error as NodeJS.ErrnoException).errno ?? -EINVAL;

/** The stream's half of an end: `socket` is null until connect or accept. */
export const streamOf = (stream: () => net.Socket | null) => {
  let ready: (() => void) | null = null;
  let ended = false;
  let error: Status = 0;
  /** An error as the socket raised it, and as a piece handed over told it: nobody hears of one twice (SO_ERROR). */
  let raised: Error | null = null;
  let told: Error | null = null;
  /** Bytes handed over that Node has not called back for: an error too empties its queue before it calls. */
  let handed = 0;
  let poked: NodeJS.Immediate | undefined;

  const available = (socket: net.Socket) =>
    socket.readableLength > 0 || ended || error !== 0 || socket.destroyed;

  /** As a level-triggered poll does: calls again while there is something that nobody has read. */
  const poke = () => {
    const socket = stream();
    if (!socket || poked || !ready) return;
    poked = setImmediate(() => {
      poked = undefined;
      if (!ready || !available(socket)) return;
      ready();
      poke();
    });
  };

  const adopt = (socket: net.Socket) => {
    socket.on('readable', poke);
    socket.on('close', poke);
    socket.on('end', () => {
      ended = true;
      poke();
    });
    socket.on('error', failed => {
      raised = failed;
      if (failed === told) ended = true;
      else error = statusOf(failed);
      poke();
    });
  };

  const readNow = (into: Uint8Array, offset: number, length: number): Status => {
    const socket = stream();
    if (!socket) return -ENOTCONN;
    const data = socket.read(Math.min(length, socket.readableLength) || undefined) as Buffer | null;
    if (data) {
      // With nothing left read() returns what is there, which may be more than was asked for.
      const count = Math.min(data.length, length);
      into.set(data.subarray(0, count), offset);
      if (count < data.length) socket.unshift(data.subarray(count));
      return count;
    }
    if (error !== 0) {
      const status = error;
      error = 0;
      ended = true;
      return status;
    }
    return ended || socket.destroyed ? 0 : notNow;
  };

  const writeNow = (data: Uint8Array): Status => {
    const socket = stream();
    if (!socket) return -EPIPE;
    if (error !== 0) {
      const status = error;
      error = 0;
      ended = true;
      return status;
    }
    if (socket.destroyed || socket.writableEnded) return -EPIPE;
    if (pending() > 0) return notNow;
    // Copied: who sends may use its buffer again at once.
    const piece = Buffer.from(data.subarray(0, chunk));
    socket.write(piece);
    return piece.length;
  };

  const hand = (piece: Uint8Array, done: (status: Status) => void): Status => {
    const socket = stream();
    if (!socket || socket.destroyed) return -EPIPE;
    handed += piece.length;
    socket.write(Buffer.from(piece), failed => {
      handed -= piece.length;
      // Node calls back without an error too where the socket was destroyed with the piece still in its queue.
      const why = failed ?? socket.errored;
      if (!why) return done(socket.destroyed ? cancelled : 0);
      told = why;
      if (raised === why) {
        error = 0;
        ended = true;
      }
      done(statusOf(why));
    });
    return 0;
  };

  const pending = (): number => Math.max(handed, stream()?.writableLength ?? 0);

  const watch = (then: () => void): Status => {
    ready = then;
    poke();
    return 0;
  };

  const unwatch = () => {
    ready = null;
  };

  return { adopt, readNow, writeNow, hand, pending, watch, unwatch };
};
