import type { Cell } from '../bench/view/timeline-cells.ts';

/** What a piece of text is; the theme says how it looks. Words, marks and borders carry the meaning without it. */
export type Role =
  | 'plain'
  | 'dim'
  | 'strong'
  | 'title'
  | 'focus'
  | 'border'
  | 'good'
  | 'blocked'
  | 'deadlock'
  | 'warning'
  | 'bad'
  | 'key'
  | 'selected'
  | 'own'
  | 'match';

/** Ink's Text props, the 16 colours only, so that light and dark palettes both keep their contrast. */
export type Look = {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
  readonly underline?: boolean;
};

export type Box = {
  readonly horizontal: string;
  readonly vertical: string;
  readonly corners: readonly [string, string, string, string];
};

export type Theme = {
  readonly looks: Readonly<Record<Role, Look>>;
  /** Borders of panes without focus, and with it. */
  readonly box: Box;
  readonly focusBox: Box;
  readonly bar: {
    readonly full: string;
    readonly empty: string;
    readonly left: string;
    readonly right: string;
  };
  /** What the timeline's cells look like, and the tick before a time on its clock. */
  readonly timeline: Readonly<Record<Cell | 'tick', string>>;
  /** What draws who woke whom, from row to row of the timeline. */
  readonly links: Readonly<Record<'dot' | 'down' | 'up' | 'across', string>>;
  readonly cursor: string;
  readonly ellipsis: string;
  readonly arrow: string;
  /** Behind the name of the column that a table is sorted by. */
  readonly rising: string;
  readonly falling: string;
};

const looks: Readonly<Record<Role, Look>> = {
  plain: {},
  dim: { dimColor: true },
  strong: { bold: true },
  title: { bold: true },
  focus: { bold: true, color: 'cyan' },
  border: { dimColor: true },
  good: { color: 'green' },
  blocked: { color: 'yellow' },
  deadlock: { bold: true, inverse: true },
  warning: { color: 'yellow' },
  bad: { color: 'red' },
  key: { bold: true },
  selected: { inverse: true },
  own: { color: 'cyan' },
  match: { underline: true, bold: true },
};

const boxTheme: Theme = {
  looks,
  box: { horizontal: '─', vertical: '│', corners: ['┌', '┐', '└', '┘'] },
  focusBox: { horizontal: '═', vertical: '║', corners: ['╔', '╗', '╚', '╝'] },
  bar: { full: '█', empty: '░', left: '', right: '' },
  timeline: {
    ' ': ' ',
    '[': '┣',
    '=': '━',
    ']': '┫',
    '!': '!',
    '#': '█',
    '-': '╌',
    '|': '│',
    '>': '→',
    '.': '░',
    tick: '┊',
  },
  links: { dot: '●', down: '▼', up: '▲', across: '│' },
  cursor: '>',
  ellipsis: '…',
  arrow: '→',
  rising: '↓',
  falling: '↑',
};

const asciiTheme: Theme = {
  looks,
  box: { horizontal: '-', vertical: '|', corners: ['+', '+', '+', '+'] },
  focusBox: { horizontal: '=', vertical: '|', corners: ['+', '+', '+', '+'] },
  bar: { full: '#', empty: '.', left: '[', right: ']' },
  timeline: {
    ' ': ' ',
    '[': '[',
    '=': '=',
    ']': ']',
    '!': '!',
    '#': '#',
    '-': '-',
    '|': '|',
    '>': '>',
    '.': '.',
    tick: ':',
  },
  links: { dot: 'o', down: 'v', up: '^', across: '|' },
  cursor: '>',
  ellipsis: '...',
  arrow: '->',
  rising: 'v',
  falling: '^',
};

export const themeFor = (ascii: boolean): Theme => (ascii ? asciiTheme : boxTheme);
