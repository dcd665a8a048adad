import type { Call } from '../../source/core/call.ts';
import type { Draft, Entry } from '../../source/core/entry.ts';
import type { Endpoint } from '../../source/core/names.ts';
import { type Outcome, ok } from '../../source/core/outcome.ts';

export const at = (port: number, host = '127.0.0.1'): Endpoint => ({ host, port });

/** A journal written by hand: each line is stamped one millisecond after the one before. */
export const createPlaybook = () => {
  const entries: Entry[] = [];
  const add = (draft: Draft): Entry => {
    const entry = { ...draft, n: entries.length + 1, prev: 0 } as Entry;
    entries.push(entry);
    return entry;
  };
  let id = 0;
  const about = (call: Call) => ({ id: ++id, call, thread: call.on, queuedAt: id, inside: 0, looped: false });
  return {
    entries,
    add,
    /** A call that ended within its flush. */
    ended: (call: Call, outcome: Outcome = ok) =>
      add({
        kind: 'ended',
        t: entries.length + 1,
        ...about(call),
        startedAt: entries.length,
        outcome,
        seen: false,
      }),
    /** A call that was seen blocked; answers how to end it. */
    running: (call: Call, deadline: number | null = null) => {
      const shared = about(call);
      const startedAt = entries.length;
      add({ kind: 'running', t: startedAt, ...shared, startedAt, deadline });
      return (outcome: Outcome = ok) =>
        add({ kind: 'ended', t: entries.length + 1, ...shared, startedAt, outcome, seen: true });
    },
    queued: (call: Call) => add({ kind: 'queued', t: entries.length + 1, ...about(call) }),
  };
};

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export const literal = (value: string) => ({ kind: 'literal', data: text(value), notation: 'text' }) as const;
