import { formatFaults } from '../language/fault-text.ts';
import { countedBytes, humanDuration } from '../language/units.ts';
import type { FaultEntry } from '../model/entry.ts';
import { type FaultCounts, type FaultDeed, faultDeeds, isOff } from '../model/faults.ts';
import { type BenchState, faultsOf, type SocketState } from '../model/state.ts';
import { t } from './translate.ts';

/** `3 bytes are held back until 12.3s`; nothing of bytes but a call: `a shutdown is held back`. */
const heldBack = ({ bytes, until, next }: FaultEntry, clock: (ms: number) => string): string => {
  const isCall = bytes === 0 && next !== undefined;
  const what = isCall ? next : countedBytes(bytes);
  const one = isCall || bytes === 1;
  if (until === undefined) return one ? t`${what} is held back` : t`${what} are held back`;
  return one ? t`${what} is held back until ${clock(until)}` : t`${what} are held back until ${clock(until)}`;
};

/** What a fault did, behind `a1 fault:`. `clock` writes a moment, in ms since the bench began. */
export const deedWords = (deed: FaultEntry, clock: (ms: number) => string = humanDuration): string => {
  const size = countedBytes(deed.bytes);
  switch (deed.did) {
    case 'held':
      return heldBack(deed, clock);
    case 'split':
      return t`${size} sent in pieces`;
    case 'merged':
      return t`${size} sent as one`;
    case 'dropped':
      return t`a datagram of ${size} dropped`;
    case 'duplicated':
      return t`a datagram of ${size} sent twice`;
    case 'reordered':
      return t`a datagram of ${size} held back for the next to go first`;
    case 'half-close':
      return t`half-closed after ${size}`;
    case 'reset':
      return t`reset after ${size}`;
    case 'lost':
      return t`${size} lost`;
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
const countWords: Readonly<Record<FaultDeed, (count: number) => string>> = {
  held: count => t`${count} held back`,
  split: count => t`${count} split`,
  merged: count => t`${count} merged`,
  dropped: count => t`${count} dropped`,
  duplicated: count => t`${count} duplicated`,
  reordered: count => t`${count} reordered`,
  'half-close': count => t`${count} half-closed`,
  reset: count => t`${count} reset`,
  lost: count => t`${count} lost`,
};

/** `3 dropped, 2 duplicated`; '' for nothing. */
export const countedWords = (counts: FaultCounts = {}): string =>
  faultDeeds.flatMap(did => (counts[did] ? [countWords[did](counts[did])] : [])).join(t(', '));
