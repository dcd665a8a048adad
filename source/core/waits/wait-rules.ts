import type { Endpoint } from '../addresses/endpoint.ts';
import { boundAt } from '../addresses/twins.ts';
import { calls, hasIn } from '../calls/calls.ts';
import { askedFor } from '../calls/lookups.ts';
import { processOfThread } from '../model/process.ts';
import type { BenchState, CallState, SocketState } from '../model/state.ts';
import { carriesDatagrams, shakesHands, transportOf } from '../model/transports.ts';
import type { Reason } from '../model/wait.ts';
import { seenReason } from './seen-waits.ts';
import { type Ground, isActing, mustAct, subjectOf } from './wait-ground.ts';

/**
 * How long a call must have stood still, in ms, before the kernel counts as having taken all it will: over
 * loopback it fills its buffers in a tenth of that.
 */
export const settleMs = 100;

/** The same where the queues were as full before the call began: a look sooner than this may come before its bytes. */
const firstLookMs = 20;

/** The same where no kernel table tells anything: the longest that a rule here waits for a look. */
export const unseenSettleMs = 240;

const working: Reason = { kind: 'kernel', doing: 'work' };
const arriving: Reason = { kind: 'kernel', doing: 'bytes' };
const room: Reason = { kind: 'kernel', doing: 'room' };
const handshake: Reason = { kind: 'kernel', doing: 'handshake' };
const resolver: Reason = { kind: 'resolver' };
const anyClient: Reason = { kind: 'any', what: 'client' };
const anyDatagram: Reason = { kind: 'any', what: 'datagram' };

/** The bench's listener at an address that a stream connects to, if one listens there. */
const listenerAt = (state: BenchState, address: Endpoint, me: SocketState): SocketState | undefined => {
  // In SYN-SENT only the kernel knows the own address.
  const own = me.kernel?.local ?? me.local;
  const listener = state.sockets.get(boundAt(state.pairs, me, address, own) ?? '');
  return listener?.condition === 'LISTEN' ? listener : undefined;
};

/** The wait of a connected stream for the other end to act, where no accepted socket of the bench is there. */
const waitForStranger = (ground: Ground, me: SocketState, act: 'send' | 'recv'): Reason => {
  if (!me.peer || me.twin !== '') return working;
  // Connected, and not accepted yet: it stands in the listener's queue, and nobody else can be its peer.
  const listener = me.listener === '' ? listenerAt(ground.state, me.peer, me) : undefined;
  if (!listener) return { kind: 'foreign', peer: me.peer, act };
  return ground.accepting.has(listener.name)
    ? isActing(listener, 'accept')
    : mustAct(ground, listener, 'accept');
};

/**
 * How many bytes a receive needs before it ends: one, or all of them, whether it takes them or peeks. On a socket with
 * a timeout, which CPython makes non-blocking, MSG_WAITALL does not count (recv(2)).
 */
const wantedBy = ({ call, deadline }: CallState): number => {
  if (!hasIn(call, 'moves', 'in')) return 1;
  switch (call.name) {
    case 'read':
      return call.size ?? Number.POSITIVE_INFINITY;
    case 'recv':
    case 'recvfrom':
      return deadline === null && call.flags?.includes('MSG_WAITALL') ? call.size : 1;
    case 'readline':
      return 1;
  }
};

/** Below the low-water mark the kernel calls no socket readable (socket(7), SO_RCVLOWAT). */
const needOf = (call: CallState, { options }: SocketState): number =>
  Math.max(wantedBy(call), Number(options.SO_RCVLOWAT) || 1);

/** The kernel was asked after both, and holds nothing on the way between them: what is missing lies in a file object. */
const isDrained = (state: BenchState, call: CallState, me: SocketState, twin: SocketState): boolean =>
  state.lookedAt >= Math.max(call.startedAt ?? 0, twin.sentAt) &&
  me.kernel?.rcvQ === 0 &&
  twin.kernel?.sndQ === 0;

/** A closed socket's peer waits for the calls that are still inside it: they keep the FIN back. */
const waitForInside = (state: BenchState, twin: SocketState): Reason => {
  const ways: number[] = [];
  for (const call of state.calls.values()) {
    if (call.startedAt !== null && subjectOf(state, call) === twin.name) ways.push(call.id);
  }
  const [through] = ways;
  return through === undefined ? working : { kind: 'inside', on: twin.name, ways, through };
};

/** For EOF. A closed socket that a file object keeps open waits for what is inside, as far as that is its thread's. */
const waitForEnd = (ground: Ground, twin: SocketState): Reason => {
  const reason = mustAct(ground, twin, 'end');
  if (!twin.closing || reason.kind !== 'socket') return reason;
  const { on, ways, through } = reason;
  return { kind: 'inside', on, ways, through };
};

const waitForBytes = (ground: Ground, call: CallState, me: SocketState): Reason => {
  const { state } = ground;
  const twin = state.sockets.get(me.twin);
  if (!twin) return waitForStranger(ground, me, 'send');
  if (twin.closed || twin.shut || me.condition === 'RESET') return arriving;
  // Its descriptor is closed: only the end of the call that keeps it brings the FIN.
  if (twin.closing && ground.filesOf(twin.name).length === 0) return waitForInside(state, twin);
  if (ground.sending.has(twin.name)) return isActing(twin, 'send');
  // What another receive on this socket has gathered, MSG_WAITALL's, is out of this one's reach.
  const elsewhere = (ground.receiving.get(me.name) ?? call.taken) - call.taken;
  const onTheWay = twin.sent - me.received - elsewhere;
  const buffered = ground.filesOf(me.name).length > 0;
  if (onTheWay >= needOf(call, me) && !(buffered && isDrained(state, call, me, twin))) return arriving;
  if (call.call.name === 'read' && call.call.size === undefined) return waitForEnd(ground, twin);
  const held = ground.filesOf(twin.name).find(file => file.unflushed > 0);
  return held ? mustAct(ground, twin, 'flush', held.name) : mustAct(ground, twin, 'send');
};

const waitForDatagram = (ground: Ground, call: CallState, me: SocketState): Reason => {
  const { state } = ground;
  if (!me.peer) return anyDatagram;
  const peer = state.sockets.get(boundAt(state.pairs, me, me.peer, me.local) ?? '');
  if (!peer) return { kind: 'foreign', peer: me.peer, act: 'send' };
  // Datagrams get lost, so that counts of what was sent tell nothing: only the kernel's queue does.
  const looked = state.lookedAt >= Math.max(call.startedAt ?? 0, peer.sentAt);
  if (looked && (me.kernel?.rcvQ ?? 0) > 0) return arriving;
  return !looked || ground.sending.has(peer.name) ? isActing(peer, 'send') : mustAct(ground, peer, 'send');
};

/**
 * Whether the kernel has taken all it will of a send in flight: it says that the peer's window is closed, or the
 * call has not moved between two looks, or nothing has changed since before it began. Buffers grow by themselves,
 * so that no size tells (tcp(7), tcp_wmem).
 */
const isFull = (
  state: BenchState,
  call: CallState,
  me: SocketState,
  twin: SocketState | undefined,
): boolean => {
  const { kernel } = me;
  const still = state.lookedAt - call.takenAt;
  if (!kernel) return still >= unseenSettleMs;
  if (kernel.sndQ === 0 || (twin?.kernel && twin.kernel.rcvQ === 0)) return false;
  const began = call.startedAt ?? 0;
  const age = state.lookedAt - began;
  if (me.kernelAt < began && call.taken === 0) return age >= firstLookMs;
  return still >= settleMs || (kernel.timer === 'zero-window' && age >= settleMs);
};

/** A datagram socket's send that the receiver's full queue keeps (unix(7), max_dgram_qlen). */
const waitForReceiver = (ground: Ground, { id, call, startedAt }: CallState, me: SocketState): Reason => {
  const { state } = ground;
  const to = 'address' in call ? askedFor(state, id, call.address) : me.peer;
  if (!to || state.lookedAt - (startedAt ?? 0) < settleMs) return room;
  const receiver = state.sockets.get(boundAt(state.pairs, me, to, me.local) ?? '');
  if (!receiver) return { kind: 'foreign', peer: to, act: 'recv' };
  return ground.receiving.has(receiver.name) ? isActing(receiver, 'recv') : mustAct(ground, receiver, 'recv');
};

const waitForRoom = (ground: Ground, call: CallState, me: SocketState): Reason => {
  const { state } = ground;
  if (carriesDatagrams(me)) return transportOf(me).flowControl ? waitForReceiver(ground, call, me) : room;
  const twin = state.sockets.get(me.twin);
  if (me.condition === 'RESET' || twin?.closed) return working;
  if (twin && ground.receiving.has(twin.name)) return isActing(twin, 'recv');
  if (!isFull(state, call, me, twin)) return room;
  return twin ? mustAct(ground, twin, 'recv') : waitForStranger(ground, me, 'recv');
};

const seesSynSent = ({ kernel, kernelAt }: SocketState, began: number): boolean =>
  kernel?.state === 'SYN-SENT' && kernelAt >= began;

/**
 * Whether a connect was left out for want of room: Linux drops a SYN while more than `backlog` connections wait
 * (sk_acceptq_is_full in net/sock.h). A queue that became full after the connect began may hold this very
 * connection, its end not yet heard of, until its socket is seen waiting or time tells.
 */
const isLeftOut = (state: BenchState, call: CallState, me: SocketState, listener: SocketState): boolean => {
  const { kernel, kernelAt, backlog, acceptedAt } = listener;
  const began = call.startedAt ?? 0;
  const age = state.lookedAt - began;
  if (!kernel) return age >= unseenSettleMs && acceptedAt < began;
  if (age < 0 || state.lookedAt <= acceptedAt || kernel.rcvQ <= (backlog ?? 0)) return false;
  return seesSynSent(me, began) || age >= settleMs || (kernelAt < began && acceptedAt < kernelAt);
};

const nextSyn = (state: BenchState, { kernel, kernelAt }: SocketState): number | null => {
  const at = kernel?.timer === 'retransmit' ? kernelAt + kernel.timerMs : 0;
  return at > state.lookedAt ? at : null;
};

const waitForHandshake = (ground: Ground, call: CallState, me: SocketState): Reason => {
  const { state } = ground;
  if (!hasIn(call.call, 'waits', 'handshake') || !shakesHands(me)) return working;
  const address = askedFor(state, call.id, call.call.address);
  const listener = listenerAt(state, address, me);
  if (!listener) return { kind: 'foreign', peer: address, act: 'answer' };
  if (isLeftOut(state, call, me, listener)) {
    return ground.accepting.has(listener.name)
      ? isActing(listener, 'accept')
      : mustAct(ground, listener, 'accept');
  }
  return seesSynSent(me, call.startedAt ?? 0) ? { kind: 'clock', at: nextSyn(state, me) } : handshake;
};

/** Both ends take turns in a handshake of TLS: while both are about it nothing is missing. */
const waitForTls = (ground: Ground, me: SocketState): Reason => {
  const twin = ground.state.sockets.get(me.twin);
  if (!twin) return waitForStranger(ground, me, 'send');
  if (twin.closed || twin.shut || me.condition === 'RESET') return arriving;
  return ground.wrapping.has(twin.name) ? handshake : mustAct(ground, twin, 'send');
};

/** For whom or what a call that has not ended waits. */
export const reasonOf = (ground: Ground, call: CallState): Reason => {
  const { state } = ground;
  if (call.startedAt === null) {
    return { kind: 'thread', thread: call.thread, through: ground.busy.get(call.thread)?.id ?? 0 };
  }
  if (processOfThread(call.thread) !== '') return seenReason(ground, call);
  const { waits } = calls[call.call.name];
  if (waits === 'answer' || ground.lookingUp.has(call.id)) return resolver;
  const me = state.sockets.get(subjectOf(state, call));
  if (!me || me.closed) return working;
  switch (waits) {
    case 'client':
      return anyClient;
    case 'handshake':
      return waitForHandshake(ground, call, me);
    case 'room':
      return waitForRoom(ground, call, me);
    case 'tls':
      return waitForTls(ground, me);
    case 'bytes':
      return carriesDatagrams(me) ? waitForDatagram(ground, call, me) : waitForBytes(ground, call, me);
    case 'ready':
    case null:
      return working;
  }
};
