import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import { familyOf } from '../../source/core/addresses/ip.ts';
import { byteLength, slice } from '../../source/core/bytes/bytes.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { type CallOn, calls, hasIn, isCallOn } from '../../source/core/calls/calls.ts';
import type { Attempt, Driver, Running } from '../../source/core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { Family, SocketType } from '../../source/core/model/names.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import {
  type Attempted,
  blocking,
  connecting,
  receiving,
  receivingDatagram,
  sending,
  sendingDatagram,
} from './simulated-calls.ts';
import { flushFile, newFile, readFile, readLine, type SimulatedFile } from './simulated-files.ts';
import type { Machine } from './simulated-machine.ts';
import {
  bind,
  type Network,
  newStream,
  type SimulatedSocket,
  type Stream,
  unbind,
} from './simulated-network.ts';
import { closeStream, listen, shutdownWrite } from './simulated-tcp.ts';
import { connectDatagrams, newDatagramSocket } from './simulated-udp.ts';

/** One application's sockets and file objects, by name. */
export type Owned = {
  readonly network: Network;
  readonly sockets: Map<string, SimulatedSocket>;
  readonly files: Map<string, SimulatedFile>;
  /** Closed while a file object is open, by name. */
  readonly closing: Set<string>;
  /** How many calls are in flight on a socket, and sockets that end with the last of them. */
  readonly inside: Map<SimulatedSocket, number>;
  readonly ending: Set<SimulatedSocket>;
};

/** A program with nothing open. */
export const newOwned = (network: Network): Owned => ({
  network,
  sockets: new Map(),
  files: new Map(),
  closing: new Set(),
  inside: new Map(),
  ending: new Set(),
});

const now = (outcome: Outcome): Attempted => blocking(() => outcome);
const fail = (code: ErrorCode): Attempted => now(failure(code));
const result = (code: ErrorCode | null, good: Outcome = ok): Attempted => (code ? fail(code) : now(good));

const newSocket: Readonly<Record<SocketType, (family: Family) => SimulatedSocket>> = {
  SOCK_STREAM: newStream,
  SOCK_DGRAM: newDatagramSocket,
};

const onModule = ({ sockets }: Owned, { name }: Attempt, call: CallOn<'module'>): Attempted => {
  switch (call.name) {
    case 'socket': {
      const made = name();
      sockets.set(made, newSocket[call.type](call.family));
      return now({ kind: 'made', name: made });
    }
    case 'getaddrinfo': {
      // As in a hosts file: one name has an address of each family, another only IPv4.
      const hosts = call.host === 'both.example' || call.host === null ? ['::1', '127.0.0.1'] : ['127.0.0.1'];
      if (call.host === 'localhost' && call.family === 'AF_INET6') hosts[0] = '::1';
      else if (call.host !== null && call.host !== 'localhost' && call.host !== 'both.example')
        return fail('EAI_NONAME');
      const fits = hosts.filter(host => !call.family || familyOf(host) === call.family);
      return now({ kind: 'endpoints', endpoints: fits.map(host => inet(host, call.port ?? 0)) });
    }
    case 'getservbyname':
      return call.service === 'http' ? now({ kind: 'number', number: 80 }) : fail('NO_SERVICE');
    case 'getservbyport':
    case 'gethostbyaddr':
      return fail('UNSUPPORTED');
  }
};

const accepting = ({ sockets }: Owned, socket: Stream, name: () => string): Attempted =>
  socket.state !== 'listen'
    ? fail('EINVAL')
    : blocking(() => {
        const served = socket.queue.shift();
        if (!served) return null;
        const made = name();
        sockets.set(made, served);
        return { kind: 'made', name: made, local: served.local!, peer: served.peer! };
      });

const addressOf = (address: Endpoint | null): Attempted =>
  address ? now({ kind: 'endpoint', endpoint: address }) : fail('ENOTCONN');

const wildcardOf = ({ family }: SimulatedSocket): Endpoint =>
  inet(family === 'AF_INET' ? '0.0.0.0' : '::', 0);

/** The kernel's socket goes, or with its last call inside. */
const end = ({ network, inside, ending }: Owned, socket: SimulatedSocket, reset: boolean) => {
  if (!reset && (inside.get(socket) ?? 0) > 0) ending.add(socket);
  else if (socket.kind === 'stream') closeStream(network, socket, reset);
  else unbind(network, socket);
};

/** A call in flight holds its socket. Answers how it gives it back. */
const enter = (owned: Owned, socket: SimulatedSocket | undefined): (() => void) => {
  if (!socket) return () => {};
  owned.inside.set(socket, (owned.inside.get(socket) ?? 0) + 1);
  return () => {
    owned.inside.set(socket, owned.inside.get(socket)! - 1);
    if (owned.inside.get(socket) === 0 && owned.ending.delete(socket)) end(owned, socket, false);
  };
};

const hasFiles = ({ files }: Owned, name: string): boolean =>
  [...files.values()].some(file => file.socket === name);

/** As in CPython close is put off while a file object is open. */
const closing = (owned: Owned, call: Call, socket: SimulatedSocket): Attempted => {
  const reset = hasIn(call, 'ends', 'connection');
  if (!reset && hasFiles(owned, call.on)) {
    owned.closing.add(call.on);
    return now(ok);
  }
  owned.sockets.delete(call.on);
  owned.closing.delete(call.on);
  for (const [name, file] of owned.files) if (file.socket === call.on) owned.files.delete(name);
  end(owned, socket, reset);
  return now(ok);
};

/** What streams and datagram sockets have in common. */
const onSocket = (
  owned: Owned,
  attempt: Attempt,
  call: CallOn<'socket'>,
  socket: SimulatedSocket,
): Attempted => {
  switch (call.name) {
    case 'bind': {
      const error = bind(owned.network, socket, call.address);
      return error ? fail(error) : now({ kind: 'none', local: socket.local! });
    }
    case 'getsockname':
      return addressOf(socket.local ?? wildcardOf(socket));
    case 'getpeername':
      return addressOf(socket.kind === 'stream' && socket.state !== 'connected' ? null : socket.peer);
    case 'setsockopt':
      return now(ok);
    case 'getsockopt':
      return now({ kind: 'number', number: 0 });
    case 'close':
    case 'reset':
      return closing(owned, call, socket);
    case 'settimeout':
    case 'gettimeout':
      return fail('EOPNOTSUPP');
    default:
      return socket.kind === 'stream'
        ? onStream(owned, attempt, call, socket)
        : onDatagrams(owned, call, socket);
  }
};

type Common = 'bind' | 'getsockname' | 'getpeername' | 'setsockopt' | 'getsockopt' | 'close' | 'reset';
type OwnCall = Exclude<CallOn<'socket'>, { name: Common | 'settimeout' | 'gettimeout' }>;

const onStream = (owned: Owned, { timeout, name }: Attempt, call: OwnCall, socket: Stream): Attempted => {
  const { network } = owned;
  switch (call.name) {
    case 'listen': {
      if (!socket.local) bind(network, socket, wildcardOf(socket));
      const error = listen(socket, call.backlog);
      return error ? fail(error) : now({ kind: 'none', local: socket.local! });
    }
    case 'accept':
      return accepting(owned, socket, name);
    case 'connect':
      return connecting(network, socket, call.address);
    case 'send':
    case 'sendall':
      return sending(network, socket, call, timeout);
    case 'recv':
      return receiving(network, socket, call, timeout);
    case 'shutdown':
      return call.how === 'SHUT_RD' ? now(ok) : result(shutdownWrite(network, socket));
    case 'makefile': {
      const made = name();
      owned.files.set(made, newFile(call.on, socket));
      return now({ kind: 'made', name: made });
    }
    case 'wrap':
      return fail('UNSUPPORTED');
    case 'sendto':
    case 'recvfrom':
      return fail('EOPNOTSUPP');
  }
};

const onDatagrams = (
  { network }: Owned,
  call: OwnCall,
  socket: Exclude<SimulatedSocket, Stream>,
): Attempted => {
  switch (call.name) {
    case 'connect':
      connectDatagrams(network, socket, call.address);
      return now({ kind: 'none', local: socket.local!, peer: call.address });
    case 'send':
    case 'sendall':
    case 'sendto':
      return now(sendingDatagram(network, socket, call));
    case 'recv':
    case 'recvfrom':
      return receivingDatagram(socket, call);
    case 'listen':
    case 'accept':
    case 'wrap':
    case 'shutdown':
    case 'makefile':
      return fail('EOPNOTSUPP');
  }
};

const onFile = (owned: Owned, call: CallOn<'file'>, file: SimulatedFile): Attempted => {
  const { network, files } = owned;
  switch (call.name) {
    case 'read':
      return blocking(() => readFile(network, file, call));
    case 'readline':
      return blocking(() => readLine(network, file));
    case 'write':
      file.unflushed.push(slice(call.data, 0, byteLength(call.data)).slice());
      return now({ kind: 'count', count: byteLength(call.data) });
    case 'flush': {
      let taken = 0;
      const step = () => flushFile(network, file, bytes => (taken += bytes));
      return { step, taken: () => taken, undo: () => {} };
    }
    case 'close':
      files.delete(call.on);
      if (!owned.closing.has(file.socket) || hasFiles(owned, file.socket)) return now(ok);
      return closing(owned, { name: 'close', on: file.socket }, file.stream);
  }
};

const attempted = (owned: Owned, attempt: Attempt): Attempted => {
  const { call } = attempt;
  if (call.on === '') return isCallOn(call, 'module') ? onModule(owned, attempt, call) : fail('UNSUPPORTED');
  const file = owned.files.get(call.on);
  if (file) return isCallOn(call, 'file') ? onFile(owned, call, file) : fail('EOPNOTSUPP');
  const socket = owned.sockets.get(call.on);
  if (!socket) return fail('EBADF');
  return isCallOn(call, 'socket') ? onSocket(owned, attempt, call, socket) : fail('EOPNOTSUPP');
};

const isNonBlocking = ({ call, timeout }: Attempt): boolean =>
  timeout === 0 || ('flags' in call && (call.flags?.includes('MSG_DONTWAIT') ?? false));

/** On a lazy machine: calls that could block, and look-ups. */
const takesTime = ({ call, timeout }: Attempt): boolean =>
  (timeout !== 0 && calls[call.name].lane !== 'none') || calls[call.name].asks === 'resolver';

/**
 * A driver on a simulated machine. A call that can end ends at once; one that cannot waits until the machine
 * settles. Several drivers on one machine are foreign to each other.
 */
export const createSimulatedDriver = (machine: Machine, owned: Owned): Driver => ({
  start: (attempt, report): Running | null => {
    const call = attempted(owned, attempt);
    const outcome = machine.lazy && takesTime(attempt) ? null : call.step();
    if (outcome) {
      report(outcome);
      return null;
    }
    if (isNonBlocking(attempt)) {
      call.undo();
      report(failure(hasIn(attempt.call, 'waits', 'handshake') ? 'EINPROGRESS' : 'EAGAIN'));
      return null;
    }
    const { on } = attempt.call;
    const leave = enter(owned, owned.files.get(on)?.stream ?? owned.sockets.get(on));
    const told = (result: Outcome) => {
      report(result);
      leave();
    };
    const forget = machine.wait({ step: call.step, taken: call.taken, report: told });
    const stop: Running['stop'] = reason => {
      forget();
      const taken = call.taken();
      call.undo();
      const file = owned.files.get(on);
      if (file && reason === 'deadline') file.timedOut = true;
      leave();
      return taken;
    };
    return { stop, taken: call.taken };
  },
  dispose: async () => {
    for (const socket of owned.sockets.values()) {
      if (socket.kind === 'stream') closeStream(owned.network, socket, false);
      else unbind(owned.network, socket);
    }
    owned.sockets.clear();
  },
});
