import { isDeepStrictEqual } from 'node:util';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { lingeringOf, socketsOf } from '../bench/view/selectors-sockets.ts';
import type { World, WorldStore } from '../bench/view/store.ts';
import {
  isActorPane,
  type PaneId,
  type StripId,
  shownActors,
  shownBench,
  stripIds,
} from '../bench/view/view.ts';
import type { KeyOf } from '../commands/calling/command.ts';
import type { ActorId } from '../core/model/actors.ts';
import type { BenchState } from '../core/model/state.ts';
import { type Layout, type LayoutInput, layoutFor, type Size } from './layout.ts';
import { foldedTitle } from './panes/folded-title.ts';
import { lineWidth } from './parts/styled-line.ts';

const perStrip = (make: (id: StripId) => number): Record<StripId, number> =>
  Object.fromEntries(stripIds.map(id => [id, make(id)])) as Record<StripId, number>;

const holdsOf = (bench: BenchState, actor: ActorId): number =>
  socketsOf(bench, actor).length + lingeringOf(bench, actor).length;

/**
 * What there is to be laid out. The title of a program with nothing open can have the focus, and has room for its mark, so
 * that no other moves.
 */
const inputFor = (world: World, size: Size, keyOf: KeyOf): LayoutInput<ActorId> => {
  const { visited, focus, zoomed, strip, lab, replay } = world.view;
  const bench = shownBench(world);
  const titleOf = (pane: PaneId): { title: number; short: number } => {
    const canFocus = isActorPane(pane) && holdsOf(bench, pane) === 0;
    const { full, short } = foldedTitle(world, pane, keyOf, canFocus);
    return { title: lineWidth(full), short: lineWidth(short) };
  };
  return {
    size,
    panes: shownActors(world).map(id => ({
      id,
      holds: holdsOf(bench, id),
      ...titleOf(id),
    })),
    visited,
    focus,
    zoomed,
    strip,
    titles: {
      ...perStrip(id => titleOf(id).title),
      ...(lab ? { lab: titleOf('lab').title } : {}),
    },
    time: replay !== null,
    windows: process.platform === 'win32',
  };
};

/** The layout of what is shown now: another object only where something moves. */
export const useLayout = (store: WorldStore, { columns, rows }: Size, keyOf: KeyOf): Layout<ActorId> => {
  const select = useMemo(() => {
    let last: Layout<ActorId> | undefined;
    let seen: World | undefined;
    return (world: World): Layout<ActorId> => {
      if (last && world === seen) return last;
      seen = world;
      const next = layoutFor(inputFor(world, { columns, rows }, keyOf));
      if (!last || !isDeepStrictEqual(last, next)) last = next;
      return last;
    };
  }, [columns, rows, keyOf]);
  return useStore(store, select);
};
