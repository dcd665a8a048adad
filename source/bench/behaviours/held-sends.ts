import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Program } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Draft } from '../../core/model/entry.ts';
import type { Faults } from '../../core/model/faults.ts';
import type { Policy } from '../../core/model/names.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { Registry } from '../engine/registry.ts';
import {
  type Deed,
  enter,
  type FaultLine,
  heldBytes,
  heldCall,
  isEmpty,
  leave,
  type Move,
  newLine,
  renewed,
} from './fault-line.ts';

export type LinesHost = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  /** The call as the next message of its socket. */
  readonly numbered: (call: Call) => Call;
  readonly socket: Registry['socket'];
  readonly policy: (program: Program) => Policy;
  readonly faults: (socket: string) => Faults;
  readonly entry: (draft: Draft) => void;
  readonly after: Clock['after'];
  readonly now: () => number;
};

/** What is held of one socket at most: beyond it its program waits, as behind a full buffer of the kernel. */
const mostHeld = 1 << 20;
const mostItems = 1000;

/** A program that waits to go on, and how its call is to have ended. */
type Waiting = { readonly sends: boolean; readonly outcome: Outcome; readonly options: PerformOptions };

const failureOf = (outcome: Outcome, call: Call): Outcome | null =>
  outcome.kind === 'error' && call.name === 'sendall' ? outcome : null;

/** What is no longer to be found in the log as a send. */
const isGone = ({ did }: Deed): boolean => did === 'dropped' || did === 'lost' || did === 'reordered';

/** The line of one socket: what is on its way to it, and the programs that wait until it has left. */
export class HeldSends {
  private readonly socket: string;
  private readonly host: LinesHost;
  private line: FaultLine;
  /** A call of its own is in flight. */
  private flying = false;
  private pumping = false;
  private over = false;
  /** How a stream's send has failed: nothing more can leave. */
  private failed: Outcome | null = null;
  private readonly waiting: Waiting[] = [];
  private clearTimer: (() => void) | undefined = undefined;

  constructor(socket: string, host: LinesHost) {
    this.socket = socket;
    this.host = host;
    this.line = newLine(this.faults());
  }

  take(call: Call, options: PerformOptions): void {
    const { host } = this;
    const socket = host.socket(this.socket);
    const isStream = socket !== undefined && !carriesDatagrams(socket);
    const held = heldCall(host.numbered(call), options, isStream, host.now());
    const { sends } = held;
    const alone = isEmpty(this.line) && !this.flying;
    const bytes = heldBytes({ ...this.line, queue: [held], behind: [] });
    const outcome: Outcome = calls[call.name].returns === 'count' ? { kind: 'count', count: bytes } : ok;
    this.waiting.push({ sends, outcome, options });
    if (this.failed && sends) return this.letOn();
    const { line, deeds } = enter(this.line, this.faults(), held);
    this.line = line;
    this.tell(deeds);
    const { delay = 0 } = this.faults();
    this.pump();
    const isWhole = this.line.sent === line.sent;
    if (isWhole && !deeds.some(isGone)) this.tellHeld(alone, bytes, host.now() + delay);
  }

  /** So many bytes since the faults were set. */
  received(): number {
    return this.line.received;
  }

  receive(bytes: number): void {
    this.line = { ...this.line, received: this.line.received + bytes };
    this.pump();
  }

  /** Other faults are set now. */
  renew(): void {
    this.line = renewed(this.line, this.faults());
    this.pump();
  }

  /** The socket is closed. */
  lose(): void {
    this.stop();
    this.tellLost(heldBytes(this.line));
  }

  stop(): void {
    this.over = true;
    this.clearTimer?.();
  }

  /** Lets leave what may, and waits for the next. Calls that end at once follow each other in this loop, not on the stack. */
  private pump(): void {
    if (this.pumping || this.flying) return;
    this.pumping = true;
    this.clearTimer?.();
    this.clearTimer = undefined;
    while (!this.flying && !this.over) {
      const move = this.next();
      if (move.kind === 'wait')
        this.clearTimer = this.host.after(Math.max(0, move.until - this.host.now()), () => this.pump());
      if (move.kind !== 'make') break;
      this.line = move.line;
      this.tell(move.deeds);
      this.fly(move);
    }
    this.pumping = false;
    this.letOn();
  }

  private fly({ call, mark }: Extract<Move, { kind: 'make' }>): void {
    this.flying = true;
    const decide = (outcome: Outcome): Afterwards | undefined => {
      const wait = failureOf(outcome, call) ? null : this.wait();
      return wait ? { kind: 'held', call: wait.call, until: wait.until } : undefined;
    };
    const onEnd = (outcome: Outcome) => {
      this.flying = false;
      if (this.over) return;
      const failed = failureOf(outcome, call);
      if (failed) this.fail(failed);
      this.pump();
    };
    this.host.perform(call, { looped: true, numbered: true, ...mark, decide, onEnd });
  }

  /** Nothing can leave any more, but for what ends the socket. */
  private fail(failed: Outcome): void {
    const bytes = heldBytes(this.line);
    this.failed = failed;
    this.line = { ...this.line, queue: this.line.queue.filter(({ sends }) => !sends), behind: [] };
    this.tellLost(bytes);
  }

  private letOn(): void {
    while (this.waiting.length > 0 && (this.failed || this.hasRoom())) {
      const { sends, outcome, options } = this.waiting.shift()!;
      const end = sends && this.failed ? this.failed : outcome;
      options.decide?.(end);
      options.onEnd?.(end);
    }
  }

  /** One thread does one thing: where the same sends and receives, its loop goes on once all has left. */
  private hasRoom(): boolean {
    const socket = this.host.socket(this.socket);
    if (socket && this.host.policy(socket.actor) !== 'duplex') return isEmpty(this.line) && !this.flying;
    return heldBytes(this.line) < mostHeld && this.line.queue.length < mostItems;
  }

  private faults(): Faults {
    return this.host.faults(this.socket);
  }

  private next(): Move {
    return leave(this.line, this.faults(), this.socket, this.host.now());
  }

  private wait(): Extract<Move, { kind: 'wait' }> | null {
    const move = this.next();
    return move.kind === 'wait' ? move : null;
  }

  private tell(deeds: readonly Deed[]): void {
    for (const deed of deeds)
      this.host.entry({ kind: 'fault', t: this.host.now(), socket: this.socket, ...deed });
  }

  private tellLost(bytes: number): void {
    if (bytes > 0) this.tell([{ did: 'lost', bytes }]);
  }

  /** What has just been handed over and does not leave at once. */
  private tellHeld(alone: boolean, bytes: number, due: number): void {
    if (this.flying || isEmpty(this.line)) return;
    const wait = this.wait();
    const until = alone ? wait?.until : due;
    if (wait && until !== undefined && until > this.host.now())
      this.tell([{ did: 'held', bytes, until, next: wait.call }]);
  }
}
