import {
  isStageOver,
  type LabLineStatus,
  type LabLineView,
  type LabView,
} from '../../bench/view/lab-view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { withKeys } from '../../commands/calling/key-text.ts';
import { doneBy } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { line, type Span, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrapText } from '../parts/wrap-text.ts';
import type { Role, Theme } from '../theme.ts';

/** The lesson as rows, and the first and last row of what the person looks for: the next line, or the last one run. */
export type LabRows = { readonly lines: readonly StyledLine[]; readonly from: number; readonly to: number };

const marks: Readonly<Record<LabLineStatus, readonly [word: string, role: Role]>> = {
  ahead: ['', 'dim'],
  next: ['next', 'key'],
  running: ['running', 'blocked'],
  done: ['done', 'dim'],
  passed: ['ok', 'good'],
  failed: ['FAILED', 'bad'],
  skipped: ['skipped', 'warning'],
};

/** Columns before a line: the cursor and the longest mark. */
const gutter = 11;

/** What a line expects stays hidden until it has run. */
const isOpen = (status: LabLineStatus): boolean =>
  status !== 'ahead' && status !== 'next' && status !== 'running';

type Cut = { readonly text: string; readonly comment: string };

/** A comment apart from what stands before it; quotes keep their #. */
const cutComment = (text: string): Cut => {
  const match = /^((?:"(?:\\.|[^"\\])*"|[^"])*?)(?:^|\s+)(#.*)$/s.exec(text);
  return match ? { text: match[1]!, comment: match[2]! } : { text, comment: '' };
};

const isClaim = (call: string): boolean => /^expect\b/.test(call);

/** The line itself: an `expect` line shows what it looks at, and what it expects of it once that was judged. */
const callText = ({ call, expectation, status }: LabLineView): Cut => {
  const shown = cutComment(safeText(call));
  if (!isClaim(call)) return shown;
  if (!isOpen(status)) return { text: `${shown.text} ...`, comment: '' };
  const claim = cutComment(safeText(expectation));
  return { text: `${shown.text} ${claim.text}`, comment: claim.comment };
};

const expected = ({ call, expectation }: LabLineView): Cut =>
  isClaim(call) ? { text: '', comment: '' } : cutComment(safeText(expectation.replace(/^=>\s*/, '')));

/** What was expected and what happened, side by side; '' for a claim that held. Of a failure the reason says both. */
const resultText = (each: LabLineView): string => {
  if (!isOpen(each.status)) return '';
  const found = safeText(each.found);
  if (each.status === 'failed') return found;
  if (isClaim(each.call)) return '';
  const wanted = expected(each).text;
  if (wanted === found) return `= ${found}, as expected`;
  if (wanted === '') return found === '' || each.call.startsWith(`${found} = `) ? '' : `= ${found}`;
  return `expected ${wanted}${found === '' ? '' : `, found ${found}`}`;
};

/** Rows of a result: behind the line itself where there is room for both, else under it. */
const withResult = (calls: readonly Span[], words: string, room: number, role: Role): StyledLine[] => {
  const last = calls.at(-1);
  if (words === '') return calls.map(call => [call]);
  const beside = last && calls.length === 1 && widthOf(last.text) + widthOf(words) + 3 <= room;
  if (beside) return [line(last, span(`   ${words}`, role))];
  const under = wrapText(words, room - 2, 2).map(row => line(span(`  ${row}`, role)));
  return [...calls.map(call => [call]), ...under];
};

/** A program as its lesson has it, under the line that starts it. Its indentation is part of it, also where a line is broken. */
const sourceRows = ({ source = [], status }: LabLineView, room: number): StyledLine[] =>
  source.flatMap(text => {
    const words = safeText(text).trimStart();
    const indent = 2 + Math.min(text.length - text.trimStart().length, Math.floor(room / 2));
    return wrapText(words, room - indent, 4).map(row =>
      line(' '.repeat(gutter + indent), span(row, status === 'ahead' ? 'dim' : 'plain')),
    );
  });

const rowsOf = (each: LabLineView, width: number, theme: Theme): StyledLine[] => {
  const room = width - gutter;
  const [word, role] = marks[each.status];
  const here = each.status === 'next' || each.status === 'running';
  const { text, comment } = callText(each);
  const note = comment === '' && isOpen(each.status) ? expected(each).comment : comment;
  const look: Role = each.status === 'ahead' ? 'dim' : here ? 'strong' : 'plain';
  const calls = text === '' ? [] : wrapText(text, room, 2).map(row => span(row, look));
  const resultRole = each.status === 'failed' ? 'bad' : 'own';
  const comments = note === '' ? [] : wrapText(note, room, 2).map(row => line(span(row, 'dim')));
  const rows = [...withResult(calls, resultText(each), room, resultRole), ...comments].map((row, index) =>
    index === 0
      ? line(span(here ? ` ${theme.cursor} ` : '   ', 'focus'), span(word.padEnd(gutter - 3), role), row)
      : line(' '.repeat(gutter), row),
  );
  return [...rows, ...sourceRows(each, room)];
};

/** What can be done at the end of a stage or of the lab, and why it stopped. */
const lastWords = (view: LabView, keyOf: KeyOf): readonly [string, Role][] => {
  const note: [string, Role][] = view.note === '' ? [] : [[safeText(view.note), 'warning']];
  if (view.phase === 'over')
    return [
      ...note,
      [
        `The lab is over: ${view.passed} as expected, ${view.failed} not. ${doneBy(keyOf, 'lab-again')} runs it again, ${doneBy(keyOf, 'lab-leave')} leaves.`,
        'strong',
      ],
    ];
  return isStageOver(view)
    ? [
        ...note,
        [`${doneBy(keyOf, 'lab-step')} goes on with stage ${view.stage + 1} of ${view.stages}.`, 'strong'],
      ]
    : note;
};

/** The lesson's words, its lines with how each went, and what can be done now. */
export const labRows = (view: LabView, width: number, keyOf: KeyOf, theme: Theme): LabRows => {
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
  for (const each of view.lines) {
    const rows = rowsOf(each, width, theme);
    if (each.status !== 'ahead' && hasBegun(view))
      [from, to] = [lines.length, lines.length + rows.length - 1];
    lines.push(...rows);
  }
  const words = lastWords(view, keyOf);
  if (words.length > 0) lines.push(line());
  for (const [text, role] of words) add(text, role);
  return { lines, from, to: words.length > 0 ? lines.length - 1 : to };
};

/** A stage is read from its top until its first line has run. */
const hasBegun = ({ lines }: LabView): boolean =>
  lines.some(({ status, call }) => status !== 'ahead' && status !== 'next' && !call.startsWith('#'));

/** The first row shown: where the person scrolled to, else so that the next line is seen with what comes after it. */
export const labTop = (view: LabView, { lines, from, to }: LabRows, rows: number): number => {
  const last = Math.max(0, lines.length - rows);
  if (view.top !== null) return Math.min(view.top, last);
  const ahead = 2;
  return Math.max(0, Math.min(last, from, to + ahead - rows + 1));
};

/** What the title says besides the name: the round of a repeated stage, and how many expectations held. */
export const labNotes = (view: LabView): string[] => [
  ...(view.rounds > 1 ? [`round ${view.round} of ${view.rounds}`] : []),
  ...(view.passed + view.failed > 0 ? [`${view.passed} ok, ${view.failed} failed`] : []),
  ...(view.runningOn ? ['running on'] : []),
];
