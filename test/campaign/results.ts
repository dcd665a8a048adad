import type { Campaign, Tally } from './campaign.ts';

/** What became of a campaign: its tally, or why it was not played. */
export type Result = { readonly campaign: Campaign; readonly wanted: number } & (
  | { readonly tally: Tally }
  | { readonly skipped: string }
);

const count = (number: number): string => number.toLocaleString('en');

const heads = ['campaign', 'tried', 'survived', 'lost', 'seeds of what was lost'] as const;

const skipped = (name: string, why: string): readonly string[] => [name, 'skipped', '', '', why];

const cells = (result: Result): readonly string[] => {
  if ('skipped' in result) return skipped(result.campaign.name, result.skipped);
  const { tried, survived, lost } = result.tally;
  const seeds = lost.map(({ seed }) => seed).join(' ');
  const cut = tried < result.wanted ? `its time was up: ${count(result.wanted)} were to be tried` : '';
  return [result.campaign.name, ...[tried, survived, tried - survived].map(count), seeds || cut];
};

/** Its row, and one for each thing that was left out of it. */
const rowsOf = (result: Result): readonly (readonly string[])[] => [
  cells(result),
  ...('tally' in result ? (result.campaign.skips ?? []) : []).map(({ name, why }) =>
    skipped(`${result.campaign.name}: ${name}`, why),
  ),
];

/** A row a campaign and a thing that was skipped, numbers to the right. */
export const toTable = (results: readonly Result[]): string => {
  const rows = [heads, ...results.flatMap(rowsOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  const isNumber = (column: number) => column > 0 && column < 4;
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
};

/** What became of each input that is lost, and how it is tried alone. */
export const toLosses = (result: Result): string[] =>
  'skipped' in result
    ? []
    : result.tally.lost.map(
        ({ seed, what }) =>
          `npm run campaign -- ${result.campaign.name} --seed ${seed} --count 1\n${what.replace(/^/gm, '    ')}`,
      );

export const isLost = (result: Result): boolean =>
  'tally' in result && result.tally.survived < result.tally.tried;
