import type { Printed } from '../../bench/processes/started-programs.ts';
import { createMerge, type Merge } from '../../traces/strace/merge.ts';
import type { Step } from '../../traces/strace/steps.ts';
import type { Translator } from '../../traces/strace/translator.ts';
import { apart, type Heard } from './trace-heard.ts';

/** How often moments that other streams held up are looked at, and calls of which not all was known, in ms. */
const mergeMs = 10;

export type StreamsOptions = {
  /** Streams that are there from the start, from 0. */
  readonly count: number;
  readonly translator: Translator;
  readonly tell: (steps: readonly Step[]) => void;
  /** Hears what the program with this number has printed, in order with `tell`. */
  readonly printed: (printed: Printed, pid: number, at: number) => void;
  /** A stream has ended, and all that could be told of it has been told. */
  readonly ended: () => void;
};

/** What several straces tell and their programs print, a stream each, told in the order of its times. */
export class TraceStreams {
  private readonly options: StreamsOptions;
  private readonly merge: Merge<Heard>;
  private streams: number;
  private timer: NodeJS.Timeout | undefined;
  private heard = Date.now();
  /** Streams from which something may come; one more until all were started. */
  private running = 1;
  private readonly end: () => void;
  /** Nothing more comes of any. */
  readonly over: Promise<void>;

  constructor(options: StreamsOptions) {
    this.options = options;
    this.streams = options.count;
    this.merge = createMerge(options.count);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.end = resolve;
  }

  /** One more stream, by its number. */
  open(): number {
    this.streams++;
    return this.merge.open();
  }

  /** Nothing came from it, and nothing will. */
  close(stream: number): void {
    this.merge.close(stream);
  }

  /** Something comes from the stream until then. */
  follow(stream: number, until: Promise<void>): void {
    this.running++;
    void until.then(() => {
      this.merge.close(stream);
      this.pass();
      this.isOver();
      this.options.ended();
    });
  }

  /** All that were to be started have been. */
  allStarted(): void {
    this.isOver();
  }

  /** When something was heard last, in ms since 1970. */
  lastHeard(): number {
    return this.heard;
  }

  hear(stream: number, moments: readonly Heard[]): void {
    this.heard = Date.now();
    this.merge.add(stream, moments);
    // What other streams have said by now is read first: on a busy machine this one may be far ahead of them.
    if (this.streams > 1) this.timer ??= this.passSoon();
    // What was written is in its pipe by now, and read in this same turn of the event loop.
    else if (moments.some(each => 'what' in each)) setImmediate(() => this.pass());
    else this.pass();
  }

  /** A listener to a stream, and when it hears something for the first time. */
  firstHeard(stream: number): {
    readonly hear: (moments: readonly Heard[]) => void;
    readonly heard: Promise<void>;
  } {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hear = (moments: readonly Heard[]) => {
      this.hear(stream, moments);
      resolve();
    };
    return { hear, heard: promise };
  }

  /** Printed by whoever strace does not tell of, or no more. */
  print(stream: number, pid: () => number, printed: Printed): void {
    const at = this.merge.reached(stream) ?? Date.now();
    this.merge.add(stream, [{ at, pid, what: () => [printed] }]);
    this.pass();
  }

  /** Tells all that no other stream can still come before. */
  pass(): void {
    const { translator, tell, printed: hearPrinted } = this.options;
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const heard of apart(this.merge.take(Date.now()))) {
      if ('what' in heard) {
        for (const printed of heard.what()) hearPrinted(printed, heard.pid(), heard.at);
        continue;
      }
      const steps = translator.take(heard);
      if (steps.length > 0) tell(steps);
    }
    if (this.merge.size() > 0 || translator.owes()) this.timer = this.passSoon();
  }

  private passSoon(): NodeJS.Timeout {
    return setTimeout(() => this.pass(), mergeMs);
  }

  private isOver(): void {
    this.running--;
    if (this.running === 0) this.end();
  }
}
