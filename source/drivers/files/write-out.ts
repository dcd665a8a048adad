import { type Bytes, byteLength, slice } from '../../core/bytes/bytes.ts';
import type { Running, StopReason } from '../../core/calls/driver.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { FileSocket } from './raw-file.ts';

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

/** A failure with what the kernel had taken until then. */
export const withTaken = (outcome: Outcome, count: number): Outcome =>
  outcome.kind === 'error' && count > 0 ? { ...outcome, count } : outcome;

export type WriteOutOptions = {
  readonly timeout: number | null;
  readonly enough: (left: number) => boolean;
  /** Hears what is left, also where the call is stopped. */
  readonly rest: (left: Bytes) => void;
  /** Only where it ends by itself. */
  readonly done: (error: Outcome | null) => void;
  /** As Outgoing's `left`. */
  readonly late?: (bytes: number) => void;
};

/** SocketIO.write until `enough` is written: each is one send, on UDP one datagram. */
export class WriteOut implements Running {
  private readonly socket: FileSocket;
  private readonly options: WriteOutOptions;
  private remaining: Bytes;
  private size: number;
  private running: Running | null = null;
  private isOver = false;

  constructor(socket: FileSocket, data: Bytes, options: WriteOutOptions) {
    this.socket = socket;
    this.options = options;
    this.remaining = data;
    this.size = byteLength(data);
  }

  /** null where it is over by then. */
  begin(): Running | null {
    this.step();
    return this.isOver ? null : this;
  }

  /** So many bytes of it have left otherwise. */
  shorten(count: number): void {
    this.running?.stop('cancelled');
    this.running = null;
    this.remaining = restOf(this.remaining, count);
    this.size -= count;
    this.step();
  }

  stop(reason: StopReason): number {
    this.isOver = true;
    this.remaining = restOf(this.remaining, this.running?.stop(reason) ?? 0);
    this.options.rest(this.remaining);
    return this.progress();
  }

  taken(): number {
    return this.progress() + (this.running?.taken() ?? 0);
  }

  private progress(): number {
    return this.size - byteLength(this.remaining);
  }

  private step(): void {
    const { timeout, enough, late } = this.options;
    if (enough(byteLength(this.remaining))) return this.finish(null);
    const outgoing = { data: this.remaining, all: false, timeout, left: late };
    const next = this.socket.send(outgoing, outcome => this.sent(outcome));
    if (next) this.running = next;
  }

  private sent(outcome: Outcome): void {
    this.running = null;
    if (outcome.kind !== 'count') return this.finish(outcome);
    this.remaining = restOf(this.remaining, outcome.count);
    this.step();
  }

  private finish(error: Outcome | null): void {
    this.isOver = true;
    this.options.rest(this.remaining);
    this.options.done(error && withTaken(error, this.progress()));
  }
}
