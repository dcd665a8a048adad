import { inspect } from 'node:util';
import { type Chance, chanceOf } from '../support/chance.ts';
import { clearScratch } from './scratch.ts';

/** An input that did not survive: `--seed SEED --count 1` tries it alone. */
export type Lost = { readonly seed: number; readonly what: string };

export type Tally = {
  readonly tried: number;
  readonly survived: number;
  readonly lost: readonly Lost[];
  /** Figures that it was asked for. */
  readonly told?: readonly string[];
};

/** Who follows a campaign while it goes on: what it was at is known also where it hangs or its process dies. */
export type Follower = {
  readonly begins: (seed: number) => void;
  readonly survives: () => void;
  readonly loses: (lost: Lost) => void;
  /** A line of figures, for people. */
  readonly tells: (line: string) => void;
};

export type Context = {
  /** Of the first input. The next one's is one more, and an input is made of its seed alone. */
  readonly seed: number;
  readonly count: number;
  /** When no further input begins, as `Date.now()` says it. */
  readonly deadline: number;
  /** Whether it is asked how long things take: never in `npm test`, where the machine may do anything else. */
  readonly timed: boolean;
  readonly follower: Follower;
};

export type Campaign = {
  readonly name: string;
  /** What is tried and what must hold, in a line. */
  readonly is: string;
  /** Inputs in `npm test`, and in `npm run campaign`. */
  readonly small: number;
  readonly full: number;
  /** Its part of the time beside those of the others; 1 where nothing is said. */
  readonly share?: number;
  /** How long one input may take before its process is ended and it is lost, in seconds; a minute where nothing is said. */
  readonly patience?: number;
  /** Why it cannot be played on this machine. */
  readonly lacks?: () => string | null;
  /** What is left out of it on this machine, and why. */
  readonly skips?: readonly { readonly name: string; readonly why: string }[];
  readonly run: (context: Context) => Promise<Tally>;
};

/** An input: its seed, and chance that goes by it. */
export type Input = { readonly seed: number; readonly chance: Chance; readonly timed: boolean };

/** Lost inputs that are told; all are counted. */
export const mostTold = 20;

/** Places that are told of an error: the first are those of what threw. */
const places = 6;

/** What was tried and where it threw, with nothing that a terminal obeys: the input may stand in it. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return visible(inspect(error));
  const { message, cause } = error;
  if (cause !== undefined) return `${visible(message)}\n${reasonOf(cause)}`;
  const lines = (error.stack ?? message).split('\n');
  const first = lines.findIndex(line => /^ +at /.test(line));
  return visible(first < 0 ? lines.join('\n') : lines.slice(0, first + places).join('\n'));
};

const visible = (text: string): string =>
  text.replace(/[^\n\x20-\x7e]/gu, character => `\\u{${character.codePointAt(0)!.toString(16)}}`);

/** Input after input, each of a seed of its own. One survives unless `attack` throws. */
export const eachInput =
  (attack: (input: Input) => void | Promise<void>): Campaign['run'] =>
  async ({ seed, count, deadline, timed, follower }) => {
    const lost: Lost[] = [];
    let tried = 0;
    let survived = 0;
    for (; tried < count && Date.now() < deadline; tried++) {
      const own = seed + tried;
      follower.begins(own);
      try {
        await attack({ seed: own, chance: chanceOf(own), timed });
        survived++;
        follower.survives();
      } catch (error) {
        const one = { seed: own, what: reasonOf(error) };
        if (lost.length < mostTold) lost.push(one);
        follower.loses(one);
      }
    }
    clearScratch();
    return { tried, survived, lost };
  };

/** Nobody follows. */
export const unfollowed: Follower = {
  begins: () => {},
  survives: () => {},
  loses: () => {},
  tells: () => {},
};
