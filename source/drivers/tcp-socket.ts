import type { ShutdownHow } from '../core/call.ts';
import type { Attempt, Running } from '../core/driver.ts';
import type { Endpoint, Family } from '../core/names.ts';
import { failure, type Outcome, ok } from '../core/outcome.ts';
import type { Ends, Status, TcpEnd } from './ends.ts';
import { anyAddress, literalFor, wildcard } from './literal.ts';
import { bindEnd, openEnd } from './native-open.ts';
import type { ReceiveMemory } from './receive-memory.ts';
import { failureOf } from './status.ts';
import { afterConnect, awaitConnect, createTcpConnecting, type TcpConnecting } from './tcp-connecting.ts';
import { createTcpListener, type TcpListener } from './tcp-listener.ts';
import type { Report, Wanted } from './tcp-reading.ts';
import { createTcpStream, type TcpStream } from './tcp-stream.ts';
import type { Outgoing } from './tcp-writing.ts';
import type { Twins } from './twins.ts';

export type TcpSocketHost = {
  readonly ends: () => Ends;
  readonly memory: ReceiveMemory;
  readonly twins: Twins;
  /** Makes a socket of an accepted end. */
  readonly adopt: (end: TcpEnd, family: Family, name: string) => TcpSocket;
  readonly late: (bytes: number) => void;
};

/** A SOCK_STREAM socket: every call that is made on one, answered as Linux and CPython answer it. */
export type TcpSocket = {
  readonly type: 'SOCK_STREAM';
  readonly family: Family;
  /** As set by setsockopt, by the option's name: they outlive an end that could not be bound. */
  readonly options: Map<string, number | string>;
  readonly bound: () => boolean;
  readonly end: () => TcpEnd | null;
  readonly listening: () => boolean;
  /** Both addresses of a connection, as they were when it was made. */
  readonly addresses: () => Addresses;
  readonly bind: (address: Endpoint) => Outcome;
  readonly listen: (backlog: number) => Outcome;
  readonly accept: (attempt: Attempt, report: Report) => Running | null;
  readonly connect: (address: Endpoint, timeout: number | null, report: Report) => Running | null;
  readonly recv: (wanted: Wanted, report: Report) => Running | null;
  readonly send: (outgoing: Outgoing, report: Report) => Running | null;
  readonly shutdown: (how: ShutdownHow, report: Report) => Running | null;
  readonly getsockname: () => Outcome;
  readonly getpeername: () => Outcome;
  readonly close: (how: 'close' | 'reset', done?: () => void) => void;
};

/** undefined where the kernel would not tell: the peer had reset the connection before it was accepted. */
export type Addresses = { readonly local?: Endpoint; readonly peer?: Endpoint };

type Phase = 'fresh' | 'listening' | 'connecting' | 'connected';

const answer = (report: Report, outcome: Outcome): null => {
  report(outcome);
  return null;
};

/**
 * libuv makes its shutdown(2) in the loop's next turn, and only when nothing is left to write. The call ends when the
 * FIN is out, as in CPython, so that the peer's next call finds it; it does not wait for room in the buffers.
 */
const shutDown = (end: TcpEnd, report: Report): Running | null => {
  let over = false;
  const tell = (outcome: Outcome) => {
    if (!over) report(outcome);
    over = true;
  };
  const status = end.shutdown(result => tell(result < 0 ? failureOf(result) : ok));
  if (status < 0) tell(failureOf(status));
  else if (end.pending() > 0) tell(ok);
  if (over) return null;
  const stop = () => {
    over = true;
    return 0;
  };
  return { stop, taken: () => 0 };
};

export const createTcpSocket = (host: TcpSocketHost, family: Family, accepted?: TcpEnd): TcpSocket => {
  const options = new Map<string, number | string>();
  let phase: Phase = 'fresh';
  let end: TcpEnd | null = null;
  let bound = false;
  let listener: TcpListener | null = null;
  let connecting: TcpConnecting | null = null;
  let stream: TcpStream | null = null;
  let addresses: Addresses = {};
  let shutWrite = false;
  /** How a handshake ended that no call waited for: 0 until a connect hears of it, or an error for the next call. */
  let unheard: Status | undefined;
  /** A recv or send has had the handshake's error: recv is EOF and the next connect ECONNABORTED, as in Linux. */
  let aborted = false;
  /** Where a listener was bound that SHUT_RD has ended; listen may begin again there. */
  let stoppedAt: Endpoint | null = null;

  const made = (): TcpEnd => {
    end ??= host.ends().tcp(family);
    return end;
  };

  const applyOptions = () => {
    if (options.get('TCP_NODELAY')) end?.setNoDelay(true);
    if (options.get('SO_KEEPALIVE')) end?.setKeepAlive(true);
  };

  const establish = (live: TcpEnd) => {
    end = live;
    phase = 'connected';
    bound = true;
    addresses = { local: live.local() ?? undefined, peer: live.peer() ?? undefined };
    stream = createTcpStream(host, live, addresses);
  };

  const tryBind = (address: string, port: number): Status => {
    const status = bindEnd(made(), family, options, address, port);
    if (status === 0) {
      bound = true;
      applyOptions();
      return 0;
    }
    // libuv remembers a failed bind: the next one needs a socket that has not failed.
    end?.close();
    end = null;
    return status;
  };

  const local = (): Endpoint => end?.local() ?? stoppedAt ?? anyAddress(family);

  const connected = (): Outcome => ({ kind: 'none', ...addresses });

  const takeUnheardError = (): Status => {
    const status = unheard ?? 0;
    if (status < 0) unheard = undefined;
    return Math.min(status, 0);
  };

  const ended = (status: Status) => {
    const handshake = connecting;
    connecting = null;
    if (status === 0 && end) establish(end);
    else phase = 'fresh';
    applyOptions();
    if (!handshake?.ended(status)) unheard = status;
  };

  const again = (timeout: number | null, report: Report): Running | null => {
    if (unheard === 0) {
      unheard = undefined;
      return answer(report, connected());
    }
    if (phase === 'connected' || phase === 'listening') return answer(report, failure('EISCONN'));
    if (timeout !== null || !connecting) return answer(report, failure('EALREADY'));
    return awaitConnect(connecting, connected, report);
  };

  const stopListening = () => {
    stoppedAt = local();
    listener?.end('EINVAL');
    listener = null;
    end?.close();
    end = null;
    phase = 'fresh';
  };

  if (accepted) establish(accepted);

  return {
    type: 'SOCK_STREAM',
    family,
    options,
    bound: () => bound,
    end: () => end,
    listening: () => phase === 'listening',
    addresses: () => addresses,

    bind: address => {
      if (bound) return failure('EINVAL');
      const literal = literalFor(family, address, 'bind');
      if ('kind' in literal) return literal;
      const status = tryBind(literal.host, literal.port);
      return status === 0
        ? { kind: 'none', local: local() }
        : failureOf(status, `${literal.host} port ${literal.port}`);
    },

    listen: backlog => {
      if (phase === 'connecting' || phase === 'connected') return failure('EINVAL');
      if (stoppedAt || !bound) {
        const at = stoppedAt ?? { host: wildcard(family), port: 0 };
        const status = tryBind(at.host, Number(at.port));
        if (status !== 0) return failureOf(status);
        stoppedAt = null;
      }
      const status = made().listen(Math.max(0, backlog));
      if (status !== 0) return failureOf(status);
      phase = 'listening';
      listener ??= createTcpListener(made(), (taken, name) => host.adopt(taken, family, name).addresses());
      return { kind: 'none', local: local() };
    },

    accept: (attempt, report) =>
      listener ? listener.accept(attempt, report) : answer(report, failure('EINVAL')),

    connect: (address, timeout, report) => {
      const literal = literalFor(family, address, 'connect');
      if ('kind' in literal) return answer(report, literal);
      const error = takeUnheardError();
      if (error < 0) return answer(report, failureOf(error));
      if (aborted) {
        aborted = false;
        return answer(report, failure('ECONNABORTED'));
      }
      if (phase !== 'fresh' || unheard === 0) return again(timeout, report);
      connecting = createTcpConnecting();
      phase = 'connecting';
      const opened = openEnd(made(), family, options);
      const status = opened < 0 ? opened : made().connect(literal.host, literal.port, ended);
      if (status < 0) {
        phase = 'fresh';
        connecting = null;
        return answer(report, failureOf(status, `${literal.host} port ${literal.port}`));
      }
      applyOptions();
      // CPython's socket is non-blocking inside; with 0 s it does not even look again.
      if (timeout === 0) return answer(report, failure('EINPROGRESS'));
      return awaitConnect(connecting, connected, report);
    },

    recv: (wanted, report) => {
      if (stream) return stream.reader().recv(wanted, report);
      const error = takeUnheardError();
      if (wanted.size === 0) return answer(report, { kind: 'data', data: new Uint8Array(0) });
      if (error < 0) {
        aborted = true;
        return answer(report, failureOf(error));
      }
      if (aborted) return answer(report, { kind: 'data', data: new Uint8Array(0) });
      if (!connecting) return answer(report, failure('ENOTCONN'));
      if (wanted.timeout === 0) return answer(report, failure('EAGAIN'));
      return afterConnect(connecting, () => stream!.reader().recv(wanted, report), report);
    },

    send: (outgoing, report) => {
      if (stream) return stream.writer().send(outgoing, report);
      const error = takeUnheardError();
      if (error < 0) {
        aborted = true;
        return answer(report, failureOf(error));
      }
      if (!connecting) return answer(report, failure('EPIPE'));
      if (outgoing.timeout === 0) return answer(report, failure('EAGAIN'));
      return afterConnect(connecting, () => stream!.writer().send(outgoing, report), report);
    },

    shutdown: (how, report) => {
      if (phase === 'listening') {
        if (how !== 'SHUT_WR') stopListening();
        return answer(report, ok);
      }
      if (!end || phase !== 'connected' || !end.peer()) return answer(report, failure('ENOTCONN'));
      if (how !== 'SHUT_WR') stream?.reader().shut();
      if (how === 'SHUT_RD' || shutWrite) return answer(report, ok);
      shutWrite = true;
      stream?.writer().shut();
      return shutDown(end, report);
    },

    getsockname: () => ({ kind: 'endpoint', endpoint: local() }),

    getpeername: () => {
      const peer = phase === 'connected' ? end?.peer() : null;
      return peer ? { kind: 'endpoint', endpoint: peer } : failure('ENOTCONN');
    },

    close: (how, done) => {
      const live = end;
      end = null;
      connecting = null;
      listener?.end('CLOSED');
      if (!live) done?.();
      else if (how === 'reset' && phase === 'connected') live.reset(done);
      else live.close(done);
      stream?.dispose();
    },
  };
};
