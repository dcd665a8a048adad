import { forks } from './forks.ts';
import type { Moment } from './moments.ts';

/** Without the beginnings of calls whose ends came with them: what a call in flight has not printed need not be asked for then. */
export const withoutBrief = (moments: readonly Moment[]): readonly Moment[] => {
  const ended = new Set<number>();
  const brief = new Set<Moment>();
  for (const moment of moments.toReversed()) {
    if (moment.kind === 'end') ended.add(moment.tid);
    else if (moment.kind === 'begin' && ended.delete(moment.tid) && !forks.has(moment.call))
      brief.add(moment);
  }
  return brief.size === 0 ? moments : moments.filter(moment => !brief.has(moment));
};
