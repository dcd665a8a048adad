import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { safeJson, safeLines } from '../core/bytes/printable.ts';
import { t } from '../core/words/translate.ts';

/** Node's stream on a pipe takes 4 to 5 ms to make: a small program that prints once does without, as long as write(2) takes all. */
let withStreams = true;

const descriptors = { stdout: 1, stderr: 2 } as const;

/** Bytes by write(2), and what of them is not taken at once: a pipe may be non-blocking, and full (EAGAIN). */
const leftOver = (descriptor: 1 | 2, bytes: Uint8Array): Uint8Array => {
  let taken = 0;
  try {
    while (taken < bytes.length) taken += writeSync(descriptor, bytes, taken);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
      hearStreams();
      return bytes.subarray(taken);
    }
    if (descriptor === descriptors.stdout) fail(error as NodeJS.ErrnoException);
  }
  return new Uint8Array();
};

/**
 * The one way out: nothing else writes to standard output or standard error, but for Ink, which sets the screen's modes. Text
 * for people has what a terminal could obey escaped; newlines stay. Data and sequences for the terminal go as they are.
 */
const text = (stream: 'stdout' | 'stderr', what: string): void => {
  const safe = safeLines(what);
  const rest = withStreams ? safe : leftOver(descriptors[stream], Buffer.from(safe));
  if (rest.length > 0) process[stream].write(rest);
};

/** A line, or several, on standard output. */
export const print = (line: string): void => text('stdout', `${line}\n`);

/** A line, or several, on standard error. */
export const complain = (line: string): void => text('stderr', `${line}\n`);

/** Text that has its newlines already: commander's. */
export const printAsIs = (what: string): void => text('stdout', what);
export const complainAsIs = (what: string): void => text('stderr', what);

/** Indented JSON on standard output: what is not printable is escaped in it, and parses to the same value. */
export const printJson = (value: unknown): void => print(safeJson(JSON.stringify(value, null, 2)));

/** A sequence that the terminal is to obey. */
export const toTerminal = (sequence: string): void => {
  process.stdout.write(sequence);
};

/** Standard output for Ink; `written` hears of whatever it writes there by itself. */
export const outputOfInk = (written: () => void): { readonly stdout: NodeJS.WriteStream } => ({
  stdout: new Proxy(process.stdout, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'write') return value.bind(target);
      return (...given: unknown[]) => {
        written();
        return Reflect.apply(value, target, given);
      };
    },
  }),
});

/** The terminal itself, for readline. Each is opened when it is first asked for. */
export const terminal = (): { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream } => ({
  get input() {
    return process.stdin;
  },
  get output() {
    return process.stdout;
  },
});

/** Standard output took something no more. Node lets a failed one be written to again, and fails each time. */
let isBroken = false;

/** Resolves once the bytes have left this process, with what went wrong. */
const left = (stream: NodeJS.WriteStream, bytes: string | Uint8Array): Promise<Error | null | undefined> =>
  new Promise(resolve => stream.write(bytes, resolve));

/**
 * Data on standard output: the next piece is made once this one has left, so that a slow reader costs no memory. Ends
 * early where nothing more can be written; whoever hears the stream's 'error' ends the program then.
 */
export const printData = async (pieces: Iterable<Uint8Array>): Promise<void> => {
  for (const bytes of pieces) {
    const error = await left(process.stdout, bytes);
    if (error) return;
  }
};

/** One piece of data on standard output, which has left once this resolves; false: nothing more can be written. */
export const printBytes = async (bytes: Uint8Array): Promise<boolean> => !(await left(process.stdout, bytes));

/** Resolves once all that was written has left this process: a pipe takes 64 KiB at a time (pipe(7)). */
export const written = async (): Promise<void> => {
  if (!isBroken) await left(process.stdout, '');
  await left(process.stderr, '');
};

/** Hears of the exit status where standard output takes no more. */
let ending: (code: number) => void = () => {};

const fail = (error: NodeJS.ErrnoException): void => {
  if (isBroken) return;
  isBroken = true;
  if (error.code === 'EPIPE') return ending(outputCodes.EPIPE);
  if (error.code === 'EIO' && process.stdout.isTTY) return ending(outputCodes.EIO);
  const why = error.code === 'ENOSPC' ? t('the disk is full (ENOSPC)') : (error.code ?? error.message);
  complain(t`sockbench: standard output cannot be written: ${why}`);
  ending(outputCodes.other);
};

const hearStreams = (): void => {
  withStreams = true;
  process.stdout.on('error', fail);
  process.stderr.on('error', () => {});
};

/**
 * Ends the program where standard output takes no more. A reader that went away (sockbench run | head: EPIPE) ends it
 * quietly, with the status of SIGPIPE, as it does others; a terminal that went away (EIO) as its SIGHUP would. A full
 * disk is told. `end` is called with the exit status. What standard error does not take is lost: there is nobody to tell.
 */
export const endWithOutput = (end: (code: number) => void): void => {
  ending = end;
  hearStreams();
};

/** The same for a program that prints little, once: streams are made where they are needed. */
export const endWithLittleOutput = (end: (code: number) => void): void => {
  ending = end;
  withStreams = false;
};

/** Whether nothing waits in a stream to be taken: the same program may end at once. */
export const allHasLeft = (): boolean => !withStreams;

/** Bytes of a peer on their way out. False: `done` is called once they have left; nothing more is handed over until then. */
export type DataOut = (bytes: Uint8Array, done: () => void) => boolean;

/** A terminal obeys what it is sent: there the bytes are text for people, and the CR of a line's end is left out. */
const toScreen = (): DataOut => {
  const decoder = new StringDecoder('utf8');
  let held = '';
  return (bytes, done) => {
    const text = held + decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    held = text.endsWith('\r') ? '\r' : '';
    const shown = text.slice(0, text.length - held.length).replaceAll('\r\n', '\n');
    process.stdout.write(shown.split('\t').map(safeLines).join('\t'), () => done());
    return false;
  };
};

/**
 * Bytes as they are, by write(2) while there is room: a stream's own way costs several times as much a piece. Node has made
 * a pipe non-blocking, and its stream waits for room.
 */
const toFile: DataOut = (bytes, done) => {
  let taken = 0;
  try {
    while (taken < bytes.length) taken += writeSync(1, bytes, taken);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
      fail(error as NodeJS.ErrnoException);
      return false;
    }
  }
  process.stdout.write(bytes.subarray(taken), error => {
    if (!error) done();
  });
  return false;
};

/** What a command of bytes writes to. It ends by itself where that fails: `hear` gets the exit status, and nobody else. */
export const openDataOut = (hear: (code: number) => void): DataOut => {
  ending = hear;
  return process.stdout.isTTY ? toScreen() : toFile;
};

/** 128 and the number of SIGPIPE and SIGHUP, and what no other end has. */
export const outputCodes = { EPIPE: 141, EIO: 129, other: 4 } as const;
