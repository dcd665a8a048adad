import type { Finding } from '../../core/model/finding.ts';
import type { BenchState } from '../../core/model/state.ts';

/** Descriptors open, and how many there may be; null: nobody tells. */
export type DescriptorCount = () => { readonly open: number; readonly limit: number } | null;

/** Shares of the limit: told from here on, and over below there. */
const raisedAt = 3 / 4;
const clearedAt = 2 / 3;

/** Sockets opened and closed between two counts: counting reads a folder with an entry a descriptor. */
const leastChange = 16;

const finding = (open: number, limit: number): Finding => ({
  name: 'descriptors',
  key: 'descriptors',
  sockets: [],
  open,
  limit,
});

/** Tells in time that descriptors run out: sockets that have ended keep theirs until they are closed. */
export const watchDescriptors = (
  count: DescriptorCount,
  find: (finding: Finding, on: boolean) => void,
): ((state: BenchState) => void) => {
  let counted = 0;
  let told: Finding | null = null;
  return ({ sockets, graveyard }) => {
    const known = sockets.size - graveyard.length;
    if (Math.abs(known - counted) < leastChange) return;
    counted = known;
    const use = count();
    if (!use) return;
    const { open, limit } = use;
    if (told && open < limit * clearedAt) {
      find(told, false);
      told = null;
    } else if (!told && open >= limit * raisedAt) {
      told = finding(open, limit);
      find(told, true);
    }
  };
};
