import type { Cell } from '../e2e/screen.ts';
import { type Cells, runsOf, styleWord, textOf } from './kept-cells.ts';
import type { Scene } from './scenes.ts';

/** What is another in each run of a scene, and what stands for it. */
const masks: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S*/g, 'T'],
  [/<\d+\.[\d.]*(?:>|…)?/g, '<T>'],
  [/\b\d+\.\d{3,}/g, 'T'],
  [/\b\d+(?:\.\d+)? ?(?:us|ms|s|min|m|h)\b/g, 'T'],
  [/(?<=:)(?:\d{4,5}\b|\d+…)/g, 'PORT'],
  [/\bport \d{4,5}\b/g, 'port PORT'],
  [/\bpid \d+/g, 'pid N'],
  [/\b\d+\.\d %/g, 'N %'],
  // Once there was a second to measure, and where there is room.
  [/; socket turns:? N %, (?:this whole )?process[^%]* N % of a core/g, ''],
  [/#\d+/g, '#N'],
  [/\b\d+ (?:entr(?:y|ies)|个条目)/g, 'N entries'],
  [/\[[#█▓▒░━─╌.=\- ]*\]/g, '[BAR]'],
  [/[█░]{3,}/g, 'BAR'],
  [/ {2,}/g, ' '],
  [/[─═]+/g, '─'],
];

/** Where one pane ends and the next begins. */
const edges = /^[│║┌┐└┘╔╗╚╝├┤]$/;

/** An entry in the log: its number and its time. */
const logEntry = /^[ >!❯]*#\d+ +\d+\.\d+ +/;

const timelineBar = /^(?!.*\bTime\b).*[┊━┣┫░]/;

const masked = (text: string, varies: readonly RegExp[]): string => {
  const plain = varies.reduce((left, pattern) => left.replaceAll(new RegExp(pattern, 'gu'), 'VARIES'), text);
  return masks.reduce((left, [pattern, put]) => left.replaceAll(pattern, put), plain);
};

/**
 * A call that was seen running has two entries, one that ended at once has one, and which it is the clock decides:
 * so an entry is only what it is about.
 */
const logged = (text: string): string => {
  const said = text.replace(logEntry, '').replace(/^<\.\.\. (\S+) resumed>.*/, '$1');
  return /^\w+\.\w+/.exec(said)?.[0] ?? said.split(/ = | <|…/)[0]!.trim();
};

/** A row of the timeline is its name: its bars are as long as the calls took. */
const rowName = (text: string): string => /^[>❯! ]*(?:[\w-]+ ?)*/.exec(text)![0].trim();

const withStyles = (cells: readonly Cell[], varies: readonly RegExp[]): string =>
  runsOf(cells)
    .map(run => {
      const text = masked(textOf(run), varies);
      const style = styleWord(run[0]!);
      return style === '' || text.trim() === '' ? text : `{${style}: ${text}}`;
    })
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();

/** A row cut at the edges of panes. */
const segments = (row: readonly Cell[]): Cell[][] => {
  const parts: Cell[][] = [[]];
  for (const cell of row) {
    if (edges.test(cell.text)) parts.push([cell], []);
    else parts.at(-1)!.push(cell);
  }
  return parts;
};

/**
 * What of a screen is the same in each run, as lines: times, ports, process ids and entry numbers masked, spaces and
 * rules shortened, the log's entries as a sorted set below the rest. Styles are kept but for the log and the bars of
 * the timeline.
 */
export const lasting = (
  cells: Cells,
  { varies = [], shortLog }: Pick<Scene, 'varies' | 'shortLog'>,
): readonly string[] => {
  const log = new Set<string>();
  const rows = cells.map(row =>
    segments(row)
      .map(segment => {
        const text = textOf(segment);
        if (timelineBar.test(text)) return `timeline: ${rowName(text)}`;
        if (!logEntry.test(text)) return withStyles(segment, varies);
        log.add(masked(logged(text), varies));
        return '';
      })
      .join(' ')
      .replace(/ {2,}/g, ' ')
      .trim(),
  );
  return shortLog ? rows : [...rows, 'log:', ...[...log].sort()];
};
