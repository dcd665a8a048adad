import { joined } from '../../core/bytes/bytes.ts';
import { createFinder } from '../../core/bytes/find-bytes.ts';
import {
  type AnswerPart,
  answersReceived,
  type Rule,
  type RuleState,
  type Search,
} from '../../core/model/rule.ts';
import { expressionOf } from './rule-pattern.ts';

/** Bytes of a stream that no rule has answered are kept for one that they may yet fit: so many, the newest. */
export const mostUnanswered = 64 << 10;

/** So many are kept in any case, and looked through with each piece. */
const fewest = 4 << 10;

/** How often a byte may be looked at until no more than `fewest` are kept: pieces of a byte each cannot make more work. */
const looksAtByte = 4096;
const creditAtFirst = 1 << 22;
const mostCredit = 1 << 26;

/**
 * What a stream has brought since a rule answered last, in plain data. `starts`: where a message may begin in it, which is
 * at its first byte and at that of each receive, in order; `credit`: bytes that may still be looked at before less is kept;
 * `lost`: bytes that were let go since then, as no rule fitted and there were too many.
 */
export type Heard = {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  readonly credit: number;
  readonly lost: number;
};

export const heardNothing: Heard = { bytes: new Uint8Array(0), starts: [], credit: creditAtFirst, lost: 0 };

/** Starts where the first `gone` bytes are no longer there. */
const startsBehind = (starts: readonly number[], gone: number): number[] => [
  0,
  ...starts.filter(start => start > gone).map(start => start - gone),
];

/** The rule that answers, what it found (bytes `from` up to `to`), and what each of its groups did. */
export type Answer = {
  readonly rule: RuleState;
  readonly found: Uint8Array;
  readonly groups: readonly Uint8Array[];
};

/**
 * How it is looked. `final`: the peer has ended, no more comes; `datagram`: what has come is one, and whole. `work` is told
 * how many bytes were looked at: tests count them.
 */
export type Looking = {
  readonly final: boolean;
  readonly datagram?: boolean;
  readonly work?: (bytes: number) => void;
};

/** What a rule fits: bytes `from` to `to`, after which `used` are answered. */
type Fit = {
  readonly from: number;
  readonly to: number;
  readonly used: number;
  readonly groups: Answer['groups'];
};

const nothing: Uint8Array = new Uint8Array(0);

/** Asked of each start with each piece: a loop, and no call a byte. */
const hasAt = (bytes: Uint8Array, from: number, part: Uint8Array): boolean => {
  if (from + part.length > bytes.length) return false;
  for (let i = 0; i < part.length; i++) if (bytes[from + i] !== part[i]) return false;
  return true;
};

/** All that there is from there on, as one piece; what stands before it is answered with it. */
const allFrom = (from: number, { length }: Uint8Array): Fit => ({
  from,
  to: length,
  used: length,
  groups: [],
});

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** What is looked at, and how: its text is made once for all expressions. */
type Look = Looking & {
  readonly bytes: Uint8Array;
  readonly starts: readonly number[];
  readonly text: () => string;
  readonly spent: (bytes: number) => void;
  /** Whether what is found at the end of it may wait for more. */
  readonly canWait: () => boolean;
};

const patternFit = (search: Extract<Search, { kind: 'pattern' }>, look: Look): Fit | 'held' | null => {
  const { bytes, datagram } = look;
  const expression = expressionOf(search.pattern);
  const effort = bytes.length * Math.ceil(expression.size / 32);
  look.spent(effort);
  const found = expression.find(look.text());
  // Of a stream at least a byte is found: answers to nothing would never end.
  if (!found || (found.to === 0 && !datagram)) return null;
  const { from, to } = found;
  if (to === bytes.length && look.canWait()) {
    look.spent(effort * expression.kinds);
    if (expression.goesOn(look.text())) return 'held';
  }
  const groups = found.groups.map(group => (group ? bytes.subarray(group.from, group.to) : nothing));
  return { from, to, used: to, groups };
};

/**
 * What a search fits; `held` where it does, and one more byte might make it more. Equal, and begun so, is a message up to
 * all that has come: one that nobody has answered may stand before it. What is contained takes what stands before it too.
 */
const fitOf = (search: Search, look: Look): Fit | 'held' | null => {
  const { bytes, starts } = look;
  switch (search.kind) {
    case 'any':
      return allFrom(0, bytes);
    case 'equals': {
      const from = bytes.length - search.bytes.length;
      look.spent(starts.length);
      return starts.includes(from) && hasAt(bytes, from, search.bytes) ? allFrom(from, bytes) : null;
    }
    case 'prefix': {
      look.spent(starts.length);
      const from = starts.find(start => hasAt(bytes, start, search.bytes));
      return from === undefined ? null : allFrom(from, bytes);
    }
    case 'contains': {
      look.spent(bytes.length);
      const to = createFinder(search.bytes).look(bytes);
      return to < 0 ? null : { from: to - search.bytes.length, to, used: to, groups: [] };
    }
    case 'pattern':
      return patternFit(search, look);
  }
};

/** What an accept that echoes or discards says of all that its connection receives. */
const always: Search = { kind: 'any' };

const searchOf = (rule: Rule): Search | null => {
  if (rule.on.kind === 'recv') return rule.on.search;
  return answersReceived(rule) ? always : null;
};

/** The first rule that fits; `held` where the first that does may yet fit more. */
const firstFit = (
  rules: readonly RuleState[],
  look: Look,
): { readonly rule: RuleState; readonly fit: Fit } | 'held' | null => {
  for (const rule of rules) {
    const search = searchOf(rule.rule);
    const fit = search && fitOf(search, look);
    if (fit === 'held') return 'held';
    if (fit) return { rule, fit };
  }
  return null;
};

/** What is kept where no rule fitted: all of it while there is little, and while looking at it again costs little. */
const kept = (heard: Heard): Heard => {
  const { bytes, starts, credit, lost } = heard;
  const over = bytes.length - (credit > 0 ? mostUnanswered : fewest);
  if (over <= 0) return heard;
  return { bytes: bytes.slice(over), starts: startsBehind(starts, over), credit, lost: lost + over };
};

/** What was heard before, and a piece more. */
export const hear = ({ bytes, starts, credit, lost }: Heard, piece: Uint8Array): Heard => ({
  bytes: joined([bytes, piece]),
  starts: piece.length === 0 ? starts : [...starts, bytes.length],
  credit: Math.min(mostCredit, credit + piece.length * looksAtByte),
  lost,
});

/**
 * The first rule, in their order, that what was heard fits, and what is heard still: of a stream what stands behind the place
 * found, to be looked at again. Without an answer, what is kept for later.
 */
export const findAnswer = (
  rules: readonly RuleState[],
  heard: Heard,
  looking: Looking,
): { readonly answer: Answer | null; readonly heard: Heard } => {
  const { bytes, starts } = heard;
  if (bytes.length === 0 && !looking.datagram) return { answer: null, heard };
  let { credit } = heard;
  let text: string | undefined;
  const found = firstFit(rules, {
    ...looking,
    bytes,
    starts,
    text: () => (text ??= textOf(bytes)),
    spent: count => {
      credit -= count;
      looking.work?.(count);
    },
    canWait: () => !looking.final && !looking.datagram && credit > 0 && bytes.length < mostUnanswered,
  });
  if (found === null || found === 'held') {
    const rest = { ...heard, credit };
    return { answer: null, heard: looking.datagram ? heardNothing : kept(rest) };
  }
  const { rule, fit } = found;
  const left = looking.datagram ? nothing : bytes.subarray(fit.used);
  return {
    answer: { rule, found: bytes.subarray(fit.from, fit.to), groups: fit.groups },
    heard:
      left.length === 0
        ? heardNothing
        : { ...heardNothing, bytes: left, starts: startsBehind(starts, fit.used) },
  };
};

/** The bytes of what is sent, with what was found put in. */
export const sentBytes = (
  parts: readonly AnswerPart[],
  { found, groups }: Pick<Answer, 'found' | 'groups'>,
): Uint8Array =>
  joined(
    parts.map(part => {
      if (part.kind === 'bytes') return part.data;
      return part.group === 0 ? found : (groups[part.group - 1] ?? nothing);
    }),
  );
