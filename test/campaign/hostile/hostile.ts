import { type Campaign, eachInput } from '../campaign.ts';
import { commands } from './commands.ts';
import { drawing } from './drawing.ts';
import { leakIn } from './leaks.ts';
import type { Place } from './place.ts';
import { screens } from './screens.ts';
import { gates } from './texts.ts';
import { why } from './why.ts';

const places: readonly Place[] = [...gates, ...drawing, why, ...commands, ...screens];

/** Each as often as its share is. */
const drawn = places.flatMap(place => Array.from({ length: place.share }, () => place));

/** Whatever is shown of what others have written, no terminal obeys it, and nothing of it hides. */
export const hostile: Campaign = {
  name: 'hostile',
  is: 'what others wrote is shown, and no terminal obeys it or hides it',
  small: 3_000,
  full: 1_000_000,
  share: 2,
  run: eachInput(async ({ chance }) => {
    const { name, show } = chance.one(drawn);
    const { text, output } = await show(chance);
    const leak = leakIn(text, output);
    if (leak !== null) throw new Error(`${name}: ${leak}`);
  }),
};
