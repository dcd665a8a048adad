import { isCutOff, keptWords, socketsOf, waitingOn } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Call } from '../../core/calls/call.ts';
import { programs } from '../../core/model/actors.ts';
import type { SocketState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type ActingContext,
  act,
  type Context,
  type Place,
  panePlaces,
  type Result,
  say,
} from '../calling/command.ts';
import { closeOverlay, openOverlay } from '../calling/overlays.ts';
import { anyText } from '../calling/parameters.ts';
import { performed, refusalOf } from '../calling/performed.ts';
import { anySocket, connection, missing, named, programInFocus, type Target } from '../calling/targets.ts';

const menuPlaces: readonly Place[] = ['menu'];

const make = async (context: ActingContext, call: Call): Promise<Result> => {
  const outcome = await performed(context, call);
  if (outcome.kind === 'error') return refusalOf(outcome, call);
  context.source.flush();
  const state = context.source.state();
  const socket = state.sockets.get(call.on);
  if (socket?.closing) say(context, t`${call.on}: ${keptWords(state, socket)}`);
  return null;
};

const leaveMenu = (context: Context): void => {
  if (context.store.getState().view.overlays.at(-1)?.kind === 'menu') closeOverlay(context);
};

/** Makes the call on the socket that `find` names, and leaves the menu that offered it. */
const on =
  (find: (world: World) => Target, call: (name: string) => Call) =>
  (context: ActingContext): Promise<Result> | undefined => {
    const found = find(context.store.getState());
    if (typeof found === 'function') return undefined;
    leaveMenu(context);
    return make(context, call(found.name));
  };

/** The menu's row to begin with: what has sent its FIN, or has nobody to send it to, can only be closed. */
const firstOf = (socket: SocketState): number =>
  !shakesHands(socket) || socket.shut || socket.condition === 'LISTEN' ? 1 : 0;

const closeMenu = act({
  id: 'close-menu',
  title: marked('Close menu: half-close, close, reset'),
  short: marked('close'),
  keys: ['d'],
  where: panePlaces,
  footer: 45,
  listed: false,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  actsOn: world => named(anySocket(world)),
  run: context => {
    const found = anySocket(context.store.getState());
    if (typeof found !== 'function')
      openOverlay(context, { kind: 'menu', socket: found.name, at: firstOf(found) });
  },
});

const halfClose = act({
  id: 'half-close',
  title: marked('Half-close: FIN, the other direction goes on'),
  short: marked('half-close'),
  keys: ['h'],
  where: menuPlaces,
  footer: 30,
  disabled: (world, keyOf) => {
    const found = connection(world);
    if (typeof found === 'function') return found(keyOf);
    return found.shut ? t`${found.name} has sent its FIN already` : null;
  },
  run: on(connection, name => ({ name: 'shutdown', on: name, how: 'SHUT_WR' })),
});

/** Closes a socket, and asks first where clients who wait in its accept queue would be lost. */
export const closeAsking = (context: ActingContext, name: string): Promise<Result> | undefined => {
  const bench = context.source.state();
  const socket = bench.sockets.get(name);
  const waiting = socket ? (waitingOn(bench, socket)?.count ?? 0) : 0;
  if (waiting === 0) return make(context, { name: 'close', on: name });
  openOverlay(context, {
    kind: 'confirm',
    question:
      waiting === 1
        ? t`Close ${name}? 1 client waits to be accepted and will be reset.`
        : t`Close ${name}? ${waiting} clients wait to be accepted and will be reset.`,
    command: 'close-socket',
    values: { socket: name },
  });
  return undefined;
};

const close = act({
  id: 'close',
  title: marked('Close; TCP: FIN, or RST if data is left unread'),
  short: marked('close'),
  keys: ['c'],
  where: menuPlaces,
  footer: 30,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  run: context => {
    const found = anySocket(context.store.getState());
    if (typeof found === 'function') return undefined;
    leaveMenu(context);
    return closeAsking(context, found.name);
  },
});

/** What a confirmation runs: the socket is named, the focus may have moved. */
const closeSocket = act<{ socket: string }>({
  id: 'close-socket',
  title: marked('Close a socket by name'),
  keys: [],
  where: [],
  listed: false,
  parameters: { socket: anyText(marked('socket'), 's1') },
  run: (context, { socket }) => make(context, { name: 'close', on: socket }),
});

const reset = act({
  id: 'reset',
  title: marked('Reset: RST, the peer sees ECONNRESET'),
  short: marked('reset'),
  keys: ['r'],
  where: menuPlaces,
  footer: 30,
  disabled: (world, keyOf) => missing(connection(world), keyOf),
  run: on(connection, name => ({ name: 'reset', on: name })),
});

/** The sockets of the program in focus whose peer has said all it had to say, or is gone. */
const over = (world: World): readonly SocketState[] =>
  socketsOf(shownBench(world), programInFocus(world)).filter(
    socket => socket.eof || socket.condition === 'RESET' || isCutOff(socket),
  );

const closeEnded = act({
  id: 'close-ended',
  title: marked('Close all that have ended: EOF read or reset'),
  keys: ['E'],
  where: [...menuPlaces, ...programs.filter(program => program !== 'udp-server')],
  disabled: world => (over(world).length === 0 ? t('none has') : null),
  run: context => {
    const ended = over(context.store.getState());
    leaveMenu(context);
    for (const { name } of ended) context.bench.perform({ name: 'close', on: name });
    say(context, t`Closed ${ended.map(({ name }) => name).join(' ')}`);
  },
});

export const closingCommands = [closeMenu, halfClose, close, closeSocket, reset, closeEnded];
