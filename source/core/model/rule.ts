import type { Pattern } from '../language/pattern-text.ts';

/**
 * What a rule looks for in what has come.
 *
 * - `any`: whatever it is
 * - `equals`: these bytes and no others; `prefix`: it begins so; `contains`: they are somewhere in it
 * - `pattern`: a regular expression finds itself in it; its groups are there for the answer
 */
export type Search =
  | { readonly kind: 'any' }
  | { readonly kind: 'equals' | 'prefix' | 'contains'; readonly bytes: Uint8Array }
  | { readonly kind: 'pattern'; readonly pattern: Pattern };

/** When a rule answers: once a connection is there, or where what was received fits. */
export type Occasion = { readonly kind: 'accept' } | { readonly kind: 'recv'; readonly search: Search };

/** A piece of what is sent: bytes, or what a group of the expression found (0: all of it). */
export type AnswerPart =
  | { readonly kind: 'bytes'; readonly data: Uint8Array }
  | { readonly kind: 'group'; readonly group: number };

/**
 * One thing that a rule does. `echo` sends what was found, `discard` nothing; `shut` is the half-close. `file` sends what
 * a file held when the rule was made; null: it has not been read yet.
 */
export type Act =
  | { readonly kind: 'echo' | 'discard' | 'shut' | 'close' | 'reset' }
  | { readonly kind: 'send'; readonly parts: readonly AnswerPart[] }
  | { readonly kind: 'file'; readonly path: string; readonly data: Uint8Array | null };

/** What a socket answers by itself. `acts` in their order, `after` so many ms. */
export type Rule = {
  readonly on: Occasion;
  readonly acts: readonly Act[];
  readonly after: number;
};

/**
 * A rule of the bench: by its number, from 1, the log names it. It is for a socket, and of a listener for all that is
 * accepted from it.
 */
export type RuleState = {
  readonly number: number;
  readonly socket: string;
  readonly rule: Rule;
  readonly enabled: boolean;
  /** How often it has answered. */
  readonly hits?: number;
  /** What it did last. */
  readonly last?: RuleAnswer;
};

/** A call that a rule made, as it is written, and when. */
export type RuleAnswer = { readonly call: string; readonly t: number };

/** Which way a rule goes among those of its socket. */
export type RuleMove = 'up' | 'down';

/** The rules with this one in place of the one of its number, or after all. */
export const withRule = (rules: readonly RuleState[], rule: RuleState): readonly RuleState[] =>
  rules.some(({ number }) => number === rule.number)
    ? rules.map(other => (other.number === rule.number ? rule : other))
    : [...rules, rule];

/** The rules with one in its neighbour's place, and that in its; null where it has none on this side. */
export const withMoved = (
  rules: readonly RuleState[],
  number: number,
  way: RuleMove,
): readonly RuleState[] | null => {
  const rule = rules.find(each => each.number === number);
  const among = rules.filter(({ socket }) => socket === rule?.socket);
  const other = rule && among[among.indexOf(rule) + (way === 'up' ? -1 : 1)];
  if (!other) return null;
  return rules.map(each => (each === rule ? other : each === other ? rule : each));
};

/** Whether a rule of an accept goes on with what is received: from the first echo or discard on. */
const turnsAt = ({ acts }: Rule): number =>
  acts.findIndex(({ kind }) => kind === 'echo' || kind === 'discard');

/** What a rule does once a connection is accepted. */
export const actsOnAccept = (rule: Rule): readonly Act[] => {
  if (rule.on.kind !== 'accept') return [];
  const turn = turnsAt(rule);
  return turn < 0 ? rule.acts : rule.acts.slice(0, turn);
};

/** What a rule does with what was received and fits. */
export const actsOnReceive = (rule: Rule): readonly Act[] => {
  if (rule.on.kind === 'recv') return rule.acts;
  const turn = turnsAt(rule);
  return turn < 0 ? [] : rule.acts.slice(turn);
};

/** Whether it answers what is received; else it says something to a connection once that is there. */
export const answersReceived = (rule: Rule): boolean => actsOnReceive(rule).length > 0;

/** The rules that a socket goes by, in the order in which they are tried: its own, then its listener's. */
export const rulesFor = (
  rules: readonly RuleState[],
  socket: string,
  listener: string,
): readonly RuleState[] => {
  const of = (name: string) => rules.filter(rule => rule.enabled && rule.socket === name);
  return listener === '' ? of(socket) : [...of(socket), ...of(listener)];
};
