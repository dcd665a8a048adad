import { type Bytes, byteLength, materialise, slice } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Report } from '../sockets/report.ts';
import type { FileSocket } from './raw-file.ts';

/** The writing half of a file object: what its buffer holds, nobody else can see. */
export type FileWriter = {
  readonly write: (data: Bytes, timeout: number | null, report: Report) => Running | null;
  readonly flush: (timeout: number | null, report: Report) => Running | null;
};

/** The bytes from `from` on, without copying; a repeat's unit is turned so that it goes on where it was cut. */
export const restOf = (bytes: Bytes, from: number): Bytes => {
  if (from === 0) return bytes;
  if (bytes.kind !== 'repeat')
    return { kind: 'literal', notation: 'text', data: slice(bytes, from, Number.POSITIVE_INFINITY) };
  const { unit } = bytes;
  const turn = unit.length > 0 ? from % unit.length : 0;
  return {
    ...bytes,
    size: bytes.size - from,
    unit: Buffer.concat([unit.subarray(turn), unit.subarray(0, turn)]),
  };
};

type WriteOut = {
  readonly enough: (left: number) => boolean;
  readonly rest: (left: Bytes) => void;
  readonly done: (error: Outcome | null) => void;
  readonly late?: (bytes: number) => void;
};

/** A failure with what the kernel had taken until then. */
const withTaken = (outcome: Outcome, count: number): Outcome =>
  outcome.kind === 'error' && count > 0 ? { ...outcome, count } : outcome;

/** `bufferSize` in bytes; 0: none, each write is one send. */
export const createFileWriter = (socket: FileSocket, bufferSize: number): FileWriter => {
  let parts: Uint8Array[] = [];
  let buffered = 0;
  /** Takes bytes away from the flush under way, which has sent nothing yet. */
  let shorten: ((count: number) => void) | null = null;

  const keep = (data: Uint8Array) => {
    if (data.length > 0) parts.push(data);
    buffered += data.length;
  };

  const setBuffer = (data: Uint8Array) => {
    parts = [];
    buffered = 0;
    keep(data);
  };

  const whole = (): Bytes => ({ kind: 'literal', notation: 'text', data: Buffer.concat(parts, buffered) });

  /** Bytes of the buffer that left after their flush had been stopped: sent again, they would arrive twice. */
  const left = (count: number) => {
    if (shorten) shorten(count);
    else setBuffer(materialise(restOf(whole(), count)));
  };

  /**
   * SocketIO.write until `enough` is written: each is one send, on UDP one datagram. `rest` hears what is left,
   * also where the call is stopped; `done` only where it ends by itself; `late` as Outgoing's `left`.
   */
  const writeOut = (
    data: Bytes,
    timeout: number | null,
    { enough, rest, done, late }: WriteOut,
  ): Running | null => {
    let running: Running | null = null;
    let remaining = data;
    let size = byteLength(data);
    let over = false;

    const progress = () => size - byteLength(remaining);

    const finish = (error: Outcome | null) => {
      over = true;
      shorten = null;
      rest(remaining);
      done(error && withTaken(error, progress()));
    };

    const sent = (outcome: Outcome) => {
      running = null;
      if (outcome.kind !== 'count') return finish(outcome);
      remaining = restOf(remaining, outcome.count);
      step();
    };

    const step = () => {
      if (enough(byteLength(remaining))) return finish(null);
      const next = socket.send({ data: remaining, all: false, timeout, left: late }, sent);
      if (next) running = next;
    };

    shorten = count => {
      running?.stop('cancelled');
      running = null;
      remaining = restOf(remaining, count);
      size -= count;
      step();
    };
    step();
    if (over) return null;
    return {
      stop: reason => {
        over = true;
        shorten = null;
        remaining = restOf(remaining, running?.stop(reason) ?? 0);
        rest(remaining);
        return progress();
      },
      taken: () => progress() + (running?.taken() ?? 0),
    };
  };

  const drain = (timeout: number | null, done: (error: Outcome | null) => void): Running | null =>
    writeOut(whole(), timeout, {
      enough: size => size === 0,
      rest: remaining => setBuffer(materialise(remaining)),
      done,
      late: left,
    });

  /** BufferedWriter.write of more than fits: flush, then everything but the last buffer's worth. */
  const writeThrough = (data: Bytes, timeout: number | null, report: Report): Running | null => {
    const held = buffered;
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
      setBuffer(materialise(remaining));
      const count = byteLength(data);
      end({ kind: 'count', count, passed: held + count - buffered });
    };
    const flushed = (error: Outcome | null) => {
      if (error) return end(error);
      drained = held;
      current = writeOut(data, timeout, {
        enough: size => size <= bufferSize,
        rest: rest => {
          remaining = rest;
        },
        done: written,
      });
    };
    const draining = drain(timeout, flushed);
    current ??= draining;
    if (over) return null;
    return {
      stop: reason => drained + (current?.stop(reason) ?? 0),
      taken: () => drained + (current?.taken() ?? 0),
    };
  };

  /** SocketIO.write: one send; None where the socket would have to wait and may not. */
  const once = (data: Bytes, timeout: number | null, report: Report): Running | null =>
    socket.send({ data, all: false, timeout }, outcome => {
      if (outcome.kind === 'count') report({ ...outcome, passed: outcome.count });
      else report(outcome.kind === 'error' && outcome.code === 'EAGAIN' ? ok : outcome);
    });

  return {
    write: (data, timeout, report) => {
      if (bufferSize === 0) return once(data, timeout, report);
      const size = byteLength(data);
      if (size > bufferSize - buffered) return writeThrough(data, timeout, report);
      keep(materialise(data));
      report({ kind: 'count', count: size });
      return null;
    },
    flush: (timeout, report) => drain(timeout, error => report(error ?? ok)),
  };
};
