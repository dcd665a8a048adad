import { type CallOf, dataOf } from '../../core/calls/call.ts';
import type { CallSpec, WaitsFor } from '../../core/calls/call-spec.ts';
import { type CallOn, type CallWith, calls, hasIn, isCallOn } from '../../core/calls/calls.ts';
import type { Attempt, Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { intObjection, receiveObjection, timeoutObjection } from '../../core/language/python-numbers.ts';
import { t } from '../../core/words/translate.ts';
import { makefile } from '../files/makefile.ts';
import { allocatable } from '../native/allocatable.ts';
import { answer, type Report } from './report.ts';
import { getOption, setOption } from './socket-options.ts';
import type { Row, SocketTable } from './socket-table.ts';
import type { Wanted } from './tcp-reading.ts';
import type { TcpSocket } from './tcp-socket.ts';
import type { UdpSocket } from './udp-socket.ts';
import { receiveUrgent, sendUrgent } from './urgent.ts';

const noFlags: readonly never[] = [];

const wanted = (call: CallOf<'recv'> | CallOf<'recvfrom'>, timeout: number | null): Wanted => ({
  size: call.size,
  flags: call.flags ?? noFlags,
  timeout,
});

type SocketCall = CallOn<'socket'>;

/** Calls that may take their time: what waits for the other end, and a shutdown, which lets a stream's bytes go first. */
type SlowCall = Extract<SocketCall, CallWith<'waits', WaitsFor> | CallWith<'ends', 'direction'>>;

const isSlow = (_: SocketCall, { waits, ends }: CallSpec): _ is SlowCall =>
  waits !== null || ends === 'direction';

/** What CPython's SSLSocket refuses, without a system call; null where it does not. */
const wrappedObjection = (call: SlowCall): Failure | null => {
  const { name } = call;
  if (name === 'recvfrom' || name === 'sendto')
    return failure('VALUE', `${name} not allowed on instances of <class 'ssl.SSLSocket'>`);
  const flags = 'flags' in call ? (call.flags ?? noFlags) : noFlags;
  return flags.length > 0
    ? failure('VALUE', `non-zero flags not allowed in calls to ${name}() on <class 'ssl.SSLSocket'>`)
    : null;
};

const slowTcp = (socket: TcpSocket, call: SlowCall, attempt: Attempt, report: Report): Running | null => {
  const { timeout } = attempt;
  const refused = socket.isWrapped() ? wrappedObjection(call) : null;
  if (refused) return answer(report, refused);
  switch (call.name) {
    case 'recv':
    case 'recvfrom':
      return call.flags?.includes('MSG_OOB')
        ? answer(report, receiveUrgent(socket, call.size))
        : socket.recv(wanted(call, timeout), report);
    case 'send':
      return call.flags?.includes('MSG_OOB')
        ? answer(report, sendUrgent(socket, call.data))
        : socket.send({ data: call.data, all: false, timeout }, report);
    case 'sendto':
      if (socket.family === 'AF_UNIX')
        return answer(report, failure(socket.addresses().peer ? 'EISCONN' : 'EOPNOTSUPP'));
      // On a stream of TCP the address is ignored, as Linux does.
      return socket.send({ data: call.data, all: false, timeout }, report);
    case 'sendall':
      return socket.send({ data: call.data, all: true, timeout }, report);
    case 'accept':
      return socket.accept(attempt, report);
    case 'connect':
      return socket.connect(call.address, timeout, report);
    case 'wrap':
      return socket.wrap(call, timeout, report);
    case 'shutdown':
      return socket.shutdown(call.how, report);
  }
};

const slowUdp = (socket: UdpSocket, call: SlowCall, { timeout }: Attempt, report: Report): Running | null => {
  switch (call.name) {
    case 'recv':
    case 'recvfrom':
      return socket.recv(wanted(call, timeout), hasIn(call, 'returns', 'datagram'), report);
    case 'send':
      // IPv6 sends an ordinary datagram then (net/ipv6/udp.c).
      return call.flags?.includes('MSG_OOB') && socket.family !== 'AF_INET6'
        ? answer(report, failure('EOPNOTSUPP'))
        : socket.send(null, { data: call.data, all: false, timeout }, report);
    case 'sendall':
      return socket.send(null, { data: call.data, all: true, timeout }, report);
    case 'sendto':
      return socket.send(call.address, { data: call.data, all: false, timeout }, report);
    case 'accept':
      return answer(report, failure('EOPNOTSUPP'));
    case 'connect':
      return answer(report, socket.connect(call.address));
    case 'wrap':
      return answer(report, failure('NOT_IMPLEMENTED', 'only stream sockets are supported'));
    case 'shutdown':
      return answer(report, socket.shutdown(call.how));
  }
};

/** What CPython raises for a number before it makes the call; null where it makes it. */
const numberObjection = (call: SocketCall, { sets, moves }: CallSpec): Failure | null => {
  if (sets !== null && hasIn(call, 'sets', 'backlog')) return intObjection(call.backlog);
  if (sets !== null && hasIn(call, 'sets', 'timeout')) return timeoutObjection(call.timeout);
  if (moves !== 'in') return null;
  const { name, size } = call as Extract<SocketCall, CallWith<'moves', 'in'>>;
  // The usual sizes are not worth a second look.
  const usual = size > 0 && size < 2 ** 30 && Number.isInteger(size);
  return usual ? null : receiveObjection(name, size, allocatable());
};

/** Calls that answer at once. */
const immediate = (
  table: SocketTable,
  row: Row,
  call: Exclude<SocketCall, SlowCall>,
  name: () => string,
): Outcome => {
  const { socket } = row;
  switch (call.name) {
    case 'bind':
      return socket.bind(call.address);
    case 'listen':
      return socket.type === 'SOCK_STREAM' ? socket.listen(call.backlog) : failure('EOPNOTSUPP');
    case 'getsockname':
      return socket.getsockname();
    case 'getpeername':
      return socket.getpeername();
    case 'setsockopt':
      return setOption(socket, call.level, call.option, call.value);
    case 'getsockopt':
      return getOption(socket, call.level, call.option);
    case 'makefile':
      return makefile(table, row, call, name);
    case 'close':
    case 'reset':
      table.close(row, call.name);
      return ok;
    case 'settimeout':
      return ok;
    case 'gettimeout':
      return { kind: 'number', number: null };
  }
};

/** A call on a socket of the table. */
export const socketCall = (
  table: SocketTable,
  row: Row,
  attempt: Attempt,
  report: Report,
): Running | null => {
  const { socket } = row;
  const { call } = attempt;
  if (dataOf(call)?.kind === 'dropped') {
    report(failure('VALUE', 'these bytes are no longer kept'));
    return null;
  }
  const spec = calls[call.name];
  if (!isCallOn(call, 'socket', spec))
    return answer(report, failure('UNSUPPORTED', t`a socket has no ${call.name}`));
  const refused = numberObjection(call, spec);
  if (refused) return answer(report, refused);
  if (!isSlow(call, spec)) return answer(report, immediate(table, row, call, attempt.name));
  return socket.type === 'SOCK_STREAM'
    ? slowTcp(socket, call, attempt, report)
    : slowUdp(socket, call, attempt, report);
};
