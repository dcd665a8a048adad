import type { Call, CallOf } from '../core/call.ts';
import type { Attempt, Running } from '../core/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../core/outcome.ts';
import { intObjection, receiveObjection, timeoutObjection } from '../core/python-numbers.ts';
import { allocatable } from './allocatable.ts';
import { makefile } from './makefile.ts';
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

/** Calls that take their time; undefined where the call is none of them. */
const blockingTcp = (socket: TcpSocket, attempt: Attempt, report: Report): Running | null | undefined => {
  const { call, timeout } = attempt;
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
      // On a stream the address is ignored, as Linux does.
      return socket.send({ data: call.data, all: false, timeout }, report);
    case 'sendall':
      return socket.send({ data: call.data, all: true, timeout }, report);
    case 'accept':
      return socket.accept(attempt, report);
    case 'connect':
      return socket.connect(call.address, timeout, report);
    case 'shutdown':
      return socket.shutdown(call.how, report);
    default:
      return undefined;
  }
};

const blockingUdp = (socket: UdpSocket, attempt: Attempt, report: Report): Running | null | undefined => {
  const { call, timeout } = attempt;
  switch (call.name) {
    case 'recv':
    case 'recvfrom':
      return socket.recv(wanted(call, timeout), call.name === 'recvfrom', report);
    case 'send':
      // IPv6 sends an ordinary datagram then (net/ipv6/udp.c).
      return call.flags?.includes('MSG_OOB') && socket.family === 'AF_INET'
        ? answer(report, failure('EOPNOTSUPP'))
        : socket.send(call.data, null, false, report);
    case 'sendall':
      return socket.send(call.data, null, true, report);
    case 'sendto':
      return socket.send(call.data, call.address, false, report);
    default:
      return undefined;
  }
};

/** What CPython raises for a number before it makes the call; null where it makes it. */
const numberObjection = (call: Call): Failure | null => {
  switch (call.name) {
    case 'recv':
    case 'recvfrom':
      // The usual sizes are not worth a second look.
      return call.size > 0 && call.size < 2 ** 30 && Number.isInteger(call.size)
        ? null
        : receiveObjection(call.name, call.size, allocatable());
    case 'listen':
      return intObjection(call.backlog);
    case 'settimeout':
      return timeoutObjection(call.timeout);
    default:
      return null;
  }
};

/** Calls that answer at once. */
const immediate = (table: SocketTable, row: Row, call: Call, name: () => string): Outcome => {
  const { socket } = row;
  switch (call.name) {
    case 'bind':
      return socket.bind(call.address);
    case 'listen':
      return socket.type === 'SOCK_STREAM' ? socket.listen(call.backlog) : failure('EOPNOTSUPP');
    case 'accept':
      return failure('EOPNOTSUPP');
    case 'connect':
      return socket.type === 'SOCK_DGRAM' ? socket.connect(call.address) : failure('UNKNOWN');
    case 'shutdown':
      return socket.type === 'SOCK_DGRAM' ? socket.shutdown(call.how) : failure('UNKNOWN');
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
    default:
      return failure('UNSUPPORTED', `a socket has no ${call.name}`);
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
  if ('data' in call && call.data.kind === 'dropped') {
    report(failure('VALUE', 'these bytes are no longer kept'));
    return null;
  }
  const refused = numberObjection(call);
  if (refused) return answer(report, refused);
  const running =
    socket.type === 'SOCK_STREAM'
      ? blockingTcp(socket, attempt, report)
      : blockingUdp(socket, attempt, report);
  if (running !== undefined) return running;
  report(immediate(table, row, call, attempt.name));
  return null;
};
