import { callsOn, deadlocked, severity } from '../../bench/view/selectors-sockets.ts';
import { type FindingName, findingName } from '../../core/model/finding.ts';
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

/** `42 more below, 4 blocked`: how many are out of sight, in words, and the worst of it; nothing for none. */
const edge = (bench: BenchState, sockets: readonly SocketState[], said: string): StyledLine => {
  if (sockets.length === 0) return [];
  for (const [words, role, isSo] of kinds) {
    const count = sockets.filter(socket => isSo(bench, socket)).length;
    if (count > 0) return line(span(`${said}${t(', ')}`, 'dim'), span(words(count), role));
  }
  return line(span(said, 'dim'));
};

/** What is out of sight of a list of sockets of which these rows are seen. */
export const edgeLine = (
  bench: BenchState,
  sockets: readonly SocketState[],
  first: number,
  rows: number,
): StyledLine => {
  const [before, after] = [sockets.slice(0, first), sockets.slice(first + rows)];
  const above = edge(bench, before, t`${before.length} above`);
  const below = edge(bench, after, t`${after.length} more below`);
  return line('   ', above, above.length > 0 && below.length > 0 ? span(t('; '), 'dim') : null, below);
};

/** The first row shown: as before, so far as the chosen one (-1 for none) is in sight. */
export const scrolled = (before: number, chosen: number, count: number, rows: number): number => {
  const last = Math.max(0, count - rows);
  const first = Math.min(before, last);
  if (chosen < 0) return first;
  return Math.max(Math.min(first, chosen), chosen - rows + 1);
};
