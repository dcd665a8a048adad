import type { Result } from './moments.ts';
import { annotationEnd } from './value.ts';

/**
 * A line of strace taken apart, what it says of a call left as text. `at`: ms since 1970.
 *
 * - `call`: `body` stands behind the opening bracket; `resumed`: its beginning was told before
 * - `signal`, `stopped`, `exit`, `superseded` as Moment has them
 * - `other`: strace's own words, or a line that is none
 */
export type StraceLine = { readonly tid: number; readonly at: number } & (
  | { readonly kind: 'call'; readonly name: string; readonly body: string; readonly resumed: boolean }
  | { readonly kind: 'signal' | 'stopped'; readonly signal: string }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: string }
  | { readonly kind: 'superseded'; readonly by: number }
  | { readonly kind: 'other' }
);

const head = /^(\d+) +(?:(\d+)\.(\d+) )?/;

const begins = /^(\w+)\(/;
const resumes = /^<\.\.\. (\w+|\?+) resumed>/;
const signals = /^--- (?:stopped by )?(\w+)/;
const exits = /^\+\+\+ exited with (-?\d+) \+\+\+/;
const killed = /^\+\+\+ killed by (\w+)/;
const superseded = /^\+\+\+ superseded by execve in pid (\d+) \+\+\+/;

const said = (
  text: string,
): StraceLine extends infer L ? (L extends StraceLine ? Omit<L, 'tid' | 'at'> : never) : never => {
  const call = begins.exec(text);
  if (call) return { kind: 'call', name: call[1]!, body: text.slice(call[0].length), resumed: false };
  const again = resumes.exec(text);
  if (again) return { kind: 'call', name: again[1]!, body: text.slice(again[0].length), resumed: true };
  const signal = signals.exec(text);
  if (signal) return { kind: text.startsWith('--- stopped') ? 'stopped' : 'signal', signal: signal[1]! };
  const code = exits.exec(text);
  if (code) return { kind: 'exit', code: Number(code[1]), signal: '' };
  const end = killed.exec(text);
  if (end) return { kind: 'exit', code: null, signal: end[1]! };
  const other = superseded.exec(text);
  if (other) return { kind: 'superseded', by: Number(other[1]) };
  return { kind: 'other' };
};

/** Seconds and their fraction, of any number of digits, as ms. */
const milliseconds = (seconds: string, fraction: string): number =>
  Number(seconds) * 1000 + Number(`0.${fraction}`) * 1000;

/** Null where a line begins with no thread's number. */
export const parseLine = (text: string): StraceLine | null => {
  const found = head.exec(text);
  if (!found) return null;
  const [all, tid, seconds, fraction] = found;
  const at = seconds === undefined ? 0 : milliseconds(seconds, fraction!);
  return { tid: Number(tid), at, ...said(text.slice(all.length)) } as StraceLine;
};

const duration = / <(\d+\.\d+)>$/;
const value = /^(\?|-?0x[0-9a-f]+|-?\d+)/;

/** What stands behind ` = `. Null where it is no result. */
export const parseResult = (
  text: string,
): { readonly result: Result; readonly took: number | null } | null => {
  const timed = duration.exec(text);
  const took = timed ? Number(timed[1]) * 1000 : null;
  const plain = (timed ? text.slice(0, timed.index) : text).trimEnd();
  const first = value.exec(plain);
  if (!first) return null;
  let rest = plain.slice(first[0].length);
  let target = '';
  if (rest.startsWith('<')) {
    const end = annotationEnd(rest, 0);
    target = rest.slice(1, end - 1);
    rest = rest.slice(end);
  }
  const error = /^ (E[A-Z0-9_]+)\b/.exec(rest)?.[1] ?? '';
  // An expression would try again at each of thousands of brackets.
  const open = rest.indexOf('(');
  const more = open >= 0 && rest.endsWith(')') ? rest.slice(open + 1, -1) : '';
  return { took, result: { value: first[0] === '?' ? null : Number(first[0]), target, error, more } };
};
