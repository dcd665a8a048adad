import { formatFaults } from '../language/fault-text.ts';
import { humanDuration, plural } from '../language/units.ts';
import type { FaultEntry } from '../model/entry.ts';
import { type FaultCounts, type FaultDeed, faultDeeds, isOff } from '../model/faults.ts';
import { type BenchState, faultsOf, type SocketState } from '../model/state.ts';

/** What a fault did, behind `a1 fault:`. `clock` writes a moment, in ms since the bench began. */
export const deedWords = (
  { did, bytes, until, next }: FaultEntry,
  clock: (ms: number) => string = humanDuration,
): string => {
  const size = plural(bytes, 'byte');
  switch (did) {
    case 'held': {
      const what = bytes === 0 && next !== undefined ? `${next} is` : `${size} ${bytes === 1 ? 'is' : 'are'}`;
      return `${what} held back${until === undefined ? '' : ` until ${clock(until)}`}`;
    }
    case 'split':
      return `${size} sent in pieces`;
    case 'merged':
      return `${size} sent as one`;
    case 'dropped':
      return `a datagram of ${size} dropped`;
    case 'duplicated':
      return `a datagram of ${size} sent twice`;
    case 'reordered':
      return `a datagram of ${size} held back for the next to go first`;
    case 'half-close':
      return `half-closed after ${size}`;
    case 'reset':
      return `reset after ${size}`;
    case 'lost':
      return `${size} lost`;
  }
};

/** What goes wrong on a socket, as its row has it; '' for nothing. */
export const faultsInForce = (
  bench: Pick<BenchState, 'sockets'>,
  socket: Pick<SocketState, 'faults' | 'listener'>,
): string => {
  const faults = faultsOf(bench, socket);
  return !faults || isOff(faults) ? '' : formatFaults(faults);
};

/** What was counted, each by a word behind its number: `3 dropped, 1 lost`. */
const countWords: Readonly<Record<FaultDeed, string>> = {
  held: 'held back',
  split: 'split',
  merged: 'merged',
  dropped: 'dropped',
  duplicated: 'duplicated',
  reordered: 'reordered',
  'half-close': 'half-closed',
  reset: 'reset',
  lost: 'lost',
};

/** `3 dropped, 2 duplicated`; '' for nothing. */
export const countedWords = (counts: FaultCounts = {}): string =>
  faultDeeds
    .filter(did => counts[did])
    .map(did => `${counts[did]} ${countWords[did]}`)
    .join(', ');
