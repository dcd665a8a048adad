import type { Compared } from './compare.ts';
import type { Verdict } from './oracle.ts';

export type Row = { readonly name: string; readonly verdict: Verdict };

const count = (compared: readonly Compared[], verdict: Compared['verdict']): number =>
  compared.filter(each => each.verdict === verdict).length;

const line = (name: string, width: number, cells: readonly (string | number)[], note = ''): string =>
  `${name.padEnd(width)}${cells.map(cell => String(cell).padStart(10)).join('')}${note === '' ? '' : `  ${note}`}`;

const noteOf = ({ report, compared }: Verdict): string => {
  if (compared.length === 0) return report.messages[0] ?? 'no calls';
  return report.failed > 0 ? `${report.failed} of the lab's own expectations failed` : '';
};

/** Each excuse that was needed, once, with the lab's reason. */
const excuses = ({ name, verdict }: Row): string[] => [
  ...new Set(
    verdict.compared
      .filter(each => each.verdict === 'excused')
      .flatMap(({ title, differences }) =>
        differences.map(({ field, bench, python, why }) => {
          const call = title.split(' ')[0] ?? title;
          return `  ${name}: ${call}, ${field} (here ${bench} and ${python}): ${why}`;
        }),
      ),
  ),
];

/** What differs and is not excused, a line a field. */
export const openDifferences = ({ compared }: Verdict): string[] =>
  compared
    .filter(({ verdict }) => verdict === 'different')
    .flatMap(({ id, title, differences }) =>
      differences
        .filter(({ why }) => why === undefined)
        .map(
          ({ field, bench, python }) => `call ${id}, ${title}: ${field}: bench ${bench}, CPython ${python}`,
        ),
    );

const cellsOf = (compared: readonly Compared[]): number[] => [
  compared.length,
  count(compared, 'equal'),
  count(compared, 'excused'),
  count(compared, 'different'),
];

/** Labs, calls compared, equal, excused, different; then the excuses. */
export const oracleTable = (rows: readonly Row[]): string => {
  const width = Math.max(...rows.map(({ name }) => name.length), 'all labs'.length);
  const all = rows.flatMap(({ verdict }) => verdict.compared);
  const needed = rows.flatMap(excuses);
  return [
    line('lab', width, ['calls', 'equal', 'excused', 'different']),
    ...rows.map(({ name, verdict }) => line(name, width, cellsOf(verdict.compared), noteOf(verdict))),
    line(`${rows.length} labs`, width, cellsOf(all)),
    ...(needed.length > 0 ? ['excused:', ...needed] : []),
  ].join('\n');
};
