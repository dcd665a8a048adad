import type { ComponentType } from 'react';
import type { Overlay, OverlayKind, OverlayOf } from '../../bench/view/overlay.ts';
import { createStreams } from '../../bench/view/streams.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Journal } from '../../core/model/journal.ts';
import { memo } from '../../core/model/memo.ts';
import type { Size } from '../layout.ts';
import { drawCode } from './code-overlay.ts';
import type { Around, BottomLine, Drawn, Screen } from './drawn.ts';
import { drawEntry } from './entry-overlay.ts';
import { drawForm } from './form-overlay.ts';
import { drawGlossary } from './glossary-overlay.ts';
import { drawHelp } from './help-overlay.ts';
import { drawLabs } from './labs-overlay.ts';
import { drawOptions } from './options-overlay.ts';
import { drawPalette } from './palette-overlay.ts';
import { drawConfirm, drawMenu } from './questions-overlay.ts';
import { drawRules } from './rules-overlay.ts';
import { drawSaved } from './saved-overlay.ts';
import { searchLine } from './search-line.ts';
import { sendLine } from './send-line.ts';
import { drawStream } from './stream-overlay.ts';
import { WhyView } from './why-view.tsx';

/** What a box over the panes is drawn by. */
export type Over = Around & { readonly screen: Screen };

export type OverlayProps<O extends Overlay = Overlay> = {
  readonly overlay: O;
  readonly screen: Screen;
  readonly onTop: boolean;
};

/** How an overlay is drawn: as a box over the panes, by a component where it has a clock of its own, or as the line above the footer. */
type Row<O extends Overlay> =
  | { readonly box: (overlay: O, over: Over) => Drawn | null }
  | { readonly View: ComponentType<OverlayProps<O>> }
  | { readonly line: (overlay: O, around: Around, now: number, width: number) => BottomLine };

const streamsOf = memo((journal: Journal) => createStreams(journal));

const socketOf = ({ socket }: { readonly socket: string }, { world }: Around) =>
  shownBench(world).sockets.get(socket);

const rows: { readonly [K in OverlayKind]: Row<OverlayOf<K>> } = {
  help: {
    box: (overlay, { world, context, screen, theme }) =>
      drawHelp(overlay, world, context.keymap, screen, theme),
  },
  palette: {
    box: (overlay, { world, context, screen, theme }) =>
      drawPalette(overlay, world, context.keymap, screen, theme),
  },
  form: {
    box: (overlay, { world, context, screen, theme }) =>
      drawForm(overlay, world.view.saved, context.keymap, screen, theme),
  },
  send: { line: sendLine },
  search: { line: searchLine },
  labs: { box: (overlay, { context, screen, theme }) => drawLabs(overlay, context.keyOf, screen, theme) },
  entry: {
    box: (overlay, { world, context, screen, theme }) =>
      drawEntry(overlay, context.source.journal.at(overlay.n), world.view.form, context.keyOf, screen, theme),
  },
  stream: {
    box: (overlay, over) => {
      const { world, context, screen, theme } = over;
      const socket = socketOf(overlay, over);
      const stream = socket ? streamsOf(context.source.journal)(socket) : { chunks: [], cut: false };
      return drawStream(overlay, shownBench(world), stream, world.view, context.keyOf, screen, theme);
    },
  },
  code: {
    box: (overlay, { context, screen, theme }) => drawCode(overlay, context.keyOf, screen, theme),
  },
  menu: {
    box: (overlay, { world, context, screen, theme }) =>
      drawMenu(overlay, world, context.keymap, screen, theme),
  },
  why: { View: WhyView },
  options: {
    box: (overlay, over) =>
      drawOptions(overlay, socketOf(overlay, over), over.context.keyOf, over.screen, over.theme),
  },
  rules: {
    box: (overlay, { world, context, screen, theme }) =>
      drawRules(overlay, shownBench(world).rules, context.source.now(), context.keyOf, screen, theme),
  },
  saved: {
    box: (overlay, { world, context, screen, theme }) =>
      drawSaved(overlay, world.view.saved, context.keyOf, screen, theme),
  },
  glossary: {
    box: (overlay, { context, screen, theme }) => drawGlossary(overlay, context.keyOf, screen, theme),
  },
  confirm: {
    box: (overlay, { context, screen, theme }) => drawConfirm(overlay, context.keyOf, screen, theme),
  },
};

/** How it is drawn. */
export const rowOf = ({ kind }: Overlay): Row<Overlay> => rows[kind] as Row<Overlay>;

/** Rows that stay under every overlay: the line where text goes, and the footer. */
const reservedRows = 2;

let last: { readonly by: readonly unknown[]; readonly drawn: Drawn | null } | null = null;

/** The box of an overlay that is one, on a screen of this size. Who draws it and who places the cursor ask for the same. */
export const boxOf = (overlay: Overlay, { columns, rows: height }: Size, around: Around): Drawn | null => {
  const row = rowOf(overlay);
  if (!('box' in row)) return null;
  const by = [overlay, columns, height, around.context, around.world, around.theme];
  if (last?.by.every((one, index) => one === by[index])) return last.drawn;
  const drawn = row.box(overlay, { ...around, screen: screenOf({ columns, rows: height }) });
  last = { by, drawn };
  return drawn;
};

/** What overlays have of a screen. */
export const screenOf = ({ columns, rows: height }: Size): Screen => ({
  columns,
  rows: height - reservedRows,
});

/** What it is in the line above the footer; null where it stands elsewhere. */
export const lineOf = (
  overlay: Overlay | undefined,
  around: Around,
  now: number,
  width: number,
): BottomLine | null => {
  const row = overlay && rowOf(overlay);
  return row && 'line' in row ? row.line(overlay, around, now, width) : null;
};
