import { formatEndpoint } from '../core/address.ts';
import type { Call } from '../core/call.ts';
import type { BenchState, CallState, SocketState } from '../core/state.ts';
import { threadOf, threadTitle } from '../core/threads.ts';
import { boundAt } from '../core/twins.ts';
import { callsOn, waitingOn } from './selectors-sockets.ts';

/** The call that a thread is in, if it is in one. */
const inThread = (bench: BenchState, thread: string): CallState | undefined => {
  for (const call of bench.calls.values()) if (call.thread === thread && call.startedAt !== null) return call;
  return undefined;
};

const callName = ({ call }: CallState): string => (call.on === '' ? call.name : `${call.on}.${call.name}`);

/** Who can end a wait for `twin` to make a call: its thread if it is elsewhere, else the person. */
const waitForTwin = (bench: BenchState, twin: SocketState, act: Call, verb: string, hint: string): string => {
  const already = callsOn(bench, twin.name).some(
    other => other.startedAt !== null && other.call.name.startsWith(act.name),
  );
  if (already) return `${twin.name} to ${verb}`;
  const thread = threadOf(act, twin.name, bench.programs[twin.program].policy);
  const busy = inThread(bench, thread);
  if (busy) return `${twin.name} to ${verb}; ${threadTitle(thread)} is in ${callName(busy)}`;
  return hint === '' ? `${twin.name} to ${verb}` : `you: ${hint} on ${twin.name}`;
};

const peerName = (socket: SocketState): string => (socket.peer ? formatEndpoint(socket.peer) : 'its peer');

const waitToReceive = (bench: BenchState, socket: SocketState): string => {
  const twin = bench.sockets.get(socket.twin);
  if (twin) return `${twin.name} to send`;
  if (socket.type === 'SOCK_DGRAM') return socket.peer ? `a datagram from ${peerName(socket)}` : 'any datagram';
  return `${peerName(socket)} to send`;
};

const waitToSend = (bench: BenchState, socket: SocketState): string => {
  const twin = bench.sockets.get(socket.twin);
  if (!twin) return `${peerName(socket)} to receive`;
  const act: Call = { name: 'recv', on: twin.name, size: 1 };
  return waitForTwin(bench, twin, act, 'receive', 'r receives');
};

const waitToConnect = (bench: BenchState, call: CallState): string => {
  if (call.call.name !== 'connect') return 'an answer';
  const { address } = call.call;
  const listener = bench.sockets.get(boundAt(bench.pairs, 'SOCK_STREAM', address) ?? '');
  if (listener?.condition === 'LISTEN') return `${listener.name} to accept: its queue is full`;
  return `${formatEndpoint(address)} to answer`;
};

/** For whom or what a call waits, to follow "waits for"; '' where it waits for nobody. */
export const waitsFor = (bench: BenchState, call: CallState): string => {
  if (call.startedAt === null) {
    const busy = inThread(bench, call.thread);
    return busy ? `${threadTitle(call.thread)}, in ${callName(busy)}` : threadTitle(call.thread);
  }
  for (const other of bench.calls.values()) if (other.inside === call.id) return `${other.call.name} to look it up`;
  const socket = bench.sockets.get(bench.files.get(call.call.on)?.socket ?? call.call.on);
  switch (call.call.name) {
    case 'accept':
      return 'a client to connect';
    case 'connect':
      return waitToConnect(bench, call);
    case 'recv':
    case 'recvfrom':
    case 'read':
      return socket ? waitToReceive(bench, socket) : '';
    case 'readline':
      return socket ? `${waitToReceive(bench, socket)} a newline` : '';
    case 'send':
    case 'sendall':
    case 'sendto':
    case 'flush':
      return socket ? waitToSend(bench, socket) : '';
    case 'getaddrinfo':
    case 'gethostbyaddr':
      return 'the resolver';
    default:
      return '';
  }
};

/** What a listener asks for while clients wait and no accept is in flight; '' otherwise. */
export const waitsForAccept = (bench: BenchState, listener: SocketState): string => {
  const waiting = waitingOn(bench, listener)?.count ?? 0;
  if (waiting === 0 || callsOn(bench, listener.name).some(call => call.call.name === 'accept')) return '';
  const thread = threadOf({ name: 'accept', on: listener.name }, listener.name, bench.programs[listener.program].policy);
  const busy = inThread(bench, thread);
  return busy ? `${threadTitle(thread)}, in ${callName(busy)}` : 'you: a accepts one';
};
