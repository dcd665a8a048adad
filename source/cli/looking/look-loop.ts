import { lookEvery, type News } from '../../core/model/looks.ts';
import type { Looks } from '../../traces/looks/looker.ts';

/** Between two looks at least, in ms. */
const least = 25;

/** The same of the bench's peers: so much of the time for which nothing has changed, up to so many ms. */
const restingShare = 1 / 6;
const seldom = 500;

/**
 * Looks that are asked for take so much of the time at most: among thousands of connections one takes hundreds of ms, and each
 * connection that comes asks for one.
 */
const askedShare = 1 / 10;

/** A number: of one process more to look at. */
export type LookWord = 'poke' | 'rest' | number;

export type LookLoop = {
  readonly look: Looks;
  readonly told: (news: News) => void;
  readonly forPeers: boolean;
  /** In ms. */
  readonly now: () => number;
};

/** Looks for ever, or until there is nobody to look at. Returns what hears that there is something new: one look is for all that came meanwhile. */
export const startLookLoop = ({ look, told, forPeers, now }: LookLoop): ((word: LookWord) => void) => {
  let timer: NodeJS.Timeout | undefined;
  let anew = false;
  let resting = false;
  let more: number[] = [];
  let changedAt = now();
  let askedFrom = Number.NEGATIVE_INFINITY;

  const step = () => {
    const began = now();
    const { news, within } = look(anew, more);
    const cost = now() - began;
    askedFrom = began + cost / askedShare;
    more = [];
    // Who was left is told as gone by the look after.
    const isOver = resting && !anew && !news;
    anew = false;
    if (news) {
      changedAt = began;
      told(news);
    }
    if (isOver) return;
    const rests = forPeers ? Math.min(seldom, (began - changedAt) * restingShare) : 0;
    timer = setTimeout(step, Math.min(Math.max(least, lookEvery - cost, rests - cost), within));
  };
  step();

  return word => {
    if (typeof word === 'number') more.push(word);
    clearTimeout(timer);
    anew = true;
    resting = word === 'rest';
    changedAt = now();
    timer = setTimeout(step, Math.max(0, askedFrom - now()));
  };
};
