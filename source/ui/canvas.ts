import type { Size } from './layout.ts';
import { cells, plain, type StyledLine } from './parts/styled-line.ts';

/** What lies over what: panes, the box over them, what must be read before all else. */
export const layers = ['panes', 'over', 'notice'] as const;

export type Layer = (typeof layers)[number];

/** Lines at a place of the screen, each exactly `width` columns. */
export type Piece = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly lines: readonly StyledLine[];
  readonly layer: Layer;
};

/** Columns and rows of the screen. */
export type CursorSpot = { readonly x: number; readonly y: number };

/** The whole screen: a line a row, and where the text cursor stands. */
export type Picture = {
  readonly size: Size;
  readonly rows: readonly StyledLine[];
  readonly cursor: CursorSpot | null;
};

/**
 * What is drawn, piece by piece. Each part of the screen knows its place and makes lines of its width, so nothing is left to
 * be laid out or measured: this is the whole way of a row from its pane to the terminal.
 */
export type Canvas = {
  /** Each part has one piece, by an object of its own. */
  readonly put: (part: object, piece: Piece) => void;
  readonly take: (part: object) => void;
  readonly point: (at: CursorSpot | null) => void;
  readonly resize: (size: Size) => void;
  /** Null while nothing is drawn. */
  readonly picture: () => Picture | null;
};

/** A line with another over it. */
const laid = (
  under: StyledLine,
  left: number,
  of: StyledLine,
  width: number,
  columns: number,
): StyledLine => [...cells(under, 0, left), ...of, ...cells(under, left + width, columns)];

const rowsOf = (pieces: readonly Piece[], { columns, rows }: Size): StyledLine[] => {
  const made = Array<StyledLine>(rows).fill(plain(' '.repeat(columns)));
  for (const { left, top, width, lines } of pieces) {
    lines.forEach((each, index) => {
      const under = made[top + index];
      if (under) made[top + index] = laid(under, left, each, width, columns);
    });
  }
  return made.map(row => cells(row, 0, columns));
};

/** `changed` hears of each change; who draws then asks for the picture, once a turn. */
export const createCanvas = (changed: () => void): Canvas => {
  const pieces = new Map<object, Piece>();
  let size: Size = { columns: 0, rows: 0 };
  let cursor: CursorSpot | null = null;
  return {
    put: (part, piece) => {
      pieces.set(part, piece);
      changed();
    },
    take: part => {
      pieces.delete(part);
      changed();
    },
    point: at => {
      cursor = at;
      changed();
    },
    resize: to => {
      size = to;
      changed();
    },
    picture: () => {
      if (pieces.size === 0) return null;
      const all = [...pieces.values()];
      const inOrder = layers.flatMap(layer => all.filter(piece => piece.layer === layer));
      return { size, rows: rowsOf(inOrder, size), cursor };
    },
  };
};
