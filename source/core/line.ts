import type { Call } from './call.ts';
import type { Claim, Expectation, Target } from './expectation.ts';
import { type Parsed, refused } from './parsed.ts';

/** One line of a lab, of `run` or of the palette. */
export type Line =
  | { readonly kind: 'empty' }
  | {
      readonly kind: 'call';
      readonly call: Call;
      /** A trailing `&`: start it, do not wait for its end. */
      readonly background: boolean;
      readonly expectation: Expectation | null;
    }
  | { readonly kind: 'wait'; readonly target: Target; readonly expectation: Expectation | null }
  | { readonly kind: 'cancel'; readonly target: Target; readonly expectation: Expectation | null }
  | { readonly kind: 'expect'; readonly claim: Claim };

/** `c1.connect 127.0.0.1:51423`, parentheses and commas optional; no `&` and no `=>`. */
export const parseCall = (_text: string): Parsed<Call> => refused('not written yet');

/** What the log prints left of ` = `; parseCall reads it back. With `limit` bytes are cut after that many characters. */
export const formatCall = (call: Call, _limit?: number): string => call.name;

/** A whole line: call, wait, cancel, expect, comment or nothing. */
export const parseLine = (_text: string): Parsed<Line> => refused('not written yet');
