import type { ActorId } from '../../core/model/actors.ts';
import type { SocketState } from '../../core/model/state.ts';
import { orderedSockets } from './selectors-sockets.ts';
import type { World } from './store.ts';
import { rowsIn, shownBench } from './view.ts';

/** Whether an actor's pane is zoomed, and so a table. */
export const isTable = ({ view }: Pick<World, 'view'>, actor: ActorId): boolean =>
  view.zoomed && view.focus === actor;

/**
 * The rows of an actor's pane as they are seen: a table as it was sorted when the person asked for it, with what came since at its
 * end. Nothing is sorted anew by itself.
 */
export const shownSockets = (world: World, actor: ActorId): readonly SocketState[] => {
  const sockets = orderedSockets(shownBench(world), actor);
  const { sort } = rowsIn(world.view, actor);
  if (!sort || !isTable(world, actor)) return sockets;
  const place = new Map(sort.order.map((name, index) => [name, index]));
  const rank = ({ name }: SocketState): number => place.get(name) ?? sort.order.length;
  return sockets.toSorted((a, b) => rank(a) - rank(b));
};
