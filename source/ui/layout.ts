import { type StripId, stripIds, stripTable } from '../bench/view/view.ts';
import { type Folded, foldedTitles, type Title } from './folded-titles.ts';
import { gridOf, leastPaneRows, openOf, type PaneLoad } from './pane-grid.ts';
import { columnsOf, type Placed, type Rect } from './rect.ts';

export type Size = { readonly columns: number; readonly rows: number };

export const leastSize: Size = { columns: 60, rows: 16 };

/** From this size on a lesson stands beside the log; below it takes the log's place while it has the focus. */
const wide: Size = { columns: 100, rows: 24 };

/** Below so many rows log or timeline takes the place of the panes while it has the focus. */
const lowRows = 20;

/** From this width on log and timeline stand side by side. */
const bothColumns = 160;

/** The parts of the screen beside the programs' panes. */
export type PartId = StripId | 'lab';

export type LayoutInput<Id> = {
  readonly size: Size;
  /** The programs' panes in their order: as many as there are programs. */
  readonly panes: readonly PaneLoad<Id>[];
  /** Panes that had the focus, the last one first. */
  readonly visited: readonly Id[];
  readonly focus: Id | PartId | 'time';
  readonly zoomed: boolean;
  /** Which pane of the strip is shown where there is room for one. */
  readonly strip: StripId;
  /** Columns of the other titles while they are folded; the lesson's where a lab is open. */
  readonly titles: Readonly<Record<StripId, number>> & { readonly lab?: number };
  /** A replay has its time bar. */
  readonly time: boolean;
  /** A console scrolls there once its last cell is written, so the last row stays free. */
  readonly windows?: boolean;
};

/**
 * How the screen is divided. From the top: header and verdict, folded titles, open panes, details, the lesson beside log
 * and timeline, the time bar, message line and footer. While a part is zoomed no other has a title.
 */
export type Layout<Id> = {
  readonly small: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly open: readonly Placed<Id>[];
  readonly folded: Folded<Id | PartId>;
  /** Null, as the rest: not shown. */
  readonly details: Rect | null;
  readonly lab: Rect | null;
  /** Panes of the strip that are shown. */
  readonly strips: Readonly<Partial<Record<StripId, Rect>>>;
  /** They stand side by side. */
  readonly beside: boolean;
  readonly time: Rect | null;
};

/** Header and verdict; message line and footer. */
export const topRows = 2;
export const bottomRows = 2;

/** Rows of the programs' panes beside a lesson that has the log's place: four rows of sockets and a border. */
const rowsBesideLab = 6;

type Mood = {
  readonly narrow: boolean;
  readonly low: boolean;
  readonly onLab: boolean;
  readonly onStrip: boolean;
};

const moodOf = <Id>({ focus }: LayoutInput<Id>, { columns, rows }: Size): Mood => ({
  narrow: columns < wide.columns || rows < wide.rows,
  low: rows < lowRows,
  onLab: focus === 'lab',
  onStrip: Object.hasOwn(stripTable, focus as PropertyKey),
});

/** Rows of the panes, of what there is for them and for what stands under them. */
const paneRowsOf = <Id>(rest: number, { zoomed, titles }: LayoutInput<Id>, mood: Mood): number => {
  const { narrow, low, onLab, onStrip } = mood;
  if (zoomed) return onLab || onStrip ? 0 : rest;
  if (onLab && narrow) return rowsBesideLab;
  if (onStrip && low) return 0;
  const share = narrow ? 0.5 : titles.lab === undefined ? 0.48 : 0.4;
  return Math.max(leastPaneRows, Math.round(rest * share));
};

/** On a bench of the person's own with nothing open there are no details, and what starts something has their room. */
const isBare = <Id>({ panes, titles, time }: LayoutInput<Id>): boolean =>
  titles.lab === undefined && !time && panes.every(({ holds }) => holds === 0);

const detailRowsOf = <Id>(input: LayoutInput<Id>, { narrow, low, onLab, onStrip }: Mood): number => {
  const { zoomed } = input;
  if ((zoomed && (onLab || onStrip)) || (onLab && narrow) || isBare(input)) return 0;
  return low ? 2 : 3;
};

type Below = Pick<Layout<never>, 'lab' | 'strips' | 'beside'>;

const nothingBelow: Below = { lab: null, strips: {}, beside: false };

/** The last in the order of keys stands first. */
export const stripOrder: readonly StripId[] = stripIds.toReversed();

/** The lesson left of the strip, whose panes stand side by side where all fit. */
const belowOf = <Id>({ zoomed, titles, strip }: LayoutInput<Id>, mood: Mood, area: Rect): Below => {
  if (area.height === 0) return nothingBelow;
  const hasLab = titles.lab !== undefined && !(zoomed && mood.onStrip);
  if (hasLab && mood.onLab && (zoomed || mood.narrow)) return { ...nothingBelow, lab: area };
  const [left, right] = columnsOf(area, 2) as [Rect, Rect];
  const lab = hasLab && !mood.narrow ? left : null;
  const rest = lab ? right : area;
  if (rest.width >= bothColumns && !zoomed) {
    const rects = columnsOf(rest, stripOrder.length);
    return { lab, strips: Object.fromEntries(stripOrder.map((id, at) => [id, rects[at]!])), beside: true };
  }
  return { ...nothingBelow, lab, strips: { [strip]: rest } };
};

/** All of the strip are named where one of them is drawn. */
const foldedParts = <Id>({ titles }: LayoutInput<Id>, below: Below): readonly PartId[] => [
  ...(Object.keys(below.strips).length > 0 ? [] : stripIds),
  ...(titles.lab === undefined || below.lab ? [] : (['lab'] as const)),
];

const foldedTitlesOf = <Id>(
  input: LayoutInput<Id>,
  open: readonly PaneLoad<Id>[],
  below: Below,
): readonly Title<Id | PartId>[] => [
  ...input.panes.filter(pane => !open.includes(pane)),
  ...foldedParts(input, below).map(id => ({
    id,
    title: input.titles[id] ?? 0,
    short: input.titles[id] ?? 0,
  })),
];

const heap = (top: number, width: number, ...heights: readonly number[]): Rect[] =>
  heights.map((height, index) => ({
    left: 0,
    top: heights.slice(0, index).reduce((sum, each) => sum + each, top),
    width,
    height,
  }));

const orNull = (rect: Rect): Rect | null => (rect.height > 0 ? rect : null);

/** The open panes: one while it is zoomed. */
const openIn = <Id>({ panes, visited, zoomed }: LayoutInput<Id>, area: Rect): readonly PaneLoad<Id>[] => {
  if (area.height === 0) return [];
  const zoomedPane = zoomed ? panes.filter(({ id }) => id === visited[0]) : [];
  return zoomedPane.length > 0 ? zoomedPane : openOf(panes, visited, area);
};

/** The screen with so many rows of folded titles, and with these panes open, or those that there is room for. */
const divided = <Id>(
  input: LayoutInput<Id>,
  { columns, rows }: Size,
  titleRows: number,
  given?: readonly Id[],
): Layout<Id> => {
  const mood = moodOf(input, { columns, rows });
  const details = detailRowsOf(input, mood);
  const timeRows = input.time ? 1 : 0;
  const rest = rows - topRows - bottomRows - titleRows - details - timeRows;
  const paneRows = paneRowsOf(rest, input, mood);
  const parts = heap(topRows + titleRows, columns, paneRows, details, rest - paneRows, timeRows);
  const [area, detailArea, belowArea, time] = parts as [Rect, Rect, Rect, Rect];
  const open = given ? input.panes.filter(({ id }) => given.includes(id)) : openIn(input, area);
  const below = belowOf(input, mood, belowArea);
  const titles = input.zoomed ? [] : foldedTitlesOf(input, open, below);
  const most = rows < 30 ? (mood.low && area.height > 0 ? 1 : 2) : 3;
  return {
    small: false,
    columns,
    rows,
    open: gridOf(open, area),
    folded: foldedTitles<Id | PartId>(titles, input.focus, topRows, columns, most),
    details: orNull(detailArea),
    ...below,
    time: orNull(time),
  };
};

const nothing = { open: [], folded: { titles: [], rows: 0, unnamed: 0 }, details: null, time: null };

/** How the screen is divided: a pure function of what is to be shown. */
export const layoutFor = <Id>(input: LayoutInput<Id>): Layout<Id> => {
  const { columns } = input.size;
  const rows = input.windows ? input.size.rows - 1 : input.size.rows;
  if (columns < leastSize.columns || rows < leastSize.rows)
    return { small: true, columns, rows, ...nothing, ...nothingBelow };
  for (let titleRows = 0; ; titleRows++) {
    const layout = divided(input, { columns, rows }, titleRows);
    const { folded, open } = layout;
    if (folded.rows > titleRows) continue;
    // With less room for panes more titles are folded, which may be short then and need fewer rows.
    const ids = open.map(({ id }) => id);
    return folded.rows === titleRows ? layout : divided(input, { columns, rows }, folded.rows, ids);
  }
};
