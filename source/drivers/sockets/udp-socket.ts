import { constants } from 'node:os';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, inet, portAt, unix } from '../../core/addresses/endpoint.ts';
import { sameEndpoint } from '../../core/addresses/twins.ts';
import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { nativeSockets } from '../native/native-socket.ts';
import {
  anyAddress,
  anyLiteral,
  isInetLiteral,
  type Literal,
  literalFor,
  literalWords,
} from '../system/literal.ts';
import { failureOfBind } from './bind-failure.ts';
import { createDatagramReading, type DatagramReading } from './datagram-reading.ts';
import type { Status, UdpEnd } from './ends.ts';
import { answer, type Report } from './report.ts';
import { cancelled, failureOf } from './status.ts';
import type { UdpSocket, UdpSocketHost } from './udp-host.ts';

/** Largest payload of a UDP datagram: 65,535 less 8 bytes of UDP header, and of IPv4's 20, which its length counts. */
const largest: Readonly<Record<Family, number>> = {
  AF_INET: 65_507,
  AF_INET6: 65_527,
  // Its send buffer is the limit (unix(7)): as much as a person may set that to.
  AF_UNIX: 1 << 26,
};

export const createUdpSocket = (
  { make, memory, late }: UdpSocketHost,
  family: Family,
  first: UdpEnd,
): UdpSocket => {
  const options = new Map<string, number | string>();
  const bindFlags = () => ({
    reuseAddr: Boolean(options.get('SO_REUSEADDR')),
    v6only: Boolean(options.get('IPV6_V6ONLY')),
  });
  let end: UdpEnd | null = first;
  let bound = false;
  let connected = false;
  let shutWrite = false;
  let reading: DatagramReading | null = null;
  /** Datagrams that libuv keeps until there is room: what is sent past it would overtake them. */
  let queued = 0;
  const afterQueue: (() => void)[] = [];
  /** Set once the descriptor is closed while calls are inside. */
  let leave: (() => void) | null = null;
  const pending: ((end: UdpEnd) => void)[] = [];

  const made = (): UdpEnd => {
    end ??= make();
    return end;
  };

  const bindTo = (at: Literal): Status => {
    const status = made().bind(at, bindFlags());
    if (status === 0) {
      bound = true;
      for (const apply of pending.splice(0)) apply(made());
      reading?.resume();
      return 0;
    }
    if (bound || made().native) return status;
    end?.close();
    end = null;
    return status;
  };

  const there = (): boolean => bound || made().native;

  /** The kernel binds a socket that sends or connects before bind; libuv would too, but without options. */
  const ensureBound = (): Status => (there() ? 0 : bindTo(anyLiteral(family)));

  /** What ensureBound tells the kernel that nobody asked for. */
  const noteOfUnbound = (): { note?: string } =>
    there() ? {} : { note: `Node bound it to ${formatEndpoint(anyAddress(family))} first` };

  const local = (): Endpoint => (there() ? made().local() : null) ?? anyAddress(family);

  const receiver = (): DatagramReading => {
    reading ??= createDatagramReading(() => (there() ? made() : null), memory);
    return reading;
  };

  /** libuv connects once; before the next time the peer must go, and with it goes a port that nobody asked for. */
  const disconnect = () => {
    if (made().native) return;
    const before = local();
    made().disconnect();
    connected = false;
    if (portAt(local()) === 0) made().bind({ ...anyLiteral(family), port: portAt(before) ?? 0 }, bindFlags());
  };

  /** null: to the peer. */
  const target = (to: Endpoint | null): Literal | null | Failure => {
    // The kernel binds a socket before it finds that it has no peer.
    if (!to) return connected || made().native ? null : failure('EDESTADDRREQ');
    const literal = literalFor(family, to, 'sendto');
    if ('kind' in literal) return literal;
    const peer = connected && !made().native ? made().peer() : null;
    return peer && sameEndpoint(endpointOf(literal), peer) ? null : literal;
  };

  /** Linux sends from a connected socket to any address (udp(7)); libuv refuses that with EISCONN. */
  const sendPastPeer = (data: Uint8Array, to: Literal, finish: (count: number) => Outcome): Outcome => {
    const native = nativeSockets();
    const why = 'libuv sends from a connected socket to its peer only; Linux would send this';
    if (typeof native === 'string') return failure('UNSUPPORTED', `${why}: ${native}`);
    if (made().fd() < 0) return failure('UNSUPPORTED', why);
    const status = native.sendTo(made().fd(), family, data, to);
    return status < 0 ? failureOf(status) : finish(status);
  };

  /** Where no address was named it is the socket at the other end that is gone. */
  const sendFailure = (status: Status, to: Literal | null): Failure => {
    const refused = status === -constants.errno.ECONNREFUSED && family === 'AF_UNIX' && !to;
    return refused ? { ...failureOf(status), there: 'nobody' } : failureOf(status);
  };

  const endOf = (status: Status) => (status === cancelled ? failure('CLOSED') : failureOf(status));

  const send = (
    data: Uint8Array,
    to: Literal | null,
    noWait: boolean,
    finish: (count: number) => Outcome,
    report: Report,
  ) => {
    let over = false;
    const landed = (ended: Status) => {
      queued--;
      if (!over) report(ended < 0 ? endOf(ended) : finish(data.length));
      else if (ended >= 0) late(data.length);
      if (queued > 0) return;
      for (const next of afterQueue.splice(0)) next();
      leave?.();
    };
    const end = made();
    const status = end.send(data, to, landed);
    if (status !== 'later') return answer(report, status < 0 ? sendFailure(status, to) : finish(status));
    queued++;
    const stop = () => {
      over = true;
      if (end.withdraw(landed)) landed(cancelled);
      return 0;
    };
    if (!noWait || family !== 'AF_UNIX') return { stop, taken: () => 0 };
    stop();
    return answer(report, failure('EAGAIN'));
  };

  /** Once libuv has sent all that it kept; at once where it keeps none. */
  const whenQueueIsEmpty = (report: Report, outcome: () => Outcome): Running | null => {
    if (queued === 0) return answer(report, outcome());
    let over = false;
    afterQueue.push(() => {
      if (!over) report(outcome());
    });
    const stop = () => {
      over = true;
      return 0;
    };
    return { stop, taken: () => 0 };
  };

  const close = (done?: () => void) => {
    const live = end;
    end = null;
    leave = null;
    afterQueue.length = 0;
    reading?.dispose();
    if (live) live.close(done);
    else done?.();
  };

  return {
    type: 'SOCK_DGRAM',
    family,
    options,
    bound: () => bound,
    there,
    end: made,
    onceBound: apply => {
      if (there()) apply(made());
      else pending.push(apply);
    },

    tryOut: apply => {
      const scratch = make();
      const status = scratch.bind(anyLiteral(family), { v6only: false, reuseAddr: false });
      const answer = status < 0 ? status : apply(scratch);
      scratch.close();
      return answer;
    },

    bind: address => {
      if (bound && !made().native) return failure('EINVAL');
      const literal = literalFor(family, address, 'bind');
      if ('kind' in literal) return literal;
      const status = bindTo(literal);
      if (status === 0) return { kind: 'none', local: local() };
      return isInetLiteral(literal)
        ? failureOf(status, literalWords(literal))
        : failureOfBind(status, literal);
    },

    connect: address => {
      const literal = literalFor(family, address, 'connect');
      if ('kind' in literal) return literal;
      const note = noteOfUnbound();
      const unbound = ensureBound();
      if (unbound < 0) return failureOf(unbound);
      if (connected) disconnect();
      const status = made().connect(literal);
      if (status < 0) return failureOf(status);
      connected = true;
      bound = true;
      return { kind: 'none', local: local(), peer: made().peer() ?? undefined, ...note };
    },

    recv: (wanted, from, report) => {
      // CPython's recv(0) makes no system call; its recvfrom(0) takes a datagram and cuts all of it off.
      return from || wanted.size > 0
        ? receiver().recv(wanted, from, report)
        : answer(report, { kind: 'data', data: new Uint8Array(0) });
    },

    send: (to, { data, all, timeout }, report) => {
      const fresh = !bound;
      const note = noteOfUnbound();
      const status = ensureBound();
      const where = shutWrite ? failure('EPIPE') : target(to);
      if (status < 0) return answer(report, failureOf(status));
      if (where && 'kind' in where) return answer(report, where);
      const finish = (count: number): Outcome => {
        bound = true;
        if (all) return { ...ok, ...note };
        // A Unix socket may send without a name, and stays so.
        const named = fresh && family !== 'AF_UNIX';
        return named ? { kind: 'count', count, local: local(), ...note } : { kind: 'count', count };
      };
      const bytes = datagram(data, largest[family]);
      if (connected && where && !made().native) {
        return whenQueueIsEmpty(report, () => sendPastPeer(bytes, where, finish));
      }
      return send(bytes, where, timeout === 0, finish, report);
    },

    shutdown: how => {
      const own = made().shutdown;
      // Linux marks the socket although it answers ENOTCONN (inet_shutdown).
      if (how !== 'SHUT_RD') shutWrite = true;
      if (how !== 'SHUT_WR') receiver().shut();
      if (!own) return connected ? ok : failure('ENOTCONN');
      const status = own(how);
      return status < 0 ? failureOf(status) : ok;
    },

    getsockname: () => ({ kind: 'endpoint', endpoint: local() }),

    getpeername: () => {
      const peer = connected ? made().peer() : null;
      return peer ? { kind: 'endpoint', endpoint: peer } : failure('ENOTCONN');
    },

    letGo: gone => {
      leave = () => {
        if (queued > 0 || reading?.inside()) return;
        close();
        gone();
      };
      reading?.letGo(leave);
      leave();
    },

    close,
  };
};

/** One datagram's bytes; of a payload that can only be refused (EMSGSIZE) no more than the refusal needs. */
const endpointOf = (literal: Literal): Endpoint =>
  isInetLiteral(literal) ? inet(literal.host, literal.port) : unix(literal.path);

const datagram = (data: Bytes, most: number): Uint8Array =>
  byteLength(data) > most ? Buffer.alloc(most + 1) : materialise(data);
