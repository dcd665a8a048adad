import type { WorldStore } from '../../bench/view/store.ts';
import type { View } from '../../bench/view/view.ts';
import type { Context } from './command.ts';
import { topOverlay } from './overlays.ts';

/** Keys typed while what lies on top waits for the call it made, by the screen they were typed on. */
const ahead = new WeakMap<WorldStore, string[]>();

const waits = (view: View): boolean => {
  const top = topOverlay(view);
  return top !== undefined && 'busy' in top && top.busy === true;
};

const refused = (view: View): boolean => {
  const top = topOverlay(view);
  return top !== undefined && 'refusal' in top && top.refusal !== null;
};

/**
 * Holds a key that was typed while a form or the palette waits for its call: it is meant for what comes after, and goes
 * there by `press` once that has closed. Where it was refused instead, or another bench has come on the screen, what
 * was typed ahead is dropped. Esc and keys with Ctrl are not held: they leave, cancel and quit. False: it is not held.
 */
export const holdKey = (
  context: Context,
  key: string,
  press: (context: Context, key: string) => void,
): boolean => {
  const { store, app } = context;
  if (!waits(store.getState().view)) return false;
  if (key === 'escape' || key.startsWith('ctrl-')) {
    ahead.delete(store);
    return false;
  }
  const held = ahead.get(store);
  if (held) {
    held.push(key);
    return true;
  }
  ahead.set(store, [key]);
  // Each lab has a step of its own.
  const onScreen = app.labs?.current?.step;
  const stop = store.subscribe(({ view }) => {
    if (waits(view)) return;
    stop();
    const keys = ahead.get(store) ?? [];
    ahead.delete(store);
    if (refused(view) || app.labs?.current?.step !== onScreen) return;
    queueMicrotask(() => {
      for (const each of keys) press(context, each);
    });
  });
  return true;
};
