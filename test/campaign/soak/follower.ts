import { closeSync, openSync, readSync } from 'node:fs';

type Line = {
  readonly n?: number;
  readonly t: number;
  readonly kind: string;
  readonly call?: string;
  readonly outcome?: {
    readonly kind: string;
    readonly name?: string;
    readonly local?: { readonly port: number };
  };
};

/** Reads a recording while it is written: which sockets are open, and whether each entry stands behind the one before. */
export const followRecording = (file: string) => {
  const block = Buffer.alloc(1 << 20);
  const open = new Set<string>();
  const listening = new Map<string, number>();
  const made = new Set<string>();
  let at = 0;
  let held = Buffer.alloc(0);
  let last = { n: 0, t: 0 };

  const take = (line: Line): void => {
    if (line.n === undefined) return;
    if (line.n !== last.n + 1 || line.t < last.t)
      throw new Error(`entry ${line.n} of ${line.t} ms stands behind ${last.n} of ${last.t} ms`);
    last = { n: line.n, t: line.t };
    const { kind, call = '', outcome } = line;
    if (kind !== 'ended' || !outcome || outcome.kind === 'error') return;
    const [name = '', does = ''] = call.split(/[.\s]/);
    if (outcome.name !== undefined && does !== 'makefile') {
      open.add(outcome.name);
      made.add(outcome.name);
    }
    if (does === 'bind') listening.set(name, outcome.local?.port ?? 0);
    if (does === 'close' || does === 'reset') open.delete(name);
  };

  const read = (): void => {
    const disk = openSync(file, 'r');
    for (let got = -1; got !== 0; at += got) {
      got = readSync(disk, block, 0, block.length, at);
      const text = Buffer.concat([held, block.subarray(0, got)]);
      const end = text.lastIndexOf(10) + 1;
      held = Buffer.from(text.subarray(end));
      for (const line of text.toString('utf8', 0, end).split('\n')) if (line !== '') take(JSON.parse(line));
    }
    closeSync(disk);
  };

  return {
    /** Names of the sockets that are open, by all that was written up to now. Throws where an entry is out of order. */
    open: (): readonly string[] => {
      read();
      return [...open];
    },
    /** The port that a socket was bound to; undefined as long as it was not. */
    boundTo: (name: string): number | undefined => {
      read();
      return listening.get(name);
    },
    /** A name that no socket had yet. */
    fresh: (letter: string): string => {
      read();
      for (let n = 1; ; n++) if (!made.has(`${letter}${n}`)) return `${letter}${n}`;
    },
    entries: () => last.n,
  };
};

export type Follower = ReturnType<typeof followRecording>;
