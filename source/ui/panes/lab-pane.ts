import {
  isStageOver,
  type LabLineStatus,
  type LabLineView,
  type LabView,
} from '../../bench/view/lab-view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { withKeys } from '../../commands/calling/key-text.ts';
import { doneBy, keyHints } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { marked, t } from '../../core/words/translate.ts';
import { line, padded, type Span, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrapText } from '../parts/wrap-text.ts';
import type { Role, Theme } from '../theme.ts';

/** The lesson as rows, and the first and last row of what the person looks for: the next line, or the last one run. */
export type LabRows = { readonly lines: readonly StyledLine[]; readonly from: number; readonly to: number };

type Mark = readonly [word: string, role: Role];

const marks: Readonly<Record<LabLineStatus, Mark>> = {
  ahead: ['', 'dim'],
  next: [marked('next'), 'key'],
  running: [marked('running'), 'blocked'],
  done: [marked('done'), 'dim'],
  passed: [marked('done'), 'good'],
  failed: [marked('differs'), 'bad'],
  skipped: [marked('skipped'), 'warning'],
};

/** What a lesson looks at is so now, or it is not. */
const markOf = ({ kind, status }: LabLineView): Mark =>
  kind === 'fact' && status === 'passed'
    ? [marked('now'), 'good']
    : kind === 'comment'
      ? ['', 'dim']
      : marks[status];

/** Columns before a line: the cursor and the longest mark. */
const gutter = 11;

/** Rows that one text of a line takes at most: the lesson around it is what is read. */
const mostRows = 3;

/** A text in so many rows, cut short where it is longer. */
const rowsWithin = (text: string, room: number, indent: number): readonly string[] => {
  const rows = wrapText(text, room, indent);
  return rows.length > mostRows ? [...rows.slice(0, mostRows - 1), `${' '.repeat(indent)}...`] : rows;
};

/** Rows of a result: behind the line itself where there is room for both, else under it. */
const withResult = (calls: readonly Span[], words: string, room: number, role: Role): StyledLine[] => {
  const last = calls.at(-1);
  if (words === '') return calls.map(call => [call]);
  const beside = last && calls.length === 1 && widthOf(last.text) + widthOf(words) + 3 <= room;
  if (beside) return [line(last, span(`   ${words}`, role))];
  const under = rowsWithin(words, room - 2, 2).map(row => line(span(`  ${row}`, role)));
  return [...calls.map(call => [call]), ...under];
};

/** Python as its lesson has it. Its indentation is part of it, also where a line is broken. */
const pythonRows = (source: readonly string[], before: number, room: number, role: Role): StyledLine[] =>
  source.flatMap(text => {
    const words = safeText(text).trimStart();
    const indent = before + Math.min(text.length - text.trimStart().length, Math.floor(room / 2));
    return wrapText(words, room - indent, 4).map(row => line(' '.repeat(gutter + indent), span(row, role)));
  });

/** A program, under the line that starts it. */
const sourceRows = ({ source = [], status }: LabLineView, room: number): StyledLine[] =>
  pythonRows(source, 2, room, status === 'ahead' ? 'dim' : 'plain');

/** The Python that comes to a call, over that call. */
const besideRows = ({ beside = [], status, kind }: LabLineView, room: number): StyledLine[] =>
  pythonRows(beside, 0, room, status === 'ahead' || kind === 'python' ? 'dim' : 'title');

const lookOf = ({ kind, status }: LabLineView): Role => {
  if (kind === 'comment' || status === 'ahead') return 'dim';
  return status === 'next' || status === 'running' ? 'strong' : 'plain';
};

const rowsOf = (each: LabLineView, width: number, theme: Theme): StyledLine[] => {
  const room = width - gutter;
  if (each.kind === 'python') return besideRows(each, room);
  const [word, role] = markOf(each);
  const here = each.status === 'next' || each.status === 'running';
  const look = lookOf(each);
  const calls = rowsWithin(safeText(each.text), room, 2).map(row => span(row, look));
  const resultRole = each.status === 'failed' ? 'bad' : 'own';
  const comments =
    each.comment === '' ? [] : wrapText(safeText(each.comment), room, 2).map(row => line(span(row, 'dim')));
  const rows = [...withResult(calls, safeText(each.found), room, resultRole), ...comments].map(
    (row, index) =>
      index === 0
        ? line(
            span(here ? ` ${theme.cursor} ` : '   ', 'focus'),
            span(padded(t(word), gutter - 3), role),
            row,
          )
        : line(' '.repeat(gutter), row),
  );
  const foretold = wrapText(safeText(each.foretold), room - 2).map(row =>
    line(' '.repeat(gutter + 2), span(row, 'strong')),
  );
  return [
    ...besideRows(each, room),
    ...rows,
    ...(each.foretold === '' ? [] : foretold),
    ...sourceRows(each, room),
  ];
};

/** The keys that foretell the step under the cursor. */
const questionRows = ({ question }: LabView, width: number, keyOf: KeyOf): StyledLine[] => {
  if (question === null) return [];
  const answers = question === 'end' ? 'predict-returns' : 'predict-value';
  const hints = keyHints(
    keyOf,
    [answers, question === 'end' ? t('it returns') : t('what it returns')],
    ['predict-blocks', t('it blocks')],
    ['predict-fails', t('it fails')],
  );
  const room = width - gutter;
  return wrapText(t`Predict: ${hints}`, room).map(row => line(' '.repeat(gutter), span(row, 'key')));
};

/** How much was foretold rightly, kindly; '' where nothing was foretold. */
export const scoreWords = ({ score: { right, of } }: LabView): string => {
  if (of === 0) return '';
  if (of === 1)
    return right === 1
      ? t('Your one prediction was right. ')
      : t('Your one prediction was not so: that step was worth the lesson. ');
  if (right === of) return t`All ${of} of your predictions were right. `;
  return right === 1
    ? t`Of your ${of} predictions 1 was right: the rest is what the lesson is for. `
    : t`Of your ${of} predictions ${right} were right: the rest is what the lesson is for. `;
};

/** What comes next in the course, and the key that opens it; '' for nothing. */
const nextWords = ({ next }: LabView, keyOf: KeyOf): string =>
  next === '' ? '' : t`${doneBy(keyOf, 'lab-next')} opens the next lab: ${safeText(next)}. `;

/** How a lab went, at its end; another sentence follows. */
export const endWords = ({ failed }: LabView): string => {
  if (failed === 0) return t('The lab is over: all went as in the lesson. ');
  return failed === 1
    ? t('The lab is over: 1 line went otherwise than in the lesson. ')
    : t`The lab is over: ${failed} lines went otherwise than in the lesson. `;
};

/** What can be done at the end of a stage or of the lab, and why it stopped. */
const lastWords = (view: LabView, keyOf: KeyOf): readonly [string, Role][] => {
  const note: [string, Role][] = view.note === '' ? [] : [[safeText(view.note), 'warning']];
  if (view.phase === 'over')
    return [
      ...note,
      [
        `${endWords(view)}${scoreWords(view)}${nextWords(view, keyOf)}${t`${doneBy(keyOf, 'lab-again')} runs it again, ${doneBy(keyOf, 'lab-leave')} leaves.`}`,
        'strong',
      ],
    ];
  return isStageOver(view)
    ? [
        ...note,
        [t`${doneBy(keyOf, 'lab-step')} goes on with stage ${view.stage + 1} of ${view.stages}.`, 'strong'],
      ]
    : note;
};

/** The lesson's words, its lines with how each went, and what can be done now; `apart`: with a blank row between two lines. */
export const labRows = (view: LabView, width: number, keyOf: KeyOf, theme: Theme, apart = false): LabRows => {
  const lines: StyledLine[] = [];
  const add = (text: string, role: Role) => {
    for (const row of wrapText(text, width - 2)) lines.push(line(' ', span(row, role)));
  };
  if (view.stage === 1) add(safeText(view.title), 'title');
  for (const paragraph of withKeys(view.say, keyOf).split(/\n+/)) {
    if (lines.length > 0) lines.push(line());
    add(safeText(paragraph), 'plain');
  }
  lines.push(line());
  let [from, to] = [0, 0];
  for (const [at, each] of view.lines.entries()) {
    if (apart && at > 0) lines.push(line());
    const asked = each.status === 'next' ? questionRows(view, width, keyOf) : [];
    const rows = [...rowsOf(each, width, theme), ...asked];
    if (each.status !== 'ahead' && hasBegun(view))
      [from, to] = [lines.length, lines.length + rows.length - 1];
    lines.push(...rows);
  }
  for (const paragraph of withKeys(view.after, keyOf).split(/\n+/)) {
    if (paragraph === '') continue;
    lines.push(line());
    add(safeText(paragraph), 'plain');
  }
  const words = lastWords(view, keyOf);
  if (words.length > 0) lines.push(line());
  for (const [text, role] of words) add(text, role);
  return { lines, from, to: words.length > 0 ? lines.length - 1 : to };
};

const isEmpty = (row: StyledLine): boolean => row.every(({ text }) => text.trim() === '');

/**
 * The lesson without as many of its empty rows as it takes to fit into so many rows, the first ones, where that is enough: question and answer
 * are seen together then.
 */
export const fittingRows = (drawn: LabRows, room: number): LabRows => {
  let over = drawn.lines.length - room;
  if (over <= 0 || drawn.lines.filter(isEmpty).length < over) return drawn;
  const lines = drawn.lines.filter(row => !(isEmpty(row) && over-- > 0));
  return { lines, from: 0, to: lines.length - 1 };
};

/** A stage is read from its top until its first line has run. */
const hasBegun = ({ lines }: LabView): boolean =>
  lines.some(
    ({ status, kind }) => status !== 'ahead' && status !== 'next' && (kind === 'call' || kind === 'fact'),
  );

/** The first row shown: where the person scrolled to, else so that the next line is seen with what comes after it. */
export const labTop = (view: LabView, { lines, from, to }: LabRows, rows: number): number => {
  const last = Math.max(0, lines.length - rows);
  if (view.top !== null) return Math.min(view.top, last);
  const ahead = 2;
  return Math.max(0, Math.min(last, from, to + ahead - rows + 1));
};

/** What the title says besides the name: the round of a repeated stage, and how many lines went otherwise than in the lesson. */
export const labNotes = (view: LabView): string[] => [
  ...(view.rounds > 1 ? [t`round ${view.round} of ${view.rounds}`] : []),
  ...(view.failed > 0 ? [t`${view.failed} otherwise`] : []),
  ...(view.runningOn ? [t('running on')] : []),
];
