import {
  type Cut,
  datagramWord,
  type Faults,
  isOff,
  longestKept,
  streamWord,
  usualSplitPause,
} from '../model/faults.ts';
import { t } from '../words/translate.ts';
import { parseTime } from './expectation-text.ts';
import { type Parsed, parsed, refused, shifted } from './parsed.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, refusedAt, type Taken, type Token, tokenize } from './tokens.ts';
import { formatDuration, formatSize, parseSize } from './units.ts';

const example = (): string => t('as in delay 200ms rate 64KiB/s, split 3, drop 10%, or off');

/** No more is kept of one socket: what waits behind it waits in its program, as behind a full kernel buffer. */
const mostMerged = 1 << 20;

const mostSeed = 2 ** 32 - 1;

/** The value behind a word, and how many tokens it took with it. */
type Reader = (head: Token, rest: readonly Token[]) => Parsed<Taken<Partial<Faults>>>;

const taken = (value: Partial<Faults>, used: number): Parsed<Taken<Partial<Faults>>> =>
  parsed({ value, used });

const sizeBehind = (head: Token, token: Token | undefined, like: string, least = 1): Parsed<number> => {
  if (!token) return refused(t`${head.text} needs a size, as in ${like}`, endColumn([head]));
  const size = shifted(parseSize(token.text), token.column);
  if (!size.ok || size.value >= least) return size;
  return refusedAt(token, t`${token.text} is no size for ${head.text}: write at least 1, as in ${like}`);
};

/** `every 10ms`, where the word is there. */
const timeBehind = (
  word: string,
  [head, time]: readonly Token[],
  usual: number,
): Parsed<{ ms: number; used: number }> => {
  if (head?.text !== word) return parsed({ ms: usual, used: 0 });
  const ms = parseTime(time, head);
  return ms.ok ? parsed({ ms: ms.value, used: 2 }) : ms;
};

const delay: Reader = (head, [time]) => {
  const ms = parseTime(time, head);
  if (!ms.ok) return ms;
  return ms.value === 0
    ? refusedAt(time!, t('a delay of 0 is none: leave it out'))
    : taken({ delay: ms.value }, 2);
};

const rate: Reader = (head, [token]) => {
  const like = 'rate 64KiB/s';
  const text = token?.text.replace(/\/s$/, '') ?? '';
  if (token && text === token.text && /\d/.test(text))
    return refusedAt(token, t`${token.text} of what time? Write bytes a second, ${like}`);
  const size = sizeBehind(head, token && { ...token, text }, like);
  return size.ok ? taken({ rate: size.value }, 2) : size;
};

const split: Reader = (head, [token, ...rest]) => {
  const size = sizeBehind(head, token, 'split 3');
  if (!size.ok) return size;
  const every = timeBehind('every', rest, usualSplitPause);
  if (!every.ok) return every;
  return taken({ split: { size: size.value, every: every.value.ms } }, 2 + every.value.used);
};

const merge: Reader = (head, [token, ...rest]) => {
  const size = sizeBehind(head, token, 'merge 1KiB');
  if (!size.ok) return size;
  if (size.value > mostMerged)
    return refusedAt(token!, t`${token!.text} is too much to keep: merge at most ${formatSize(mostMerged)}`);
  const within = timeBehind('within', rest, longestKept);
  if (!within.ok) return within;
  return taken({ merge: { size: size.value, within: within.value.ms } }, 2 + within.value.used);
};

const cut =
  (how: Cut['how']): Reader =>
  (head, [word, token, direction]) => {
    const like = `${how} after 100KiB`;
    if (word?.text !== 'after')
      return word
        ? refusedAt(word, t`${word.text} is not meant here: write ${like}, or ${how} after 0 for at once`)
        : refused(t`${how} after how many bytes? Write ${like}`, endColumn([head]));
    const after = sizeBehind(word, token, like, 0);
    if (!after.ok) return after;
    const received = direction?.text === 'received';
    return taken({ cut: { how, after: after.value, of: received ? 'received' : 'sent' } }, received ? 4 : 3);
  };

const share =
  (name: 'drop' | 'duplicate' | 'reorder'): Reader =>
  (head, [token]) => {
    const like = `${name} 10%`;
    if (!token) return refused(t`${name} how many? Write a share, as in ${like}`, endColumn([head]));
    const percent = /^\d{1,3}(\.\d{1,4})?%$/.test(token.text) ? Number(token.text.slice(0, -1)) : Number.NaN;
    return percent > 0 && percent <= 100
      ? taken({ [name]: percent }, 2)
      : refusedAt(
          token,
          t`${token.text} is no share of datagrams: write more than 0% and at most 100%, as in ${like}`,
        );
  };

const seed: Reader = (head, [token]) => {
  if (!token) return refused(t('seed needs a number, as in seed 7'), endColumn([head]));
  const number = /^\d{1,10}$/.test(token.text) ? Number(token.text) : Number.NaN;
  return number <= mostSeed
    ? taken({ seed: number }, 2)
    : refusedAt(token, t`${token.text} is no seed: write a whole number from 0 to ${mostSeed}`);
};

const readers: Readonly<Record<string, Reader>> = {
  delay,
  rate,
  split,
  merge,
  stall: () => taken({ stall: true }, 1),
  'half-close': cut('half-close'),
  reset: cut('reset'),
  drop: share('drop'),
  duplicate: share('duplicate'),
  reorder: share('reorder'),
  seed,
};

/** What can go wrong, by its words. */
export const faultWords: readonly string[] = Object.keys(readers);

/** Why what was read does not go together with what stands before it; `head` is where the new begins. */
const clash = (before: Faults, more: Partial<Faults>, head: Token): Parsed<Faults> => {
  const twice = Object.keys(more).some(key => Object.hasOwn(before, key));
  if (twice && more.cut)
    return refusedAt(head, t`a connection is cut once: choose between ${before.cut!.how} and ${head.text}`);
  if (twice) return refusedAt(head, t`${head.text} stands here twice: once is enough`);
  const both = { ...before, ...more };
  const [ofStream, ofDatagram] = [streamWord(both), datagramWord(both)];
  return ofStream !== '' && ofDatagram !== ''
    ? refusedAt(head, t`${ofStream} is for streams and ${ofDatagram} for datagrams: no socket has both`)
    : parsed(both);
};

const oneMore = (before: Faults, tokens: readonly Token[]): Parsed<{ faults: Faults; used: number }> => {
  const [head, ...rest] = tokens;
  const reader = Object.hasOwn(readers, head!.text) ? readers[head!.text] : undefined;
  if (!reader) {
    const known = t`write ${faultWords.join(', ')}, ${example()}`;
    return refusedAt(
      head!,
      t`${head!.text} is no fault${didYouMean(head!.text, [...faultWords, 'off'], t`: ${known}`)}`,
    );
  }
  const read = reader(head!, rest);
  if (!read.ok) return read;
  const faults = clash(before, read.value.value, head!);
  return faults.ok ? parsed({ faults: faults.value, used: read.value.used }) : faults;
};

/** `delay 200ms rate 64KiB/s`, in any order, or `off`. `end` is the column of what is missing. */
export const parseFaults = (tokens: readonly Token[], end: number): Parsed<Faults> => {
  const [first, second] = tokens;
  if (!first) return refused(t`which fault? Write ${faultWords.join(', ')}, ${example()}`, end);
  if (first.text === 'off')
    return second ? refusedAt(second, t`${second.text} is too much: off stands alone`) : parsed({});
  let faults: Faults = {};
  for (let at = 0; at < tokens.length; ) {
    const more = oneMore(faults, tokens.slice(at));
    if (!more.ok) return more;
    faults = more.value.faults;
    at += more.value.used;
  }
  return isOff(faults)
    ? refused(
        t('a seed alone does nothing: write which datagrams are to be dropped, duplicated or reordered'),
        end,
      )
    : parsed(faults);
};

/** Faults alone, as they are given in a form. */
export const parseFaultsText = (text: string): Parsed<Faults> => {
  const tokens = tokenize(text);
  return tokens.ok ? parseFaults(tokens.value, endColumn(tokens.value)) : tokens;
};

const formatCut = ({ how, after, of }: Cut): string =>
  `${how} after ${formatSize(after)}${of === 'received' ? ' received' : ''}`;

/** As parseFaults reads them back. */
export const formatFaults = (faults: Faults): string => {
  const { delay: wait, rate: speed, split: pieces, merge: kept, stall, cut: end, ...chance } = faults;
  const words = [
    wait !== undefined && `delay ${formatDuration(wait)}`,
    speed !== undefined && `rate ${formatSize(speed)}/s`,
    pieces && `split ${formatSize(pieces.size)}`,
    pieces && pieces.every !== usualSplitPause && `every ${formatDuration(pieces.every)}`,
    kept && `merge ${formatSize(kept.size)}`,
    kept && kept.within !== longestKept && `within ${formatDuration(kept.within)}`,
    stall && 'stall',
    end && formatCut(end),
    chance.drop !== undefined && `drop ${chance.drop}%`,
    chance.duplicate !== undefined && `duplicate ${chance.duplicate}%`,
    chance.reorder !== undefined && `reorder ${chance.reorder}%`,
    chance.seed !== undefined && `seed ${chance.seed}`,
  ].filter(word => typeof word === 'string');
  return words.length === 0 ? 'off' : words.join(' ');
};
