import { currentSocket } from '../../bench/view/selectors-sockets.ts';
import { shownSockets } from '../../bench/view/shown-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import {
  isActorPane,
  isStrip,
  openPanes,
  type PaneId,
  rowsIn,
  shownActors,
  shownBench,
  visit,
  withRow,
} from '../../bench/view/view.ts';
import { isActor, isProgram, programs } from '../../core/model/actors.ts';
import { memo } from '../../core/model/memo.ts';
import type { SocketState } from '../../core/model/state.ts';
import type { DeedOn } from '../../core/words/key-words.ts';
import { type Command, type Context, everyPane, type Keymap, type KeyOf } from './command.ts';
import { commandAt, firstKeys } from './keymap.ts';
import { keyTitle } from './keys.ts';
import { placeOf } from './overlays.ts';

/** Keys that lead to a command from where the person is, one pressed after the other, and what is looked at before the last of them. */
export type Way = { readonly keys: readonly string[]; readonly world: World };

/** A key of the command that means it here. */
const keyHere = (keymap: Keymap, id: string, world: World): string | undefined =>
  keymap.keysOf(id).find(key => commandAt(keymap, placeOf(world), key)?.id === id);

/** The panes with nothing over them, as the person sees them. */
export const uncovered = (world: World): World =>
  world.view.overlays.length === 0 ? world : { ...world, view: { ...world.view, overlays: [] } };

/** What lies over the panes closed, one after the other. */
const closed = (keymap: Keymap, world: World): Way | null => {
  const { overlays } = world.view;
  const keys: string[] = [];
  for (let left = overlays.length; left > 0; left--) {
    const under = { ...world, view: { ...world.view, overlays: overlays.slice(0, left) } };
    const key = keyHere(keymap, 'back', under);
    if (key === undefined) return null;
    keys.push(key);
  }
  return { keys, world: uncovered(world) };
};

/** The command that goes to a pane. The keys of the programs' go to the first panes of processes, where these are shown. */
const focusCommand = (world: World, pane: PaneId): string => {
  if (pane === 'lab' || pane === 'time') return 'focus-guest';
  if (!isActorPane(pane) || isProgram(pane)) return `focus-${pane}`;
  return `focus-${programs[shownActors(world).indexOf(pane)] ?? pane}`;
};

const focused = (world: World, focus: PaneId): World => {
  const { view } = world;
  const shown = isStrip(focus) ? { strip: focus } : {};
  const visited = isActorPane(focus) ? { visited: visit(focus, view) } : {};
  return { ...world, view: { ...view, focus, ...shown, ...visited } };
};

/** The socket that this is, or that a call or a file object is on. */
const socketOf = (world: World, on: DeedOn): SocketState | undefined => {
  const { sockets, calls, files } = shownBench(world);
  const name = typeof on === 'number' ? (calls.get(on)?.call.on ?? '') : on;
  return sockets.get(files.get(name)?.socket ?? name);
};

/** Panes from which a command could be meant: whose it is that it acts on, else the one that had the focus last before the others. */
const panesFor = (world: World, on: DeedOn | undefined): readonly PaneId[] => {
  if (on === undefined) return [world.view.visited[0], ...openPanes(world)];
  if (isActor(String(on))) return [on as PaneId];
  const actor =
    (typeof on === 'number' && shownBench(world).calls.get(on)?.actor) || socketOf(world, on)?.actor;
  return actor ? [actor] : [];
};

/** Rows gone through one by one: beyond so many a hint is no help. */
const mostRows = 3;

/** From a pane that has the focus the cursor on that socket's row, where it is near. */
const onRow = (keymap: Keymap, { keys, world }: Way, on: DeedOn): Way | null => {
  const { focus } = world.view;
  const socket = socketOf(world, on);
  if (!socket || !isActorPane(focus)) return null;
  const rows = shownSockets(world, focus).map(({ name }) => name);
  const cursor = currentSocket(world, focus)?.name ?? '';
  // From the title the first row is one down.
  const from = rowsIn(world.view, focus).onTitle ? -1 : rows.indexOf(cursor);
  const by = rows.indexOf(socket.name) - from;
  const key = keyHere(keymap, by < 0 ? 'up' : 'down', world);
  if (!rows.includes(cursor) || !rows.includes(socket.name) || Math.abs(by) > mostRows || key === undefined)
    return null;
  return {
    keys: [...keys, ...Array<string>(Math.abs(by)).fill(key)],
    world: { ...world, view: { ...world.view, programs: withRow(world.view, focus, socket.name) } },
  };
};

const inPane = (keymap: Keymap, base: Way, pane: PaneId): Way | null => {
  if (pane === base.world.view.focus) return base;
  const key = keyHere(keymap, focusCommand(base.world, pane), base.world);
  return key === undefined ? null : { keys: [...base.keys, key], world: focused(base.world, pane) };
};

/** Where the command may be called from, the nearest first. */
function* ways(keymap: Keymap, world: World, on: DeedOn | undefined): Generator<Way> {
  yield { keys: [], world };
  const base = closed(keymap, world);
  if (!base) return;
  if (base.world !== world) yield base;
  for (const pane of panesFor(world, on)) {
    const there = inPane(keymap, base, pane);
    if (!there) continue;
    yield there;
    const row = on === undefined ? null : onRow(keymap, there, on);
    if (row) yield row;
  }
}

const noKeys: KeyOf = () => '';

/**
 * The keys that call a command from where the person is: its own where that means it there, and would act on `on`, where that is
 * named; else such as close what lies over the panes and go to another pane before. Null: no keys lead
 * there, or it is refused. Where nothing is named a key that means it here is the one, refused now or not.
 */
export const wayTo = (keymap: Keymap, world: World, id: string, on?: DeedOn): Way | null => {
  const command: Command | undefined = keymap.commands.find(each => each.id === id);
  if (!command) return null;
  let refused: Way | null = null;
  for (const way of ways(keymap, world, on)) {
    const key = keyHere(keymap, id, way.world);
    if (key === undefined || (on !== undefined && command.actsOn && command.actsOn(way.world) !== on))
      continue;
    const whole = { keys: [...way.keys, key], world: way.world };
    const isHere = way.keys.length === 0 && on === undefined;
    if (isHere || command.disabled(way.world, noKeys) === null) return whole;
    refused ??= whole;
  }
  return on === undefined ? refused : null;
};

/** Of what is pressed only in a box that is not open, the key there. */
const keyElsewhere = (keymap: Keymap, id: string): string =>
  keymap.commands.some(
    command => command.id === id && !command.where.some(place => everyPane.includes(place)),
  )
    ? firstKeys(keymap)(id)
    : '';

const titles = (keymap: Keymap, world: World, id: string, on: DeedOn | undefined): string => {
  const way = wayTo(keymap, world, id, on);
  if (way) return way.keys.map(keyTitle).join(' ');
  return on === undefined ? keyElsewhere(keymap, id) : '';
};

/** THE keys of a hint: `2 r`. */
export const keysFrom = (keymap: Keymap): ((world: World) => KeyOf) =>
  memo((world: World): KeyOf => {
    const known = new Map<string, string>();
    return (id, on) => {
      const asked = on === undefined ? id : `${id} ${on}`;
      const found = known.get(asked) ?? titles(keymap, world, id, on);
      known.set(asked, found);
      return found;
    };
  });

/** The same from where the person is now, for what is said. */
export const keysHere = ({ keysFrom: from, store }: Pick<Context, 'keysFrom' | 'store'>): KeyOf =>
  from(store.getState());
