import { closeSync, openSync } from 'node:fs';
import type { Printed } from '../../bench/processes/started-programs.ts';
import { createFifo, drainAfterwards } from '../../drivers/files/fifo.ts';

/** Where a program that is started reads and prints. */
export type Streams = {
  readonly stdio: 'inherit' | readonly ['ignore', number, number];
  /** Variables that it gets where this process has none of the name. */
  readonly env: Readonly<Record<string, string>>;
  /** It has started, and has them. */
  readonly given: () => void;
  /** Nothing more is printed, and all that was has been told. */
  readonly over: Promise<unknown>;
  /** Whatever is printed from now on is not heard. */
  readonly close: () => void;
  /** Which of them a descriptor leads to, as strace writes it: `1</tmp/a/trace>`. */
  readonly streamAt: (descriptor: string) => Printed['stream'] | null;
  /** strace has told that so many bytes were written to it: what they make whole, which is not told again. */
  readonly wrote: (stream: Printed['stream'], bytes: number) => readonly Printed[];
};

/** Those of this process itself. */
export const ownStreams: Streams = {
  stdio: 'inherit',
  env: {},
  given: () => {},
  over: Promise.resolve(),
  close: () => {},
  streamAt: () => null,
  wrote: () => [],
};

/** Python keeps what it prints to itself where no terminal reads it, and a program that hangs would have printed nothing. */
const promptly = { PYTHONUNBUFFERED: '1' } as const;

/**
 * What stands without a newline is told after so long, in ms. `traced`: whole lines are told where strace tells of their writes, and
 * under strace a program that writes a line in pieces takes its time for each.
 */
const quietMs = { traced: 500, alone: 25 } as const;

/** Lines are told after so long, in ms: of a program that writes one in pieces they are whole then. */
const lineMs = 2;

/** More bytes than these are told at once, before it is known among which calls they were written. */
const mostHeld = 256 * 1024;

/** More lines at once than these are told together: a flood is not to be an entry a line. */
const fewLines = 20;

const newline = 10;

/** Cut behind its newlines. */
const lines = (data: Buffer): Buffer[] => {
  const list: Buffer[] = [];
  for (let from = 0; from < data.length; ) {
    const at = data.indexOf(newline, from);
    const to = at < 0 ? data.length : at + 1;
    list.push(data.subarray(from, to));
    if (list.length > fewLines) return [data];
    from = to;
  }
  return list;
};

/**
 * What has come out of a pipe and was not told yet. `awaited`: a strace tells of the writes; what it has not told of some time
 * later is told all the same, as where strace was killed. `late` hears that it is time to flush.
 */
const createHeld = (tell: (line: Buffer) => void, awaited: boolean, late: () => void) => {
  let held = Buffer.alloc(0);
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  /** Bytes that were told of by strace and are held still; below 0: that were told before it told of them. */
  let due = 0;
  const take = (size: number): readonly Buffer[] => {
    const whole = held.subarray(0, size);
    held = held.subarray(size);
    due -= size;
    return lines(whole);
  };
  return {
    /** When the oldest of it came. */
    since: () => since,
    flush: () => {
      clearTimeout(timer);
      timer = undefined;
      for (const line of take(held.length)) tell(line);
    },
    add: (piece: Uint8Array) => {
      if (held.length === 0) since = performance.now();
      held = Buffer.concat([held, piece]);
      const isLine = piece.at(-1) === newline && !awaited;
      if (isLine) clearTimeout(timer);
      if (held.length > mostHeld) late();
      else if (isLine || !timer)
        timer = setTimeout(late, isLine ? lineMs : quietMs[awaited ? 'traced' : 'alone']);
    },
    /** Whether so many bytes more are not all here yet. */
    lacks: (bytes: number): boolean => held.length < due + bytes,
    wrote: (bytes: number): readonly Buffer[] => {
      due += bytes;
      return due <= 0 ? [] : take(held.subarray(0, due).lastIndexOf(newline) + 1);
    },
  };
};

type Held = ReturnType<typeof createHeld>;

/** A pipe to print into, by its descriptor. A pipe with a name, since those that Node makes for a child are sockets. */
const printer = async ({ add, flush, lacks, wrote }: Held) => {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const fifo = await createFifo({
    data: add,
    end: () => {
      flush();
      resolve();
    },
  });
  const fd = openSync(fifo.path, 'w');
  return {
    fd,
    path: fifo.path,
    given: () => {
      closeSync(fd);
      fifo.begun();
    },
    over,
    close: fifo.close,
    wrote: (bytes: number) => {
      // strace tells of a write once it is done, and may be heard first: what it wrote is there.
      if (lacks(bytes)) fifo.readNow();
      return wrote(bytes);
    },
  };
};

/**
 * Nothing to read, and what is printed is told line by line. `traced`: a strace tells of it too, and killed, this process leaves
 * pipes that somebody reads.
 */
export const toldStreams = async (tell: (printed: Printed) => void, traced = false): Promise<Streams> => {
  /** What came first is told first. */
  const flush = () => {
    for (const held of both.toSorted((one, other) => one.since() - other.since())) held.flush();
  };
  const heldOf = (stream: Printed['stream']) => createHeld(data => tell({ stream, data }), traced, flush);
  const both = [heldOf('out'), heldOf('err')] as const;
  const [out, err] = await Promise.all([printer(both[0]), printer(both[1])]);
  if (traced) drainAfterwards(out.path, err.path);
  const pipes = { out, err } as const;
  return {
    stdio: ['ignore', out.fd, err.fd],
    env: promptly,
    given: () => {
      out.given();
      err.given();
    },
    over: Promise.all([out.over, err.over]),
    close: () => {
      out.close();
      err.close();
    },
    streamAt: descriptor =>
      (['out', 'err'] as const).find(stream => descriptor.includes(`<${pipes[stream].path}`)) ?? null,
    wrote: (stream, bytes) => pipes[stream].wrote(bytes).map(data => ({ stream, data })),
  };
};
