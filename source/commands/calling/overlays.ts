import type { Overlay, OverlayKind, OverlayOf } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { isActorPane, isStrip, type PaneId, type View, visit } from '../../bench/view/view.ts';
import { isProgram } from '../../core/model/actors.ts';
import { type Context, look, type Place } from './command.ts';

export const topOverlay = (view: View): Overlay | undefined => view.overlays.at(-1);

/** A process's pane has the keys of a program's: those that act say why they do not. */
export const placeOfPane = (pane: PaneId): Place => (isActorPane(pane) && !isProgram(pane) ? 'client' : pane);

/** Where a key goes now. */
export const placeOf = (world: World): Place => topOverlay(world.view)?.kind ?? placeOfPane(world.view.focus);

export const overlayOf = <K extends OverlayKind>(world: World, kind: K): OverlayOf<K> | null => {
  const top = topOverlay(world.view);
  return top?.kind === kind ? (top as OverlayOf<K>) : null;
};

/** The row under the cursor of the list on top, where it is of this kind. */
export const rowUnderCursor = <T>(
  world: World,
  kind: 'saved' | 'rules',
  rows: readonly T[],
): T | undefined => {
  const overlay = overlayOf(world, kind);
  return overlay ? rows[Math.min(overlay.at, rows.length - 1)] : undefined;
};

export const openOverlay = (context: Context, overlay: Overlay): void =>
  look(context, ({ overlays, message }) => ({
    overlays: [...overlays, overlay],
    message: message?.lasting ? message : null,
  }));

export const closeOverlay = (context: Context): void =>
  look(context, view => ({ overlays: view.overlays.slice(0, -1) }));

/** Replaces the overlay on top where it is of this kind; else nothing. */
export const changeOverlay = <K extends OverlayKind>(
  context: Context,
  kind: K,
  change: Partial<OverlayOf<K>>,
): void =>
  look(context, view => {
    const top = topOverlay(view);
    if (top?.kind !== kind) return {};
    return { overlays: [...view.overlays.slice(0, -1), { ...top, ...change } as Overlay] };
  });

export const focusPane = (context: Context, focus: PaneId): void =>
  look(context, view => ({
    focus,
    ...(isStrip(focus) ? { strip: focus } : {}),
    ...(isActorPane(focus) ? { visited: visit(focus, view) } : {}),
  }));
