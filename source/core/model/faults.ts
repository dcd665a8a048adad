import { t } from '../words/translate.ts';

/** Every so many bytes sent or received the connection ends. */
export type Cut = {
  readonly how: 'half-close' | 'reset';
  readonly after: number;
  readonly of: 'sent' | 'received';
};

/**
 * What goes wrong on a socket, on purpose, with what its program does by itself: a receive loop, a rule's answers. A person's own calls
 * are left alone. What is not there is off. Times in ms, sizes in bytes, shares in percent.
 *
 * - `delay`: from when something is sent until it leaves
 * - `rate`: bytes a second that leave
 * - `split`: no write is larger; `every` passes between two
 * - `merge`: bytes are kept until there are so many, the stream ends, or the first has been kept for `within`
 * - `stall`: nothing is received
 * - `cut`: the connection ends after so many bytes
 * - `drop`, `duplicate`, `reorder`: the share of datagrams that do not leave, leave twice, leave behind the next one
 * - `seed`: of the numbers that choose those; the same chooses the same
 */
export type Faults = {
  readonly delay?: number;
  readonly rate?: number;
  readonly split?: { readonly size: number; readonly every: number };
  readonly merge?: { readonly size: number; readonly within: number };
  readonly stall?: true;
  readonly cut?: Cut;
  readonly drop?: number;
  readonly duplicate?: number;
  readonly reorder?: number;
  readonly seed?: number;
};

/** Where none is said. */
export const usualSeed = 1;

/** Between two pieces of a split write, so that the other end receives them one by one, ms. */
export const usualSplitPause = 10;

/** For how long bytes are kept for others to be merged with, and a datagram for one to go before it, ms. */
export const longestKept = 200;

/** What there is only of streams, and only of datagrams. */
const ofStreams = ['split', 'merge', 'cut'] as const;
const ofDatagrams = ['drop', 'duplicate', 'reorder', 'seed'] as const;

const worded = (faults: Faults, key: (typeof ofStreams | typeof ofDatagrams)[number]): string | null => {
  if (faults[key] === undefined) return null;
  return key === 'cut' ? faults.cut!.how : key;
};

const firstOf = (faults: Faults, keys: typeof ofStreams | typeof ofDatagrams): string =>
  keys.map(key => worded(faults, key)).find(word => word !== null) ?? '';

/** The first of its words that there is only of streams, and only of datagrams; '' for none. */
export const streamWord = (faults: Faults): string => firstOf(faults, ofStreams);
export const datagramWord = (faults: Faults): string => firstOf(faults, ofDatagrams);

/** Nothing is on. */
export const isOff = (faults: Faults): boolean => Object.keys(faults).every(key => key === 'seed');

/** Why a socket cannot have them; null where it can. */
export const unfit = (faults: Faults, socket: string, datagrams: boolean): string | null => {
  const word = datagrams ? streamWord(faults) : datagramWord(faults);
  if (word === '') return null;
  return datagrams
    ? t`${word} is for streams, and ${socket} sends datagrams: they can be dropped, duplicated, reordered, delayed`
    : t`${word} is for datagrams, and ${socket} is a stream, of which nothing is lost: it can be delayed, split, merged, reset`;
};

/** What a fault did, by the word for it. */
export const faultDeeds = [
  'held',
  'split',
  'merged',
  'dropped',
  'duplicated',
  'reordered',
  'half-close',
  'reset',
  'lost',
] as const;

export type FaultDeed = (typeof faultDeeds)[number];

/** How often each was done on a socket. */
export type FaultCounts = Partial<Readonly<Record<FaultDeed, number>>>;
