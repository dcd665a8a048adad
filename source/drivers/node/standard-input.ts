import { fstatSync, read } from 'node:fs';
import { Socket } from 'node:net';
import { isatty } from 'node:tty';

/** What comes in on standard input. */
export type InputListener = {
  /** The bytes are good until the next piece. False: no more until `resume`. */
  readonly take: (bytes: Uint8Array) => boolean;
  /** Its end; or why it cannot be read any more. */
  readonly end: (error?: NodeJS.ErrnoException) => void;
};

export type StandardInput = {
  readonly resume: () => void;
  /** Nothing more is read. */
  readonly stop: () => void;
};

type Opened = (size: number, listener: InputListener) => StandardInput;

/** A pipe or a socket, read into one buffer over and over (net.Socket's onread), which is several times as fast as its events. */
const openPipe: Opened = (size, { take, end }) => {
  const pipe = new Socket({
    fd: 0,
    readable: true,
    writable: false,
    allowHalfOpen: true,
    onread: {
      buffer: Buffer.allocUnsafeSlow(size),
      callback: (count, buffer) => take(buffer.subarray(0, count)),
    },
  });
  let over = false;
  const finish = (error?: NodeJS.ErrnoException) => {
    if (over) return;
    over = true;
    end(error);
  };
  pipe.on('end', () => finish());
  pipe.on('error', finish);
  pipe.resume();
  return { resume: () => void pipe.resume(), stop: () => void pipe.pause() };
};

/** A file, or a device such as /dev/zero: no poll tells when those can be read, and they always can. */
const openFile: Opened = (size, { take, end }) => {
  const buffer = Buffer.allocUnsafeSlow(size);
  let stopped = false;
  const next = () => {
    read(0, buffer, 0, size, null, (error, count) => {
      if (stopped) return;
      if (error) end(error);
      else if (count === 0) end();
      else if (take(buffer.subarray(0, count))) next();
    });
  };
  next();
  return {
    resume: next,
    stop: () => {
      stopped = true;
    },
  };
};

/** A terminal, line by line. */
const openTerminal: Opened = (_, { take, end }) => {
  const terminal = process.stdin;
  terminal.on('data', (data: Buffer) => {
    if (!take(data)) terminal.pause();
  });
  terminal.on('end', () => end());
  terminal.on('error', end);
  return { resume: () => void terminal.resume(), stop: () => void terminal.pause() };
};

const kindOf = (): Opened => {
  if (isatty(0)) return openTerminal;
  const found = fstatSync(0);
  return found.isFIFO() || found.isSocket() ? openPipe : openFile;
};

/** Reads standard input, whatever it is, `size` bytes at most a piece. */
export const readStandardInput: Opened = (size, listener) => kindOf()(size, listener);
