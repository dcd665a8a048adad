import { constants } from 'node:os';
import type { Status, TcpEnd } from '../../source/drivers/sockets/ends.ts';

const { EAGAIN, ECANCELED, ECONNRESET, EPIPE } = constants.errno;

/** When room comes up for a piece that is handed over: before the first write(2), between the two of libuv's, later. */
export type Arrival = 'at once' | 'raced' | 'later';

type Piece = { readonly bytes: Uint8Array; readonly done: (status: Status) => void; status: Status };

export type SimulatedEnd = {
  readonly end: TcpEnd;
  /** What the kernel took, in its order. */
  readonly stream: number[];
  readonly addRoom: (bytes: number) => void;
  readonly setArrival: (arrival: Arrival) => void;
  /** The kernel takes, or refuses, what was handed over first. False where there is nothing or no room. */
  readonly take: () => boolean;
  /** Tells the end of the piece that ended first. False where none has. */
  readonly tell: () => boolean;
  /** A reset by the peer. */
  readonly breakOff: () => void;
};

/**
 * The writing half of an end as libuv's is, each step of it made by hand: a piece may wait in the queue; it may be the
 * kernel's already and its end not told. write(2) goes past the queue here, as on the descriptor: who calls it while
 * something waits there has overtaken it.
 */
export const createSimulatedEnd = (): SimulatedEnd => {
  const stream: number[] = [];
  const queue: Piece[] = [];
  const untold: Piece[] = [];
  let room = 0;
  let arrival: Arrival = 'later';
  let error: Status = 0;
  let dead = false;

  const take = (): boolean => {
    const first = queue[0];
    if (first?.status !== 0 || (room < first.bytes.length && error === 0 && !dead)) return false;
    if (error !== 0 || dead) {
      // It counts as pending until its callback is called (libuv's uv__write_req_finish).
      first.status = error || -EPIPE;
      error = 0;
    } else {
      queue.shift();
      room -= first.bytes.length;
      stream.push(...first.bytes);
    }
    untold.push(first);
    return true;
  };

  const writeNow = (data: Uint8Array): Status => {
    if (error !== 0 || dead) {
      const status = error || -EPIPE;
      error = 0;
      return status;
    }
    const count = Math.min(room, data.length);
    if (count === 0 && data.length > 0) return -EAGAIN;
    room -= count;
    stream.push(...data.subarray(0, count));
    return count;
  };

  const hand = (bytes: Uint8Array, done: (status: Status) => void): Status => {
    const when = queue.length > 0 || dead ? 'later' : arrival;
    arrival = 'later';
    if (when === 'later') {
      queue.push({ bytes, done, status: 0 });
      return 0;
    }
    stream.push(...bytes);
    if (when === 'at once') return bytes.length;
    untold.push({ bytes, done, status: 0 });
    return 0;
  };

  const close = () => {
    for (const piece of queue) {
      if (piece.status !== 0) continue;
      piece.status = -ECANCELED;
      untold.push(piece);
    }
  };

  const tell = (): boolean => {
    const piece = untold.shift();
    if (!piece) return false;
    if (queue[0] === piece) queue.shift();
    piece.done(piece.status);
    return true;
  };

  const pending = () => queue.reduce((sum, { bytes }) => sum + bytes.length, 0);

  return {
    end: { writeNow, hand, pending, close } as unknown as TcpEnd,
    stream,
    addRoom: bytes => {
      room += bytes;
    },
    setArrival: when => {
      arrival = when;
    },
    take,
    tell,
    breakOff: () => {
      error = -ECONNRESET;
      dead = true;
    },
  };
};
