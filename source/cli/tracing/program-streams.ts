import { closeSync, openSync } from 'node:fs';
import type { Printed } from '../../bench/processes/started-programs.ts';
import { createFifo } from '../../drivers/files/fifo.ts';
import { drainAfterwards } from '../../drivers/system/drain.ts';

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
};

/** Those of this process itself. */
export const ownStreams: Streams = {
  stdio: 'inherit',
  env: {},
  given: () => {},
  over: Promise.resolve(),
  close: () => {},
};

/** Python keeps what it prints to itself where no terminal reads it, and a program that hangs would have printed nothing. */
const promptly = { PYTHONUNBUFFERED: '1' } as const;

/** What stands without a newline is told after so long, in ms. */
const quietMs = 25;

/** Lines are told after so long, in ms: calls made before they were printed are in strace's pipe by then, and read first. */
const lineMs = 2;

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

/** A pipe to print into, by its descriptor. A pipe with a name, since those that Node makes for a child are sockets. */
const printer = async (tell: (data: Uint8Array) => void) => {
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const all = Buffer.concat(held);
    held = [];
    for (const line of lines(all)) tell(line);
  };
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const fifo = await createFifo({
    data: piece => {
      held.push(Buffer.from(piece));
      const isLine = piece.at(-1) === newline;
      if (isLine) clearTimeout(timer);
      timer = isLine || !timer ? setTimeout(flush, isLine ? lineMs : quietMs) : timer;
    },
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
  };
};

/** Nothing to read, and what is printed is told line by line. `outlives`: killed, this process leaves pipes that somebody reads. */
export const toldStreams = async (tell: (printed: Printed) => void, outlives = false): Promise<Streams> => {
  const [out, err] = await Promise.all([
    printer(data => tell({ stream: 'out', data })),
    printer(data => tell({ stream: 'err', data })),
  ]);
  if (outlives) drainAfterwards(out.path, err.path);
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
  };
};
