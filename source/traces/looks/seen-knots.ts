import type { SeenKnot, ThreadKey } from '../../core/model/looks.ts';
import type { ThreadId, Waits } from '../verdict/gather.ts';
import type { Knot } from '../verdict/knots.ts';
import type { Deadline, Wait } from '../verdict/thread-waits.ts';

/** How long Linux repeats a connect's SYN at the least, in ms: 6 times, after 1, 2, 4 ... seconds (tcp(7), tcp_syn_retries). */
const synRetriesMs = 127_000;

const keyOf = (id: ThreadId): ThreadKey => {
  const [pid, tid] = id.split('/').map(Number) as [number, number];
  return { pid, tid };
};

/** When a deadline comes, of a wait that has been seen since then; null where the kernel does not tell. */
export const endOf = ({ by, ms }: Deadline, since: number): number | null => {
  if (by === 'SYN') return since + synRetriesMs;
  return ms === null ? null : since + ms;
};

type Ending = NonNullable<SeenKnot['until']>;

const firstEnd = (
  ends: Extract<Knot, { kind: 'until' }>['ends'],
  sinceOf: (id: ThreadId) => number,
): Ending | null => {
  const found = ends.flatMap(({ id, deadline }): Ending[] => {
    const at = endOf(deadline, sinceOf(id));
    return at === null ? [] : [{ ...keyOf(id), at, by: deadline.by === 'SYN' ? 'SYN' : 'timeout' }];
  });
  return found.sort((a, b) => a.at - b.at)[0] ?? null;
};

/** Why somebody may act: what it is about, or the deadline that ends what it is in. */
const whyFree = ({ idle, deadline }: Wait): SeenKnot['mayEnd'][number]['why'] =>
  idle ?? (deadline ? 'deadline' : 'call');

const mayEnd = (knot: Knot, waits: Waits): SeenKnot['mayEnd'] => {
  switch (knot.kind) {
    case 'deadlock':
      return [];
    case 'until':
      return knot.ends.map(({ id }) => ({ ...keyOf(id), why: 'deadline' }));
    case 'suspected':
      return knot.actors.map(({ id, doubt }) => ({ ...keyOf(id), why: doubt ?? whyFree(waits.get(id)!) }));
  }
};

/** A knot as data. `sinceOf`: since when a thread has been in its call. */
export const seenKnot = (knot: Knot, waits: Waits, sinceOf: (id: ThreadId) => number): SeenKnot => {
  const until = knot.kind === 'until' ? firstEnd(knot.ends, sinceOf) : null;
  const certain = knot.kind === 'deadlock' || until !== null;
  return {
    certain,
    threads: knot.cycle.map(keyOf),
    behind: knot.kind === 'suspected' ? [] : knot.behind.map(keyOf),
    until,
    mayEnd: certain ? [] : mayEnd(knot, waits),
  };
};
