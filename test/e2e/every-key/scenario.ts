import type { Place } from '../../../source/commands/calling/command.ts';
import type { Terminal } from '../terminal.ts';

/** A look at the screen, and at what it was before the key; `says` what is looked for. */
type Look = { readonly says: string; readonly holds: (screen: string, before: string) => boolean };

/** What is to be seen. A screen is its rows joined by newlines, with `‸` where the text cursor stands. */
export type Sight = RegExp | Look;

/** In order: keys typed, or typed by what is on the screen; a sight awaited; something done from outside. */
export type Step =
  | string
  | Sight
  | { readonly types: (screen: string) => string }
  | { readonly does: (terminal: Terminal) => void };

/**
 * A key pressed in its place. `shows` is not there before the key and is there after it; `hides` the other way round;
 * `keeps`: the key leads to where one is, and nothing changes. `after` is what else must come of it, and the way back
 * to the place as it was. `leaves`: the program ends.
 */
export type Scenario = {
  readonly command: string;
  readonly setup?: readonly Step[];
  readonly shows?: Sight;
  readonly hides?: RegExp;
  readonly keeps?: true;
  /** What the key puts on the clipboard. */
  readonly copies?: RegExp;
  readonly after?: readonly Step[];
  readonly leaves?: true;
};

/**
 * One run of the program for the keys of one place. `open` makes the world that they act in, `enter` goes to the place,
 * `sight` is what shows that it is there.
 */
export type Station = {
  readonly place: Place;
  /** Where it is not the bench's pane of that place. */
  readonly name?: string;
  /** What is typed into the shell. */
  readonly launch: string;
  readonly open: readonly Step[];
  readonly enter: readonly Step[];
  readonly sight: RegExp;
  readonly scenarios: readonly Scenario[];
};

export const holds = (sight: Sight, screen: string, before: string): boolean =>
  sight instanceof RegExp ? sight.test(screen) : sight.holds(screen, before);

export const said = (sight: Sight): string => (sight instanceof RegExp ? String(sight) : sight.says);

/** All of these at once. */
export const all = (...sights: readonly Sight[]): Sight => ({
  says: sights.map(said).join(' and '),
  holds: (screen, before) => sights.every(sight => holds(sight, screen, before)),
});

export const gone = (pattern: RegExp): Sight => ({
  says: `no ${pattern}`,
  holds: screen => !pattern.test(screen),
});

/** A call or a command typed in the palette, and what is seen once the palette has closed over it. */
export const line = (text: string, ...sights: readonly Sight[]): readonly Step[] => [
  `:${text}\r`,
  all(gone(/Commands and calls/), ...sights),
];

/** A number on the screen, the first group of the pattern, is another than before the key by what `fits`. */
const changed = (pattern: RegExp, says: string, fits: (change: number) => boolean): Sight => {
  const read = (screen: string): number => Number(pattern.exec(screen)?.[1] ?? 'none');
  return { says: `${pattern} ${says}`, holds: (screen, before) => fits(read(screen) - read(before)) };
};

export const less = (pattern: RegExp, by = 0): Sight =>
  changed(pattern, 'less than before', change => (by === 0 ? change < 0 : change <= -by));

export const more = (pattern: RegExp, by = 0): Sight =>
  changed(pattern, 'more than before', change => (by === 0 ? change > 0 : change >= by));

/** The row that matches is so many further down than before the key. */
const rowMoved = (pattern: RegExp, says: string, fits: (change: number) => boolean): Sight => {
  const row = (screen: string) => screen.split('\n').findIndex(text => pattern.test(text));
  return {
    says: `the row of ${pattern} ${says}`,
    holds: (screen, before) => row(screen) >= 0 && row(before) >= 0 && fits(row(screen) - row(before)),
  };
};

export const rowAbove = (pattern: RegExp): Sight => rowMoved(pattern, 'one up', change => change === -1);
export const rowBelow = (pattern: RegExp): Sight => rowMoved(pattern, 'one down', change => change === 1);
export const farAbove = (pattern: RegExp): Sight => rowMoved(pattern, 'far up', change => change < -1);
export const farBelow = (pattern: RegExp): Sight => rowMoved(pattern, 'far down', change => change > 1);
