import { formatEndpoint } from '../core/address.ts';
import { type Bytes, byteLength, materialise } from '../core/bytes.ts';
import type { ShutdownHow } from '../core/call.ts';
import type { Running } from '../core/driver.ts';
import { type Endpoint, inet } from '../core/endpoint.ts';
import type { InetFamily } from '../core/names.ts';
import { type Failure, failure, type Outcome, ok } from '../core/outcome.ts';
import { sameEndpoint } from '../core/twins.ts';
import { createDatagramReading, type DatagramReading } from './datagram-reading.ts';
import type { Ends, Status, UdpEnd } from './ends.ts';
import { anyAddress, type Literal, literalFor, wildcard } from './literal.ts';
import { nativeSockets } from './native-socket.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import { answer, type Report } from './report.ts';
import { cancelled, failureOf } from './status.ts';
import type { Wanted } from './tcp-reading.ts';

/** A SOCK_DGRAM socket: every call that is made on one. */
export type UdpSocket = {
  readonly type: 'SOCK_DGRAM';
  readonly family: InetFamily;
  /** As set by setsockopt, by the option's name. */
  readonly options: Map<string, number | string>;
  readonly bound: () => boolean;
  /** Whether there is the kernel's socket; where Node's library makes it, it comes with bind. */
  readonly there: () => boolean;
  readonly end: () => UdpEnd;
  /** Run with the end once the kernel's socket is there. */
  readonly onceBound: (apply: (end: UdpEnd) => void) => void;
  /** Applies something to a socket made for it alone: what the kernel says of it. */
  readonly tryOut: (apply: (end: UdpEnd) => Status) => Status;
  readonly bind: (address: Endpoint) => Outcome;
  readonly connect: (address: Endpoint) => Outcome;
  readonly recv: (wanted: Wanted, from: boolean, report: Report) => Running | null;
  readonly send: (data: Bytes, to: Endpoint | null, all: boolean, report: Report) => Running | null;
  readonly shutdown: (how: ShutdownHow) => Outcome;
  readonly getsockname: () => Outcome;
  readonly getpeername: () => Outcome;
  /** close(2): the kernel's socket is gone once no call is inside, and then `gone` is called. */
  readonly letGo: (gone: () => void) => void;
  /** Ends what is in flight with CLOSED. */
  readonly close: (done?: () => void) => void;
};

/** Largest payload of a UDP datagram: 65,535 less 8 bytes of UDP header, and of IPv4's 20, which its length counts. */
const largest: Readonly<Record<InetFamily, number>> = { AF_INET: 65_507, AF_INET6: 65_527 };

/** What UDP sockets have in common; `late` hears of a stopped send's datagram that left after its end. */
export type UdpSocketHost = {
  readonly ends: () => Ends;
  readonly memory: ReceiveMemory;
  readonly late: (bytes: number) => void;
};

export const createUdpSocket = (
  { ends, memory, late }: UdpSocketHost,
  family: InetFamily,
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
    end ??= ends().udp(family);
    return end;
  };

  const bindTo = (host: string, port: number): Status => {
    const status = made().bind(host, port, bindFlags());
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
  const ensureBound = (): Status => (there() ? 0 : bindTo(wildcard(family), 0));

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
    if (local().port === 0) made().bind(wildcard(family), Number(before.port), bindFlags());
  };

  /** null: to the peer. */
  const target = (to: Endpoint | null): Literal | null | Failure => {
    // The kernel binds a socket before it finds that it has no peer.
    if (!to) return connected || made().native ? null : failure('EDESTADDRREQ');
    const literal = literalFor(family, to, 'sendto');
    if ('kind' in literal) return literal;
    const peer = connected && !made().native ? made().peer() : null;
    return peer && sameEndpoint(inet(literal.host, literal.port), peer) ? null : literal;
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

  const endOf = (status: Status) => (status === cancelled ? failure('CLOSED') : failureOf(status));

  const send = (data: Uint8Array, to: Literal | null, finish: (count: number) => Outcome, report: Report) => {
    let over = false;
    const status = made().send(data, to, ended => {
      queued--;
      if (!over) report(ended < 0 ? endOf(ended) : finish(data.length));
      else if (ended >= 0) late(data.length);
      if (queued > 0) return;
      for (const next of afterQueue.splice(0)) next();
      leave?.();
    });
    if (status !== 'later') return answer(report, status < 0 ? failureOf(status) : finish(status));
    queued++;
    const stop = () => {
      over = true;
      return 0;
    };
    return { stop, taken: () => 0 };
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
      const scratch = ends().udp(family);
      const status = scratch.bind(wildcard(family), 0, { v6only: false, reuseAddr: false });
      const answer = status < 0 ? status : apply(scratch);
      scratch.close();
      return answer;
    },

    bind: address => {
      if (bound && !made().native) return failure('EINVAL');
      const literal = literalFor(family, address, 'bind');
      if ('kind' in literal) return literal;
      const status = bindTo(literal.host, literal.port);
      return status === 0
        ? { kind: 'none', local: local() }
        : failureOf(status, `${literal.host} port ${literal.port}`);
    },

    connect: address => {
      const literal = literalFor(family, address, 'connect');
      if ('kind' in literal) return literal;
      const note = noteOfUnbound();
      const unbound = ensureBound();
      if (unbound < 0) return failureOf(unbound);
      if (connected) disconnect();
      const status = made().connect(literal.host, literal.port);
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

    send: (data, to, all, report) => {
      const fresh = !bound;
      const note = noteOfUnbound();
      const status = ensureBound();
      const where = shutWrite ? failure('EPIPE') : target(to);
      if (status < 0) return answer(report, failureOf(status));
      if (where && 'kind' in where) return answer(report, where);
      const finish = (count: number): Outcome => {
        bound = true;
        if (all) return { ...ok, ...note };
        return fresh ? { kind: 'count', count, local: local(), ...note } : { kind: 'count', count };
      };
      const bytes = datagram(data, largest[family]);
      if (connected && where && !made().native) {
        return whenQueueIsEmpty(report, () => sendPastPeer(bytes, where, finish));
      }
      return send(bytes, where, finish, report);
    },

    shutdown: how => {
      // Linux marks the socket although it answers ENOTCONN (inet_shutdown).
      if (how !== 'SHUT_RD') shutWrite = true;
      if (how !== 'SHUT_WR') receiver().shut();
      return connected ? ok : failure('ENOTCONN');
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
const datagram = (data: Bytes, most: number): Uint8Array =>
  byteLength(data) > most ? Buffer.alloc(most + 1) : materialise(data);
