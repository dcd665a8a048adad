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

/** What switches a look on: parameters of SGR (ECMA-48, 8.3.117; 38;5 in xterm's ctlseqs). */
export type Look = readonly number[];

const bold = 1;
const dim = 2;
const underline = 4;
const inverse = 7;
const red = 31;
const magenta = 35;
const ofTheCube = (colour: number): Look => [38, 5, colour];

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

/** Without a colour: bold, reverse, dim and underlined say it, and words and marks. */
const plainLooks: Readonly<Record<Role, Look>> = {
  plain: [],
  dim: [dim],
  strong: [bold],
  title: [bold],
  focus: [bold],
  border: [dim],
  good: [],
  blocked: [bold],
  deadlock: [bold, inverse],
  warning: [bold],
  bad: [bold],
  key: [bold],
  selected: [inverse],
  own: [],
  match: [underline, bold],
};

/** Of the sixteen only these two are read on black and on white alike: yellow, green and cyan vanish on white, blue on black. */
const sixteenLooks: Readonly<Record<Role, Look>> = {
  ...plainLooks,
  blocked: [bold, magenta],
  warning: [bold, magenta],
  bad: [bold, red],
};

/** A green and a cyan of the cube that lie in the middle between black and white. */
const manyLooks: Readonly<Record<Role, Look>> = {
  ...sixteenLooks,
  focus: [bold, ...ofTheCube(30)],
  good: ofTheCube(28),
  own: ofTheCube(30),
};

/** How many colours the terminal has, and whether any are wanted. */
export type Colours = 'none' | 16 | 256;

const looksOf: Readonly<Record<Colours, Readonly<Record<Role, Look>>>> = {
  none: plainLooks,
  16: sixteenLooks,
  256: manyLooks,
};

const boxTheme: Omit<Theme, 'looks'> = {
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

const asciiTheme: Omit<Theme, 'looks'> = {
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

const themes = new Map<string, Theme>();

/** The same object for the same: what is drawn is compared by it. */
export const themeFor = (ascii: boolean, colours: Colours = 16): Theme => {
  const name = `${ascii} ${colours}`;
  const theme = themes.get(name) ?? { ...(ascii ? asciiTheme : boxTheme), looks: looksOf[colours] };
  themes.set(name, theme);
  return theme;
};
