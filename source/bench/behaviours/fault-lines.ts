import type { Call } from '../../core/calls/call.ts';
import type { PerformOptions } from '../engine/bench.ts';
import { HeldSends, type LinesHost } from './held-sends.ts';

/** What is on its way to each socket whose faults hold it: made as calls of their own, once it may leave. */
export type FaultLines = {
  readonly has: (socket: string) => boolean;
  readonly names: () => readonly string[];
  /** A send, or what ends a direction: its end is told once the program may go on. */
  readonly take: (call: Call, options: PerformOptions) => void;
  /** So many bytes were received since the faults were set. */
  readonly received: (socket: string) => number;
  readonly receive: (socket: string, bytes: number) => void;
  /** Other faults are set now. */
  readonly renew: (socket: string) => void;
  /** The socket is closed: what was held is lost. */
  readonly forget: (socket: string) => void;
  readonly stop: () => void;
};

export const createFaultLines = (host: LinesHost): FaultLines => {
  const lines = new Map<string, HeldSends>();

  const lineOf = (name: string): HeldSends => {
    const known = lines.get(name);
    if (known) return known;
    const line = new HeldSends(name, host);
    lines.set(name, line);
    return line;
  };

  return {
    has: name => lines.has(name),
    names: () => [...lines.keys()],
    take: (call, options) => lineOf(call.on).take(call, options),
    received: name => lines.get(name)?.received() ?? 0,
    receive: (name, bytes) => lineOf(name).receive(bytes),
    renew: name => lines.get(name)?.renew(),
    forget: name => {
      const line = lines.get(name);
      lines.delete(name);
      line?.lose();
    },
    stop: () => {
      for (const line of lines.values()) line.stop();
      lines.clear();
    },
  };
};
