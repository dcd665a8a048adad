import { isDeepStrictEqual } from 'node:util';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { lingeringOf, socketsOf } from '../bench/selectors-sockets.ts';
import type { World, WorldStore } from '../bench/store.ts';
import { isProgramPane, type PaneId, shownBench } from '../bench/view.ts';
import type { KeyOf } from '../commands/keymap.ts';
import { type Program, programs } from '../core/actors.ts';
import type { BenchState } from '../core/state.ts';
import { type Layout, type LayoutInput, layoutFor, type Size } from './layout.ts';
import { foldedTitle } from './panes/folded-title.ts';
import { lineWidth } from './parts/line.ts';

const holdsOf = (bench: BenchState, program: Program): number =>
  socketsOf(bench, program).length + lingeringOf(bench, program).length;

/**
 * What there is to be laid out. The title of a program with nothing open can have the focus, and has room for its mark, so
 * that no other moves.
 */
const inputFor = (world: World, size: Size, keyOf: KeyOf): LayoutInput<Program> => {
  const { visited, focus, zoomed, strip, lab, replay } = world.view;
  const bench = shownBench(world);
  const titleOf = (pane: PaneId): { title: number; short: number } => {
    const canFocus = isProgramPane(pane) && holdsOf(bench, pane) === 0;
    const { full, short } = foldedTitle(bench, pane, keyOf, canFocus);
    return { title: lineWidth(full), short: lineWidth(short) };
  };
  return {
    size,
    panes: programs.map(id => ({
      id,
      holds: holdsOf(bench, id),
      ...titleOf(id),
    })),
    visited,
    focus,
    zoomed,
    strip,
    titles: {
      timeline: titleOf('timeline').title,
      log: titleOf('log').title,
      ...(lab ? { lab: titleOf('lab').title } : {}),
    },
    time: replay !== null,
    windows: process.platform === 'win32',
  };
};

/** The layout of what is shown now: another object only where something moves. */
export const useLayout = (store: WorldStore, { columns, rows }: Size, keyOf: KeyOf): Layout<Program> => {
  const select = useMemo(() => {
    let last: Layout<Program> | undefined;
    return (world: World): Layout<Program> => {
      const next = layoutFor(inputFor(world, { columns, rows }, keyOf));
      if (!last || !isDeepStrictEqual(last, next)) last = next;
      return last;
    };
  }, [columns, rows, keyOf]);
  return useStore(store, select);
};
