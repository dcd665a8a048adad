import type { Canvas, CursorSpot, Picture } from './canvas.ts';
import { cells, isNarrow, type StyledLine } from './parts/styled-line.ts';
import type { Role, Theme } from './theme.ts';

/** A frame at most each so many ms: 120 a second. */
const leastBetween = 1000 / 120;

/** A frame is shown at once (private mode 2026), and a terminal that does not know the mode shows no cursor on its way. */
const begin = '\x1b[?2026h';
const end = '\x1b[?2026l';
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseRestOfRow = '\x1b[K';
const eraseBelow = '\x1b[J';

/** No colour, whatever another has left (SGR, ECMA-48). */
const plainly = '\x1b[m';

/** The alternate screen, and pastes in brackets (ctlseqs): who has them keeps them. */
const takeScreen = '\x1b[?1049h\x1b[?2004h';

/** Rows and columns count from 1 there (ECMA-48, CUP). */
const moveTo = (column: number, row: number): string => `\x1b[${row + 1};${column + 1}H`;

const sameLine = (a: StyledLine, b: StyledLine): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((part, index) => part.text === b[index]!.text && part.role === b[index]!.role));

const textOf = (line: StyledLine): string => line.map(({ text }) => text).join('');

/** The role of each column of a line whose characters take one each. */
const rolesOf = (line: StyledLine): Role[] =>
  line.flatMap(({ text, role }) => Array<Role>(text.length).fill(role));

/** The columns in which two such lines of one width differ: from the first, to behind the last. */
const changed = (before: StyledLine, after: StyledLine): { from: number; to: number } => {
  const [oldText, newText] = [textOf(before), textOf(after)];
  const [oldRoles, newRoles] = [rolesOf(before), rolesOf(after)];
  const same = (at: number) => oldText[at] === newText[at] && oldRoles[at] === newRoles[at];
  let from = 0;
  let to = newText.length;
  while (from < to && same(from)) from++;
  while (to > from && same(to - 1)) to--;
  return { from, to };
};

/** A line as a terminal is told it. */
export type Style = (line: StyledLine) => string;

/** Lines as a theme has them. */
export const createStyle = ({ looks }: Pick<Theme, 'looks'>): Style => {
  const on = (role: Role): string => (looks[role].length === 0 ? '' : `\x1b[${looks[role].join(';')}m`);
  return line => line.map(({ text, role }) => (on(role) === '' ? text : `${on(role)}${text}\x1b[m`)).join('');
};

/** The column behind which a line is blank. */
const endOf = (line: StyledLine, columns: number): number => {
  let end = columns;
  for (const { text, role } of line.toReversed()) {
    const kept = role === 'plain' ? text.trimEnd() : text;
    if (kept !== '') return end - (text.length - kept.length);
    end -= text.length;
  }
  return 0;
};

/** What stands from one column on, where that is all that a row has from there. */
const restOfRow = (row: StyledLine, columns: number, from: number, style: Style): string =>
  style(cells(row, from, endOf(row, columns)));

const wholeRow = (row: StyledLine, columns: number, y: number, isLast: boolean, style: Style): string =>
  moveTo(0, y) + (isLast ? eraseBelow : eraseRestOfRow) + restOfRow(row, columns, 0, style);

const changedRow = (
  before: StyledLine,
  row: StyledLine,
  columns: number,
  y: number,
  style: Style,
): string => {
  if (sameLine(before, row)) return '';
  if (!isNarrow(before) || !isNarrow(row)) return wholeRow(row, columns, y, false, style);
  const { from, to } = changed(before, row);
  if (from === to) return '';
  const blank = to > endOf(row, columns);
  return (
    moveTo(from, y) +
    (blank ? restOfRow(row, columns, from, style) + eraseRestOfRow : style(cells(row, from, to)))
  );
};

/**
 * What makes one screen another: the cells that have changed. A row with characters of which terminals have their own opinion
 * how wide they are is written as a whole. `shown`: null where nobody knows what the terminal shows.
 */
export const difference = (shown: Picture | null, { size, rows }: Picture, style: Style): string =>
  rows
    .map((row, y) =>
      shown
        ? changedRow(shown.rows[y]!, row, size.columns, y, style)
        : wholeRow(row, size.columns, y, y === rows.length - 1, style),
    )
    .join('');

export type Painter = {
  /** The picture is another: it is drawn by the end of this turn, or as soon as a frame is due again. */
  readonly changed: () => void;
  /** All is drawn anew: something else has written to the terminal, or it has cut what stood there. */
  readonly redraw: () => void;
  /** The same where another may have left the screen too. */
  readonly retake: () => void;
  /** Draws nothing while another program has the terminal. Returns how to go on. */
  readonly rest: () => () => void;
};

const sameSpot = (a: CursorSpot | null, b: CursorSpot | null): boolean => a?.x === b?.x && a?.y === b?.y;

/** Draws a canvas on a terminal: one write a frame, of what has changed, and none where nothing has. */
export const createPainter = (
  picture: Canvas['picture'],
  style: Style,
  write: (sequence: string) => void,
): Painter => {
  let shown: Picture | null = null;
  let due = false;
  let resting = false;
  let drawnAt = Number.NEGATIVE_INFINITY;

  const paint = () => {
    due = false;
    const next = resting ? null : picture();
    if (!next) return;
    const { size, cursor } = next;
    const known = shown?.size.columns === size.columns && shown.size.rows === size.rows ? shown : null;
    const text = difference(known, next, style);
    if (text === '' && known && sameSpot(known.cursor, cursor)) return;
    shown = next;
    drawnAt = performance.now();
    const hide = known && !known.cursor ? '' : hideCursor;
    write(
      begin +
        (known ? '' : plainly) +
        hide +
        text +
        (cursor ? moveTo(cursor.x, cursor.y) + showCursor : '') +
        end,
    );
  };

  const changed = () => {
    if (due) return;
    due = true;
    const wait = drawnAt + leastBetween - performance.now();
    if (wait > 0) setTimeout(paint, wait);
    else queueMicrotask(paint);
  };

  const redraw = () => {
    shown = null;
    changed();
  };

  return {
    changed,
    redraw,
    retake: () => {
      write(takeScreen);
      redraw();
    },
    rest: () => {
      resting = true;
      return () => {
        resting = false;
        redraw();
      };
    },
  };
};
