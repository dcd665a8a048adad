import { callsOn, currentSocket, socketsOf } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { isActorPane, isStrip, type PaneId, rowsIn, shownBench, stripTable } from '../../bench/view/view.ts';
import { type ActorId, actorTitle, isActor, isProgram, type Program } from '../../core/model/actors.ts';
import { type Entry, socketOf } from '../../core/model/entry.ts';
import { processOfThread } from '../../core/model/process.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import { holderOfThread } from '../../core/model/threads.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { marked, t } from '../../core/words/translate.ts';
import type { KeyOf } from './command.ts';
import { doneBy } from './keymap.ts';

/** The sentence that says why there is no socket to act on. */
export type Lack = (keyOf: KeyOf) => string;

/** A socket, or why there is none. */
export type Target = SocketState | Lack;

const guestTitles = { lab: marked('Lab'), time: marked('Time') } as const;

export const paneTitle = (pane: PaneId): string => {
  if (isActorPane(pane)) return actorTitle(pane);
  return t(isStrip(pane) ? stripTable[pane].title : guestTitles[pane]);
};

/** The thread whose row was chosen on the timeline, while that has the focus; else ''. */
const threadInFocus = ({ view }: World): string => (view.focus === 'timeline' ? view.timeline.thread : '');

/** The socket that a thread of its own is chosen of, closed or not. */
const holderInFocus = (world: World): SocketState | undefined =>
  shownBench(world).sockets.get(holderOfThread(threadInFocus(world)));

const actorOfThread = (world: World): ActorId | undefined => {
  const thread = threadInFocus(world);
  const actor = holderInFocus(world)?.actor ?? (processOfThread(thread) || thread);
  return isActor(actor) ? actor : undefined;
};

/** Whose pane has the focus, or of the thread chosen; else who had it last. */
export const actorInFocus = (world: World): ActorId => {
  const { focus, visited } = world.view;
  return isActorPane(focus) ? focus : (actorOfThread(world) ?? visited[0]);
};

/** The program that keys act on; of processes none is. */
export const programInFocus = (world: World): Program => {
  const actor = actorInFocus(world);
  return isProgram(actor) ? actor : 'client';
};

/** The open socket that a thread of its own is chosen of. */
const socketOfThread = (world: World): SocketState | undefined => {
  const socket = holderInFocus(world);
  return socket?.closed ? undefined : socket;
};

/** The socket whose stream, menu, options or send line lies over the panes; '' where none does. */
const socketOverPanes = ({ view }: World): string => {
  const overlay = view.overlays.findLast(({ kind }) => kind !== 'form' && kind !== 'palette');
  return overlay && 'socket' in overlay ? overlay.socket : '';
};

/** The socket that keys act on, before a command says what it needs. */
export const socketInFocus = (world: World): SocketState | undefined => {
  const named = socketOverPanes(world);
  if (named !== '') return shownBench(world).sockets.get(named);
  return socketOfThread(world) ?? currentSocket(world, actorInFocus(world));
};

/** The socket that an entry is about, or that it made. */
export const socketOfEntry = (bench: BenchState, entry: Entry): SocketState | undefined => {
  const made = entry.kind === 'ended' && entry.outcome.kind === 'made' ? entry.outcome.name : '';
  const on = socketOf(entry);
  return bench.sockets.get(made) ?? bench.sockets.get(bench.files.get(on)?.socket ?? on);
};

const emptyPane: Readonly<Record<Program, Lack>> = {
  client: keyOf =>
    t`Nothing is open in the Client: ${doneBy(keyOf, 'connect')} connects, ${doneBy(keyOf, 'open')} opens a UDP socket`,
  'tcp-server': keyOf => t`Nothing is open in the TCP server: ${doneBy(keyOf, 'listen-or-stop')} listens`,
  'udp-server': keyOf => t`Nothing is open in the UDP server: ${doneBy(keyOf, 'open')} opens a UDP socket`,
};

const noSocket: Lack = () => t('No socket of the internet is open in this process');

/**
 * The socket in focus if `fits`; where none was selected by hand, or a listener is, the newest that fits: never another
 * than the one whose stream or menu is open. `lacking` says what is missing of the socket in focus.
 */
export const target = (
  world: World,
  fits: (socket: SocketState) => boolean,
  lacking: (socket: SocketState) => Lack,
): Target => {
  const program = actorInFocus(world);
  const current = socketInFocus(world);
  if (!current) return isProgram(program) ? emptyPane[program] : noSocket;
  if (fits(current)) return current;
  const free = rowsIn(world.view, program).selected === '' || current.condition === 'LISTEN';
  const loose = free && socketOverPanes(world) === '';
  const other = loose ? socketsOf(shownBench(world), program).findLast(fits) : undefined;
  return other ?? lacking(current);
};

const isConnected = (socket: SocketState): boolean =>
  !socket.closed && shakesHands(socket) && socket.condition !== 'LISTEN' && socket.peer !== null;

const noConnection =
  ({ name, condition }: SocketState): Lack =>
  keyOf =>
    condition === 'LISTEN'
      ? t`${name} is a listener: accept a connection${keyHint(keyOf('accept'))}, then use that`
      : t`${name} is not connected`;

/** What can send or receive. */
export const channel = (world: World): Target =>
  target(world, socket => isConnected(socket) || (!socket.closed && !shakesHands(socket)), noConnection);

export const connection = (world: World): Target => target(world, isConnected, noConnection);

export const anySocket = (world: World): Target => target(world, socket => !socket.closed, noConnection);

export const listener = (world: World): Target => {
  const bench = shownBench(world);
  const current = socketInFocus(world);
  if (current?.condition === 'LISTEN') return current;
  const found =
    (current?.listener ? bench.sockets.get(current.listener) : undefined) ??
    socketsOf(bench, 'tcp-server').findLast(socket => socket.condition === 'LISTEN');
  if (found && !found.closed) return found;
  return keyOf => t`Nothing listens: ${doneBy(keyOf, 'listen-or-stop')} starts a listener`;
};

/**
 * The newest call in flight or queued on the socket in focus, or of the whole bench where the lesson has the focus; a
 * call inside another gives way to it. On the timeline the one that the chosen thread is in.
 */
export const callInFocus = (world: World): CallState | undefined => {
  const bench = shownBench(world);
  if (world.view.focus === 'lab') return [...bench.calls.values()].findLast(call => call.inside === 0);
  const thread = threadInFocus(world);
  const chosen = thread && [...bench.calls.values()].find(call => call.thread === thread);
  if (chosen) return chosen;
  const current = socketInFocus(world);
  const own = current ? callsOn(bench, current.name).findLast(call => call.inside === 0) : undefined;
  if (own) return own;
  const program = actorInFocus(world);
  if (rowsIn(world.view, program).selected !== '') return undefined;
  return [...bench.calls.values()].findLast(
    call => call.actor === program && call.inside === 0 && !call.looped,
  );
};

/** The reason a target is missing, for `disabled`. */
export const missing = (found: Target, keyOf: KeyOf): string | null =>
  typeof found === 'function' ? found(keyOf) : null;

/** What a target is called, for `actsOn`; null where it is missing. */
export const named = (found: Target): string | null => (typeof found === 'function' ? null : found.name);
