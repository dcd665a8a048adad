import type { Chance } from '../../support/chance.ts';
import type { Output } from './leaks.ts';

/** What a person gets to see of something foreign. */
export type Seen = { readonly text: string; readonly output: Output };

/** A place where text of somebody else's is shown. `share`: how many of its inputs there are to one of the slowest place's. */
export type Place = {
  readonly name: string;
  readonly share: number;
  readonly show: (chance: Chance) => Seen | Promise<Seen>;
};
