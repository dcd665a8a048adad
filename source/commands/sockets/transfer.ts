import type { OverlayOf } from '../../bench/view/overlay.ts';
import { callsOn, socketsOf } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { emptyField, fieldText, offeredField } from '../../bench/view/text-field.ts';
import type { SentLine } from '../../bench/view/view.ts';
import { formatEndpoint, parseAddress } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { type Bytes, byteLength } from '../../core/bytes/bytes.ts';
import { formatBytes } from '../../core/bytes/bytes-text.ts';
import type { Call } from '../../core/calls/call.ts';
import { actorTitle } from '../../core/model/actors.ts';
import { addressNamed } from '../../core/model/saved-names.ts';
import type { SocketState } from '../../core/model/state.ts';
import { carriesDatagrams, shakesHands, transportOf } from '../../core/model/transports.ts';
import { keyHint } from '../../core/words/key-words.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type ActingContext,
  act,
  type Context,
  type KeyOf,
  look,
  type Place,
  panePlaces,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { changeOverlay, closeOverlay, openOverlay, overlayOf, placeOf } from '../calling/overlays.ts';
import { receiveSize } from '../calling/parameters.ts';
import { performed, refusalOf } from '../calling/performed.ts';
import { readWhileOpen } from '../calling/read-while-open.ts';
import { channel, missing, named } from '../calling/targets.ts';
import { endingFor, payloadOf, recallable } from './payload-line.ts';
import { isSecret, lastHeard } from './secret-line.ts';
import { type NotSent, sendToEach, targetsOf } from './send-group.ts';
import { senders } from './senders.ts';

/** From here on `sendall`, which leaves nothing over, instead of `send`. */
const wholeFrom = 16 * 1024;

const sendPlaces: readonly Place[] = [...panePlaces, 'stream'];

/** A datagram socket without a peer asks for an address: the newest sender's, else the UDP server's own. */
const addressField = (context: Context, socket: SocketState) => {
  if (shakesHands(socket) || socket.peer) return null;
  const bench = context.source.state();
  const [sender] = senders(context.source.journal, socket);
  const server = socketsOf(bench, 'udp-server').find(
    other => other.local && other.name !== socket.name,
  )?.local;
  const guess = sender ?? server;
  return guess ? offeredField(formatEndpoint(guess)) : emptyField;
};

const send = act({
  id: 'send',
  title: marked('Send a line, bytes or a file'),
  short: marked('send'),
  keys: ['s'],
  where: sendPlaces,
  footer: 70,
  disabled: (world, keyOf) => missing(channel(world), keyOf),
  actsOn: world => named(channel(world)),
  run: context => {
    const found = channel(context.store.getState());
    if (typeof found === 'function') return;
    const address = addressField(context, found);
    openOverlay(context, {
      kind: 'send',
      socket: found.name,
      payload: emptyField,
      address,
      at: address && address.cells.length === 0 ? 'address' : 'payload',
      recall: 0,
      refusal: null,
    });
  },
});

const receive = act<{ size: number }>({
  id: 'receive',
  title: marked('Receive: one recv or recvfrom'),
  short: marked('receive'),
  keys: ['r'],
  where: sendPlaces,
  footer: 55,
  parameters: { size: receiveSize },
  disabled: (world, keyOf) => {
    const found = channel(world);
    if (typeof found === 'function') return found(keyOf);
    // A loop that was cancelled on this socket leaves it to the person.
    if (!callsOn(world.bench, found.name).some(call => call.looped)) return null;
    return t`The receive loop of the ${actorTitle(found.actor)} receives by itself: ${doneBy(keyOf, 'receive-loop')} turns it off`;
  },
  actsOn: world => named(channel(world)),
  run: (context, { size }) => {
    const found = channel(context.store.getState());
    if (typeof found === 'function') return;
    const name = transportOf(found).receives;
    context.bench.perform({ name, on: found.name, size });
    if (placeOf(context.store.getState()) === 'stream')
      say(context, t`${found.name}.${name} called: what comes appears here`);
  },
});

const sendCall = (socket: SocketState, data: Bytes, to: Endpoint | null): Call => {
  if (to) return { name: 'sendto', on: socket.name, data, address: to };
  const whole = !carriesDatagrams(socket) && (data.kind === 'file' || byteLength(data) >= wholeFrom);
  return { name: whole ? 'sendall' : 'send', on: socket.name, data };
};

/** While a file is read the line waits, and keys typed behind it with it. */
const readPayload = async (context: Context, bytes: Bytes): Promise<Bytes | string> => {
  if (bytes.kind !== 'file') return bytes;
  changeOverlay(context, 'send', { busy: true, refusal: null });
  const read = await readWhileOpen(context, 'send', bytes);
  changeOverlay(context, 'send', {
    busy: false,
    ...(typeof read === 'string' ? { refusal: refusal(read, { field: 'payload' }) } : {}),
  });
  return read;
};

const addressOf = (
  overlay: OverlayOf<'send'>,
  { view }: World,
): { to: Endpoint | null } | { refused: Result } => {
  if (!overlay.address) return { to: null };
  const address = parseAddress(addressNamed(view.saved, fieldText(overlay.address)));
  if (address.ok) return { to: address.value.endpoint };
  return { refused: refusal(address.message, { column: address.column, field: 'address' }) };
};

const remember = (context: Context, line: SentLine, lastDone: string): void =>
  look(context, ({ history }) => {
    const others = history.send.filter(({ text, mode }) => text !== line.text || mode !== line.mode);
    return { lastDone, history: { ...history, send: [...others, line].slice(-100) } };
  });

/** Enter in the send line. The line stays open for the next one; what was refused stays as it was typed. */
export const submitSend = async (context: ActingContext): Promise<void> => {
  const world = context.store.getState();
  const overlay = overlayOf(world, 'send');
  if (!overlay || overlay.busy) return;
  const refuse = (refused: Result) => changeOverlay(context, 'send', { refusal: refused });
  const targets = targetsOf(context.source.state(), overlay);
  const [socket] = targets;
  if (!socket) return refuse(refusal(closedWords(overlay, keysHere(context))));
  const destination = addressOf(overlay, world);
  if ('refused' in destination) return refuse(destination.refused);
  const payload = payloadOf(overlay.payload, world.view.mode, endingFor(world.view, socket));
  if (!payload.ok) return refuse(refusal(payload.message, { column: payload.column, field: 'payload' }));
  // Only a file is waited for: a line typed right behind this one must find the field empty.
  const data = payload.value.kind === 'file' ? await readPayload(context, payload.value) : payload.value;
  if (typeof data === 'string') return;
  if (!carriesDatagrams(socket) && byteLength(data) === 0) {
    const keyOf = keysHere(context);
    const [ending, end] = [keyHint(keyOf('send-ending')), doneBy(keyOf, 'text-delete-or-end')];
    return refuse(
      refusal(t`Nothing to send: type something, choose an ending${ending}, or ${end} half-closes`),
    );
  }
  const { mode } = world.view;
  const line = { text: recallable(overlay.payload, mode, endingFor(world.view, socket)), mode };
  if (!isSecret(line.text, lastHeard(context.source.journal, socket)))
    remember(context, line, formatBytes(payload.value));
  changeOverlay(context, 'send', { payload: emptyField, recall: 0, refusal: null });
  const refused = await sendToEach(
    context,
    targets,
    each => sendCall(each, data, destination.to),
    overlay.all,
  );
  if (refused) giveBack(context, overlay, refused);
};

const closedWords = ({ socket, all }: OverlayOf<'send'>, keyOf: KeyOf): string => {
  const back = doneBy(keyOf, 'back');
  return all
    ? t`No connection is left: ${back} leaves the line`
    : t`${socket} is closed: ${back} leaves the line`;
};

/** What the kernel refused stands in the line again, unless another line was begun meanwhile, or some have taken it. */
const giveBack = (context: Context, sent: OverlayOf<'send'>, { refusal: why, taken }: NotSent): void => {
  const now = overlayOf(context.store.getState(), 'send');
  if (now?.socket !== sent.socket) return say(context, why.message, 'warning');
  const payload = now.payload.cells.length === 0 && !taken ? sent.payload : now.payload;
  changeOverlay(context, 'send', { refusal: why, payload });
};

/** Ctrl-D on an empty send line, as in a terminal: the end of what this side has to say. */
export const endOfInput = async (context: ActingContext): Promise<void> => {
  const overlay = overlayOf(context.store.getState(), 'send');
  const socket = overlay ? context.source.state().sockets.get(overlay.socket) : undefined;
  if (!overlay || !socket) return;
  if (overlay.all)
    return say(
      context,
      t`One socket is half-closed at a time: ${doneBy(keysHere(context), 'send-to-all')} chooses ${socket.name} alone`,
      'warning',
    );
  if (!shakesHands(socket))
    return say(
      context,
      t`A datagram socket has no end to send: ${doneBy(keysHere(context), 'close-menu')} closes it`,
      'warning',
    );
  closeOverlay(context);
  const call: Call = { name: 'shutdown', on: socket.name, how: 'SHUT_WR' };
  const outcome = await performed(context, call);
  if (outcome.kind === 'error') return say(context, refusalOf(outcome, call).message, 'warning');
  say(context, t`${socket.name} half-closed: its peer reads EOF, the other direction goes on`);
};

export const transferCommands = [send, receive];
