import { failure, type Outcome } from '../../core/calls/outcome.ts';

const nothing = new Uint8Array(0);

/** What a file object has read ahead. */
export class ReadBuffer {
  private bytes: Uint8Array = nothing;

  size(): number {
    return this.bytes.length;
  }

  fill(data: Uint8Array): void {
    this.bytes = data;
  }

  take(count: number): Uint8Array {
    const part = this.bytes.subarray(0, count);
    this.bytes = this.bytes.subarray(part.length);
    return part;
  }

  /** Up to and with the first newline, or all; `found` says which. */
  takeLine(): { readonly part: Uint8Array; readonly found: boolean } {
    const newline = this.bytes.indexOf(10);
    return { part: this.take(newline >= 0 ? newline + 1 : this.bytes.length), found: newline >= 0 };
  }
}

/** One read or readline: what it has, and when it has enough. */
export type BufferedRead = {
  /** Bytes to ask the socket for, 0 once there is enough. */
  readonly wants: () => number;
  readonly take: (data: Uint8Array) => void;
  readonly result: () => Uint8Array;
  readonly got: () => number;
  /** What to answer where a socket that never waits has nothing: read None, readline b'' or an error. */
  readonly empty: Outcome;
  /** Looks at what is there before it reads it. */
  readonly peeks: boolean;
};

/** BufferedReader.read: whole buffers of `bufferSize` straight from the socket, the rest through the buffer. */
export const exactly = (buffer: ReadBuffer, size: number, bufferSize: number): BufferedRead => {
  const parts: Uint8Array[] = [];
  let got = 0;
  const add = (part: Uint8Array) => {
    got += part.length;
    if (part.length > 0) parts.push(part);
  };
  add(buffer.take(size));
  return {
    wants: () => {
      const missing = size - got;
      return missing <= 0 ? 0 : Math.max(bufferSize, missing - (missing % bufferSize));
    },
    take: data => {
      if (size - got >= bufferSize) return add(data);
      buffer.fill(data);
      add(buffer.take(size - got));
    },
    result: () => Buffer.concat(parts, got),
    empty: { kind: 'none' },
    got: () => got,
    peeks: false,
  };
};

/** RawIOBase.readall: `each` bytes a recv until EOF. */
export const untilEnd = (buffer: ReadBuffer, each: number, bufferSize: number): BufferedRead => ({
  ...exactly(buffer, Number.POSITIVE_INFINITY, bufferSize),
  wants: () => each,
});

/** SocketIO.read and BufferedReader.read1: what is buffered, or one recv. */
export const once = (buffer: ReadBuffer, size: number, empty: Outcome): BufferedRead => {
  let part: Uint8Array | null = buffer.size() > 0 ? buffer.take(size) : null;
  return {
    wants: () => (part ? 0 : size),
    take: data => {
      part = data;
    },
    result: () => part ?? nothing,
    empty,
    got: () => part?.length ?? 0,
    peeks: false,
  };
};

/** BufferedReader.readline: a newline in the buffer, or the buffer and then the next recv's worth. `paired` as in ReaderOptions. */
export const line = (buffer: ReadBuffer, bufferSize: number, paired: boolean): BufferedRead => {
  const parts: Uint8Array[] = [];
  let got = 0;
  let isWhole = false;
  const takeOn = () => {
    const { part, found } = buffer.takeLine();
    isWhole = found;
    got += part.length;
    parts.push(part);
  };
  takeOn();
  return {
    wants: () => (isWhole ? 0 : Math.max(1, bufferSize)),
    take: data => {
      buffer.fill(data);
      takeOn();
    },
    result: () => Buffer.concat(parts, got),
    empty:
      paired || bufferSize === 0
        ? failure('UNKNOWN', "read() should have returned a bytes object, not 'NoneType'")
        : { kind: 'data', data: nothing },
    got: () => got,
    peeks: paired && bufferSize > 0,
  };
};
