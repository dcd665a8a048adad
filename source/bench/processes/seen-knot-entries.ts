import { type Finding, isSaidAgain } from '../../core/model/finding.ts';
import { type SeenKnot, threadKey } from '../../core/model/looks.ts';
import { deadlockSeen } from './seen-deadlock.ts';
import type { Telling } from './telling.ts';

/** Findings come and go by the threads that are in them. */
const knotKey = ({ threads }: SeenKnot): string => threads.map(threadKey).join(' ');

/** Deadlocks that looks see, as findings. */
export class SeenKnotEntries {
  private readonly telling: Telling;
  private readonly findings = new Map<string, Finding>();
  /** As looks told last. */
  private last: readonly SeenKnot[] = [];

  constructor(telling: Telling) {
    this.telling = telling;
  }

  /** Those that are found no more. */
  clear(knots: readonly SeenKnot[]): void {
    const { entry, now } = this.telling;
    const keys = new Set(knots.map(knotKey));
    for (const [key, finding] of this.findings) {
      if (keys.has(key)) continue;
      this.findings.delete(key);
      entry({ kind: 'finding', t: now(), finding, on: false });
    }
  }

  seen(knots: readonly SeenKnot[]): void {
    this.last = knots;
    this.tell(knots);
  }

  /** Calls of these threads are told of only now. */
  tellOf(come: ReadonlySet<string>): void {
    const knots = this.last.filter(({ threads }) => threads.some(thread => come.has(threadKey(thread))));
    if (knots.length === 0) return;
    this.clear(this.last.filter(knot => !knots.includes(knot)));
    this.tell(knots);
  }

  private tell(knots: readonly SeenKnot[]): void {
    const { names, told, entry, now, since } = this.telling;
    for (const knot of knots) {
      const key = knotKey(knot);
      const finding = deadlockSeen(knot, names, told, since);
      const again = isSaidAgain(this.findings.get(key), finding) ? { again: true as const } : {};
      this.findings.set(key, finding);
      entry({ kind: 'finding', t: now(), finding, on: true, ...again });
    }
  }
}
