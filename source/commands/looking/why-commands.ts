import { socketsAbout, socketsOf } from '../../bench/view/selectors-sockets.ts';
import { shownActors, shownBench } from '../../bench/view/view.ts';
import { chosenWaiting, waitingCalls } from '../../bench/view/wait-groups.ts';
import type { CallState } from '../../core/model/state.ts';
import { marked, t } from '../../core/words/translate.ts';
import { acting } from '../calling/acting.ts';
import { act, type Context, command, type Place, panePlaces, refusal } from '../calling/command.ts';
import { closeOverlay, focusPane, openOverlay, overlayOf } from '../calling/overlays.ts';
import { callInFocus } from '../calling/targets.ts';
import { selectSocket } from '../sockets/select-socket.ts';
import { cancelCall } from '../sockets/timing.ts';

const here: readonly Place[] = ['why'];

const chosen = (context: Context): CallState | undefined => {
  const world = context.store.getState();
  const overlay = overlayOf(world, 'why');
  return overlay ? chosenWaiting(shownBench(world), overlay.call) : undefined;
};

const nothing = marked('No call is in flight: every thread is idle');

const why = command({
  id: 'why',
  title: marked('Why: who waits for whom, and what would end it'),
  short: marked('why'),
  keys: ['w'],
  where: [...panePlaces, 'lab'],
  footer: 72,
  disabled: world => (waitingCalls(shownBench(world)).length === 0 ? t(nothing) : null),
  run: context => {
    const world = context.store.getState();
    openOverlay(context, { kind: 'why', call: callInFocus(world)?.id ?? 0 });
  },
});

/** Its socket is selected in its pane: keys act on that then. */
const go = command({
  id: 'why-go',
  title: marked('To the socket of the call: its keys act there'),
  short: marked('to its socket'),
  keys: ['enter'],
  where: here,
  footer: 68,
  listed: false,
  run: context => {
    const call = chosen(context);
    if (!call) return refusal(t(nothing));
    const world = context.store.getState();
    const bench = shownBench(world);
    const socket = bench.sockets.get(socketsAbout(bench, call)[0] ?? '');
    if (!socket) return refusal(t`${call.call.name} is made on no socket`);
    const actor = socketsOf(bench, call.actor || socket.actor).includes(socket)
      ? call.actor || socket.actor
      : socket.actor;
    if (!shownActors(world).includes(actor)) return refusal(t`${socket.name} is of no program of this bench`);
    closeOverlay(context);
    focusPane(context, actor);
    selectSocket(context, actor, socket.name);
    return null;
  },
});

const cancel = act({
  id: 'why-cancel',
  title: marked('Cancel the chosen call'),
  short: marked('cancel'),
  keys: ['x'],
  where: here,
  footer: 66,
  listed: false,
  run: context => {
    const call = chosen(context);
    if (!call) return refusal(t(nothing));
    cancelCall(context, call);
    return null;
  },
});

/** Which of the calls in flight this one is, as they are listed; the first where it has ended. */
export const waitingItem = (context: Context, call: number): number =>
  Math.max(
    0,
    waitingCalls(shownBench(context.store.getState())).findIndex(({ id }) => id === call),
  );

/** The id of the call that is listed there, or nearest to it; 0 where none is in flight. */
export const waitingId = (context: Context, item: number): number => {
  const calls = waitingCalls(shownBench(context.store.getState()));
  return calls[Math.max(0, Math.min(calls.length - 1, item))]?.id ?? 0;
};

export const whyCommands = [why, go, ...acting([cancel])];
