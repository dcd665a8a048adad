import { callsOn, deadlocked, severity } from '../../bench/view/selectors-sockets.ts';
import { type FindingName, findingName } from '../../core/model/finding.ts';
import { memo, memoOf } from '../../core/model/memo.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import type { Role } from '../theme.ts';

type News = readonly [
  words: (count: number) => string,
  role: Role,
  isSo: (bench: BenchState, socket: SocketState) => boolean,
];

const isFound =
  (found: FindingName) =>
  ({ findings }: BenchState, { name }: SocketState): boolean =>
    [...findings.values()].some(finding => findingName(finding) === found && finding.sockets.includes(name));

/** A call of a loop waits as a matter of course. */
const isBlocked = (bench: BenchState, { name }: SocketState): boolean =>
  callsOn(bench, name).some(({ startedAt, looped }) => startedAt !== null && !looped);

/** What may be out of sight, the worst first. */
const kinds: readonly News[] = [
  [count => t`${count} in a DEADLOCK`, 'deadlock', (bench, { name }) => deadlocked(bench).sockets.has(name)],
  [count => t`${count} waiting for each other`, 'bad', isFound('deadlock')],
  [count => t`${count} with a full queue`, 'bad', isFound('backlog-full')],
  [count => t`${count} with a zero window`, 'bad', isFound('zero-window')],
  [count => t`${count} in trouble`, 'bad', (bench, socket) => severity(bench, socket) === 5],
  [count => t`${count} reset`, 'bad', (_, { condition }) => condition === 'RESET'],
  [count => t`${count} cut off`, 'bad', (bench, socket) => severity(bench, socket) === 4],
  [count => t`${count} blocked`, 'blocked', isBlocked],
];

/** The worst of sockets that are out of sight, and how many are so. */
type Worst = { readonly kind: News | undefined; readonly count: number };

const worstOf = (bench: BenchState, sockets: readonly SocketState[]): Worst => {
  for (const kind of kinds) {
    const [, , isSo] = kind;
    const count = sockets.filter(socket => isSo(bench, socket)).length;
    if (count > 0) return { kind, count };
  }
  return { kind: undefined, count: 0 };
};

/** The worst before a row and from one on: the same of one state, however often it is drawn. */
const edgesOf = memo((bench: BenchState) => ({
  above: memoOf((sockets: readonly SocketState[], first: number) => worstOf(bench, sockets.slice(0, first))),
  below: memoOf((sockets: readonly SocketState[], from: number) => worstOf(bench, sockets.slice(from))),
}));

/** `42 more below, 4 blocked`: how many are out of sight, in words, and the worst of it; nothing for none. */
const edge = (total: number, said: string, { kind, count }: Worst): StyledLine => {
  if (total === 0) return [];
  if (!kind) return line(span(said, 'dim'));
  const [words, role] = kind;
  return line(span(`${said}${t(', ')}`, 'dim'), span(words(count), role));
};

/** What is out of sight of a list of sockets of which these rows are seen. */
export const edgeLine = (
  bench: BenchState,
  sockets: readonly SocketState[],
  first: number,
  rows: number,
): StyledLine => {
  const after = Math.max(0, sockets.length - first - rows);
  const { above, below } = edgesOf(bench);
  const before = edge(first, t`${first} above`, above(sockets, first));
  const rest = edge(after, t`${after} more below`, below(sockets, first + rows));
  return line('   ', before, before.length > 0 && rest.length > 0 ? span(t('; '), 'dim') : null, rest);
};

/** The first row shown: as before, so far as the chosen one (-1 for none) is in sight. */
export const scrolled = (before: number, chosen: number, count: number, rows: number): number => {
  const last = Math.max(0, count - rows);
  const first = Math.min(before, last);
  if (chosen < 0) return first;
  return Math.max(Math.min(first, chosen), chosen - rows + 1);
};
