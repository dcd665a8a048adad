/*
 * A look at threads alone is cheap: a tenth of a millisecond for a few processes. A whole one reads tables and who has what open,
 * and is taken where a thread has come to stand or to go on, and else every now and then.
 */

/**
 * Between two whole looks where nobody has come to stand, in ms, and the share of the time that they may take then: programs that are
 * busy want the processors for themselves.
 */
const wholeEvery = 500;
const quietShare = 1 / 25;

/**
 * Where looks may be patient they are so many times as rare, and once more for each so many ms without anything to tell, up to so
 * many times. Whoever reads there for how long somebody waits reads whole seconds.
 */
const leastPatient = 2;
const calmAfter = 5_000;
const mostPatient = 4;

/**
 * The share of the time that whole looks may take where something changes all the time, how many may be taken ahead of it, and how
 * long one is put off at most for that, in ms.
 */
const wholeShare = 1 / 10;
const ahead = 2;
const mostWaited = 200;

/**
 * What only goes on is told without a whole look, and where it comes to stand again that sees both: so many ms later one is taken all
 * the same. Bytes on their way to who stands come to rest within the same time, mostly: a window closes once all was acknowledged
 * (RFC 1122, 4.2.3.2).
 */
const settling = 100;
const mostSettling = 3;

/** What is seen once and needs a second look gets it after so many ms; what moves still, after twice as many. */
const soon = 10;

/** Whoever has gone on by then is busy: nobody is looked at so soon again for so many looks. */
const mostTired = 4;

/** What moves after so many looks is no deadlock. */
const mostUnsteady = 6;

/** What a look found: all that stand, each as a text that is another where it stands in another call. */
export type Found = { readonly at: number; readonly standing: readonly string[] };

/**
 * What a whole look found.
 *
 * - `cost`: how many ms it took
 * - `isKnot`: a knot was seen in it, and not yet in two
 * - `moves`: bytes are on their way to, or from, one that stands
 */
export type Whole = { readonly cost: number; readonly isKnot: boolean; readonly moves: boolean };

/** When a look is a whole one, and how soon the next is wanted. */
export type LookPace = {
  readonly isDue: (found: Found) => boolean;
  /** A whole look was taken. */
  readonly took: (found: Found, whole: Whole) => void;
  /** Something was told of a look, or has changed. */
  readonly stirred: (at: number) => void;
  /** A knot was seen in the newest whole look, and not yet in two. */
  readonly isUnsteady: () => boolean;
  /** The next look is wanted after so many ms at most. `fresh`: a thread has come into a call since the look before. */
  readonly within: (found: Found, fresh: boolean) => number;
};

/** `patient`: what nobody has moved for may be told late. */
export const createLookPace = (patient = false): LookPace => {
  let wholeAt = Number.NEGATIVE_INFINITY;
  let stirredAt: number | null = null;
  let stood: ReadonlySet<string> | null = null;
  /** Since when somebody has gone on whom the newest whole look saw stand. */
  let leftAt: number | null = null;
  /** How long a whole look's share of the time is, and until when that of those before lasts. */
  let rest = 0;
  let paidUntil = Number.NEGATIVE_INFINITY;
  /** How many whole looks more are taken soon, for bytes to come to rest. */
  let settles = 0;
  /** Whole looks in a row after which a knot still moved. */
  let unsteady = 0;
  let hurried = false;
  let tired = 0;

  const isUnsteady = (): boolean => unsteady > 0 && unsteady < mostUnsteady;

  const affordableAt = (): number => Math.min(paidUntil - ahead * rest, wholeAt + mostWaited);

  /** When a whole look is to be taken. */
  const dueAt = ({ at, standing }: Found): number => {
    if (stood === null || isUnsteady()) return at;
    const before = stood;
    const calm = patient ? Math.min(mostPatient, leastPatient + (at - (stirredAt ?? at)) / calmAfter) : 1;
    const least = wholeAt + calm * Math.max(wholeEvery, (rest * wholeShare) / quietShare);
    if (standing.some(one => !before.has(one))) return Math.min(affordableAt(), least);
    if (standing.length < before.size) leftAt ??= at;
    const from = leftAt ?? (settles > 0 ? wholeAt : null);
    return from === null ? least : Math.min(Math.max(from + settling, affordableAt()), least);
  };

  return {
    isUnsteady,
    isDue: found => found.at >= dueAt(found),
    took: ({ at, standing }, { cost, isKnot, moves }) => {
      const arrived = standing.some(one => !stood?.has(one));
      settles = moves ? (arrived ? mostSettling : Math.max(0, settles - 1)) : 0;
      stood = new Set(standing);
      leftAt = null;
      wholeAt = at;
      rest = cost / wholeShare;
      paidUntil = Math.min(Math.max(paidUntil, at) + rest, at + (ahead + 1) * rest);
      unsteady = isKnot ? unsteady + 1 : 0;
    },
    stirred: at => {
      stirredAt = at;
    },
    within: (found, fresh) => {
      // One look more finds whether it stands; programs that are busy are in another call each time.
      if (hurried && fresh) tired = mostTired;
      hurried = fresh && !hurried && tired === 0;
      tired = Math.max(0, tired - 1);
      if (isUnsteady()) return soon * 2 ** (unsteady - 1);
      return hurried ? soon : Math.max(soon, dueAt(found) - found.at);
    },
  };
};
