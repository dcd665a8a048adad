/** Bytes in order, first in, first out. Chunks are kept as they came, not copied. */
export type ByteQueue = {
  readonly size: () => number;
  readonly push: (chunk: Uint8Array) => void;
  /** Puts bytes back before all others. */
  readonly unshift: (chunk: Uint8Array) => void;
  /** At most `count` bytes, taken away, or left there with `keep`. */
  readonly take: (count: number, keep?: boolean) => Uint8Array;
  readonly clear: () => void;
};

export const concatenate = (chunks: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
};

export const createByteQueue = (): ByteQueue => {
  let chunks: Uint8Array[] = [];
  let size = 0;
  return {
    size: () => size,
    push: chunk => {
      if (chunk.length > 0) chunks.push(chunk);
      size += chunk.length;
    },
    unshift: chunk => {
      if (chunk.length > 0) chunks.unshift(chunk);
      size += chunk.length;
    },
    take: (count, keep = false) => {
      const parts: Uint8Array[] = [];
      let missing = Math.min(count, size);
      for (let i = 0; missing > 0; i++) {
        const part = chunks[i]!.subarray(0, missing);
        parts.push(part);
        missing -= part.length;
      }
      const taken = parts.length === 1 ? parts[0]! : concatenate(parts);
      if (keep) return taken;
      const last = parts.length - 1;
      const rest = last < 0 ? undefined : chunks[last]!.subarray(parts[last]!.length);
      chunks = chunks.slice(parts.length);
      if (rest && rest.length > 0) chunks.unshift(rest);
      size -= taken.length;
      return taken;
    },
    clear: () => {
      chunks = [];
      size = 0;
    },
  };
};
