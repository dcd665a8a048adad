export type Size = { readonly columns: number; readonly rows: number };

export const leastSize: Size = { columns: 60, rows: 16 };

/** From this size on the three programs stand side by side. */
const wideColumns = 100;
const wideRows = 24;

/** From this width on log and timeline stand side by side. */
export const bothColumns = 160;

/** Rows of each part, from the top: header, verdict, tabs (narrow), panes, details, log, input line, footer. */
export type Layout = {
  readonly mode: 'wide' | 'narrow' | 'small';
  readonly columns: number;
  readonly rows: number;
  /** Widths of the three program panes; the narrow screen shows one. */
  readonly paneWidths: readonly [number, number, number];
  /** The first rows of the program panes and of the strip under them. */
  readonly panesTop: number;
  readonly stripTop: number;
  readonly paneRows: number;
  readonly detailRows: number;
  readonly logRows: number;
  /** Width of the lesson, left of log and timeline; 0 where it is not shown. */
  readonly labWidth: number;
};

const thirds = (columns: number): [number, number, number] => {
  const one = Math.floor(columns / 3);
  return [one + (columns % 3 > 0 ? 1 : 0), one + (columns % 3 > 1 ? 1 : 0), one];
};

/** Header and verdict; with the input line and the footer. */
const topRows = 2;
const fixedRows = 4;

type Focus = {
  readonly zoomed: boolean;
  readonly onStrip: boolean;
  /** A lab is open, and its lesson has the focus. */
  readonly lab?: boolean;
  readonly onLab?: boolean;
  /** A replay has its time bar. */
  readonly time?: boolean;
};

/** Rows of a program's pane beside a lesson on a narrow screen: three rows of sockets and a border. */
const rowsBesideLab = 6;

const split = (
  rest: number,
  { zoomed, onStrip, lab = false, onLab = false }: Focus,
  mode: 'wide' | 'narrow',
): [number, number] => {
  if (onLab && !zoomed && mode === 'narrow') return [rowsBesideLab, rest - rowsBesideLab];
  if ((onStrip || onLab) && (zoomed || mode === 'narrow')) return [0, rest];
  if (zoomed) return [rest, 0];
  const share = mode === 'narrow' ? 0.5 : lab ? 0.4 : 0.48;
  const panes = Math.max(5, Math.round(rest * share));
  return [panes, rest - panes];
};

const labWidthFor = (
  columns: number,
  { zoomed, onStrip, lab, onLab }: Focus,
  mode: 'wide' | 'narrow',
): number => {
  if (!lab || (zoomed && onStrip)) return 0;
  if (onLab && (zoomed || mode === 'narrow')) return columns;
  return mode === 'wide' ? Math.ceil(columns / 2) : 0;
};

/**
 * How the screen is divided. On Windows a full frame makes Ink clear the screen each time (its log-update), so the
 * last row stays free there.
 */
export const layoutFor = (size: Size, focus: Focus, windows = false): Layout => {
  const rows = windows ? size.rows - 1 : size.rows;
  const { columns } = size;
  const small = columns < leastSize.columns || rows < leastSize.rows;
  if (small) {
    return {
      mode: 'small',
      columns,
      rows,
      paneWidths: [0, 0, 0],
      panesTop: 0,
      stripTop: 0,
      paneRows: 0,
      detailRows: 0,
      logRows: 0,
      labWidth: 0,
    };
  }
  const mode = columns >= wideColumns && rows >= wideRows ? 'wide' : 'narrow';
  const below = focus.onStrip || focus.onLab;
  const bare = (focus.zoomed && below) || (focus.onLab && mode === 'narrow');
  const detailRows = bare ? 0 : rows >= 20 ? 3 : 2;
  const tabs = mode === 'narrow' ? 1 : 0;
  const [paneRows, logRows] = split(rows - fixedRows - (focus.time ? 1 : 0) - tabs - detailRows, focus, mode);
  const paneWidths: [number, number, number] =
    mode === 'narrow' || focus.zoomed ? [columns, columns, columns] : thirds(columns);
  const labWidth = labWidthFor(columns, focus, mode);
  const panesTop = topRows + tabs;
  const stripTop = panesTop + paneRows + detailRows;
  return { mode, columns, rows, paneWidths, panesTop, stripTop, paneRows, detailRows, logRows, labWidth };
};
