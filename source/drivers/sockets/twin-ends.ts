import { isIdentity } from '../../core/addresses/endpoint.ts';
import { connectionKey } from '../../core/addresses/twins.ts';
import type { Addresses } from './ends.ts';

/** One end's view of its twin. */
export type Twin = {
  /** This end has written: its twin's blocked recv, if there is one, is served in the same turn. */
  readonly wrote: () => void;
  readonly leave: () => void;
};

/** A receiving side that can be asked to look again without the kernel having said so. */
type Reader = { readonly inside: () => boolean; readonly serve: () => void };

/**
 * Connections whose two ends are this driver's. Over loopback a write is readable when it returns, so a recv at the
 * other end need not wait for the event loop to hear of it: request and reply save a poll each (2 of 8 us).
 */
export type Twins = {
  readonly join: (connection: Addresses, reader: Reader) => Twin;
  /** Runs what the kernel has woken, then the twins that it wrote to, and theirs. */
  readonly turn: (woken: () => void) => void;
};

/** Reads that follow each other without a poll: 0.5 ms at most, so that timers and keys are not kept waiting. */
const wakesPerTurn = 64;

const nobody: Twin = { wrote: () => {}, leave: () => {} };

/** A connection is written as `connectionKey` has it. A class: a function for each of what an end does is 0.2 KiB a connection. */
class JoinedEnd implements Twin {
  private readonly twins: TwinEnds;
  private readonly mine: string;
  private readonly theirs: string;
  private readonly reader: Reader;

  constructor(twins: TwinEnds, mine: string, theirs: string, reader: Reader) {
    this.twins = twins;
    this.mine = mine;
    this.theirs = theirs;
    this.reader = reader;
  }

  wrote(): void {
    this.twins.wrote(this.theirs);
  }

  leave(): void {
    this.twins.leave(this.mine, this.reader);
  }
}

class TwinEnds implements Twins {
  private readonly readers = new Map<string, Reader>();
  private readonly written: Reader[] = [];
  private running = false;

  join({ local, peer }: Addresses, reader: Reader): Twin {
    if (!local || !peer || !isIdentity(local) || !isIdentity(peer)) return nobody;
    const [mine, theirs] = [connectionKey(local, peer), connectionKey(peer, local)];
    this.readers.set(mine, reader);
    return new JoinedEnd(this, mine, theirs, reader);
  }

  wrote(theirs: string): void {
    // Outside a turn the event loop will poll soon, and a report may not be made before start returns.
    const twin = this.running ? this.readers.get(theirs) : undefined;
    if (twin?.inside()) this.written.push(twin);
  }

  leave(mine: string, reader: Reader): void {
    if (this.readers.get(mine) === reader) this.readers.delete(mine);
  }

  readonly turn = (woken: () => void): void => {
    const { written } = this;
    this.running = true;
    try {
      woken();
      // It grows on the way.
      for (let wakes = 0; wakes < wakesPerTurn && wakes < written.length; wakes++) written[wakes]!.serve();
    } finally {
      this.running = false;
      written.length = 0;
    }
  };
}

export const createTwins = (): Twins => new TwinEnds();
