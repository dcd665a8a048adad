import type { Entry } from '../../core/model/entry.ts';
import type { Sink } from '../../core/model/sink.ts';

/** The recordings that are on: each gets every entry before the journal can drop it. */
export type Recordings = {
  /** Returns how to stop. */
  readonly add: (sink: Sink) => () => void;
  readonly take: (entries: readonly Entry[]) => void;
  /** Whether one of them looks at bytes. */
  readonly readBytes: () => boolean;
  /** One that has no room now. */
  readonly full: () => Sink | undefined;
};

export const createRecordings = (): Recordings => {
  const sinks = new Set<Sink>();
  let readBytes = false;
  const changed = () => {
    readBytes = [...sinks].some(sink => sink.readsBytes !== false);
  };
  return {
    add: sink => {
      sinks.add(sink);
      changed();
      return () => {
        sinks.delete(sink);
        changed();
      };
    },
    readBytes: () => readBytes,
    take: entries => {
      for (const sink of sinks) sink.take(entries);
    },
    full: () => {
      for (const sink of sinks) if (!sink.hasRoom()) return sink;
      return undefined;
    },
  };
};
