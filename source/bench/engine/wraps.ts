import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { losesSocket } from '../../core/words/tls-errors.ts';
import type { BehaviourEngine } from '../behaviours/behaviour-engine.ts';
import type { PerformOptions } from './bench.ts';
import type { Flight } from './flight.ts';
import type { Registry } from './registry.ts';

/** What TLS brings along besides its calls. */
export type Wraps = {
  /** A loop's call would be in a wrap's way: the loop goes on once that has ended. */
  readonly before: (call: Call) => void;
  /** A wrapped listener has accepted: what it accepted is wrapped next. True where that is so. */
  readonly accepted: (flight: Flight, name: string) => boolean;
  readonly ended: (flight: Flight, outcome: Outcome) => void;
};

export const createWraps = (
  registry: Registry,
  loops: Pick<BehaviourEngine, 'ready' | 'halt' | 'goOn'>,
  perform: (call: Call, options: PerformOptions) => number,
): Wraps => {
  /** Accepted by an accept loop, and not wrapped yet. */
  const taken = new Set<string>();

  return {
    before: call => {
      if (call.name === 'wrap') loops.halt(call.on);
    },
    accepted: ({ call, looped, options: { onWrapped } }, name) => {
      const settings = registry.socket(call.on)?.tls;
      if (!settings) return false;
      if (looped) taken.add(name);
      perform(
        { name: 'wrap', on: name, side: 'server', settings },
        { looped: true, ...(onWrapped && { onEnd: onWrapped }) },
      );
      return true;
    },
    ended: ({ call, looped }, outcome) => {
      const wasTaken = taken.delete(call.on);
      if (outcome.kind === 'none' && !outcome.tls) return loops.ready(call.on, 'accept');
      if (outcome.kind === 'none') loops.ready(call.on, 'receive', wasTaken || undefined);
      // As CPython's wrap_socket does: a connection in the middle of a handshake is good for nothing.
      if (outcome.kind === 'error' && (losesSocket(outcome) || (looped && outcome.code !== 'CLOSED')))
        perform({ name: 'close', on: call.on }, { looped: true });
      else loops.goOn(call.on);
    },
  };
};
