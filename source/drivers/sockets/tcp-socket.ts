import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { CallOf, ShutdownHow } from '../../core/calls/call.ts';
import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { anyAddress, anyLiteral, type Literal, literalFor, literalWords } from '../system/literal.ts';
import { wrapListener } from '../tls/tls-wrapping.ts';
import { applyOptions, failureOfBind, noteOfBind } from './binding.ts';
import type { Accepted, Addresses, Status, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import { answer, type Report } from './report.ts';
import type { Outgoing } from './send-in-flight.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { failureOf } from './status.ts';
import { TcpConnection } from './tcp-connection.ts';
import {
  beforeConnection,
  createHandshake,
  type Handshake,
  recvBefore,
  type Unconnected,
  unconnectedTcp,
} from './tcp-handshake.ts';
import { TcpListener } from './tcp-listener.ts';
import type { Wanted } from './tcp-reading.ts';
import { shutDown } from './tcp-stream.ts';

type Phase = 'fresh' | 'listening' | 'connecting' | 'connected' | 'closed';

/**
 * A SOCK_STREAM socket: every call that is made on one, answered as Linux and CPython answer it. A class for the reason
 * that PrivateTcpEnd is one: an accept loop makes them by the thousand.
 */
export class TcpSocket {
  readonly type = 'SOCK_STREAM';
  readonly name: string;
  readonly family: Family;
  private readonly host: TcpSocketHost;
  private ownOptions: Map<string, number | string> | null = null;
  protected phase: Phase = 'fresh';
  private live: TcpEnd | null = null;
  private isBound = false;
  private listener: TcpListener | null = null;
  private handshake: Handshake | null = null;
  private stream: TcpConnection | null = null;
  private between: Addresses = {};
  private shutWrite = false;
  /** libuv sets SO_REUSEADDR in every bind of its own, and what a listener has its connections inherit. */
  private reuseByNode = false;
  /** Set once the descriptor is closed while calls are inside: see letGo. */
  private leave: (() => void) | null = null;
  /** Where a listener was bound that SHUT_RD has ended; listen may begin again there. */
  private stoppedAt: Endpoint | null = null;

  constructor(host: TcpSocketHost, name: string, family: Family, end: TcpEnd, accepted?: Accepted) {
    this.host = host;
    this.name = name;
    this.family = family;
    this.live = end;
    if (!accepted) return;
    this.establish(end, accepted.peer);
    this.reuseByNode = !end.native;
  }

  /** As set by setsockopt, by the option's name: they outlive an end that could not be bound. */
  get options(): Map<string, number | string> {
    this.ownOptions ??= new Map();
    return this.ownOptions;
  }

  bound(): boolean {
    return this.isBound;
  }

  end(): TcpEnd | null {
    return this.live;
  }

  listening(): boolean {
    return this.phase === 'listening';
  }

  /** Whether SO_REUSEADDR is on although nobody set it. */
  hasReuseByNode(): boolean {
    return this.reuseByNode;
  }

  /** Both addresses of a connection, as they were when it was made. */
  addresses(): Addresses {
    return this.between;
  }

  bind(address: Endpoint): Outcome {
    if (this.isBound && !this.made().native) return failure('EINVAL');
    const literal = literalFor(this.family, address, 'bind');
    if ('kind' in literal) return literal;
    const status = this.tryBind(literal);
    return status === 0
      ? { kind: 'none', local: this.local(), ...noteOfBind(this) }
      : failureOfBind(status, literal);
  }

  listen(backlog: number): Outcome {
    if (this.phase === 'connecting' || this.phase === 'connected') return failure('EINVAL');
    const bindsHere = !this.made().native && (this.stoppedAt !== null || !this.isBound);
    if (bindsHere) {
      const status = this.tryBind(this.stoppedAt ?? anyLiteral(this.family));
      if (status !== 0) return failureOf(status);
      this.stoppedAt = null;
    }
    const status = this.made().listen(Math.max(0, backlog));
    if (status !== 0) return failureOf(status);
    this.phase = 'listening';
    this.listener ??= new TcpListener(this.made(), (taken, name) =>
      this.host.adopt(taken, this.family, name),
    );
    return { kind: 'none', local: this.local(), ...(bindsHere && noteOfBind(this)) };
  }

  accept(attempt: Attempt, report: Report): Running | null {
    return this.listener ? this.listener.accept(attempt, report) : answer(report, failure('EINVAL'));
  }

  connect(address: Endpoint, timeout: number | null, report: Report): Running | null {
    const literal = literalFor(this.family, address, 'connect');
    if ('kind' in literal) return answer(report, literal);
    this.handshake ??= createHandshake();
    const unheard = this.handshake.forConnect();
    if (unheard !== undefined) return answer(report, this.connectOutcome(unheard));
    if (this.phase === 'connected' || this.phase === 'listening') return answer(report, failure('EISCONN'));
    if (this.handshake.underWay()) {
      if (timeout !== null) return answer(report, failure('EALREADY'));
    } else {
      const status = this.beginConnect(this.handshake, literal);
      if (status < 0) return answer(report, failureOf(status, literalWords(literal)));
      // CPython's socket is non-blocking inside; with 0 s it does not even look again.
      if (timeout === 0) return answer(report, failure('EINPROGRESS'));
    }
    return this.handshake.wait(timeout !== null, status => answer(report, this.connectOutcome(status)));
  }

  recv(wanted: Wanted, report: Report): Running | null {
    return this.phase === 'connected'
      ? this.connection().reader().recv(wanted, report)
      : recvBefore(this.handshake, wanted, this.unconnected.recv, report, () => this.recv(wanted, report));
  }

  /** TLS on what it carries from here on, or, of a listener, on what it accepts. */
  wrap(call: CallOf<'wrap'>, timeout: number | null, report: Report): Running | null {
    if (this.phase === 'listening') return answer(report, wrapListener(call));
    return this.phase === 'connected'
      ? this.connection().wrap(call, timeout, report)
      : answer(report, failure('ENOTCONN'));
  }

  isWrapped(): boolean {
    return this.stream?.isWrapped() ?? false;
  }

  send(outgoing: Outgoing, report: Report): Running | null {
    return this.phase === 'connected'
      ? this.connection().writer().send(outgoing, report)
      : beforeConnection(this.handshake, outgoing.timeout, this.unconnected.send, report, () =>
          this.send(outgoing, report),
        );
  }

  shutdown(how: ShutdownHow, report: Report): Running | null {
    if (this.phase === 'listening') {
      if (how !== 'SHUT_WR') this.stopListening();
      return answer(report, ok);
    }
    const { live } = this;
    if (!live || this.phase !== 'connected' || !live.peer()) return answer(report, failure('ENOTCONN'));
    if (how !== 'SHUT_WR') this.connection().reader().shut();
    if (how === 'SHUT_RD' || this.shutWrite) return answer(report, ok);
    this.shutWrite = true;
    this.connection().writer().shut();
    return shutDown(live, report);
  }

  getsockname(): Outcome {
    return { kind: 'endpoint', endpoint: this.local() };
  }

  getpeername(): Outcome {
    const peer = this.phase === 'connected' ? this.live?.peer() : null;
    return peer ? { kind: 'endpoint', endpoint: peer } : failure('ENOTCONN');
  }

  /** close(2): the descriptor is gone; the kernel's socket as well once no call is inside, and then `gone` is called. */
  letGo(gone: () => void): void {
    const leave = () => {
      if (this.leave !== leave || this.parts().some(part => part?.inside())) return;
      this.close('close');
      gone();
    };
    this.leave = leave;
    for (const part of this.parts()) part?.letGo(leave);
    leave();
  }

  /** Ends what is in flight with CLOSED. */
  close(how: 'close' | 'reset', done?: () => void): void {
    const { live, phase } = this;
    this.live = null;
    this.handshake = null;
    this.leave = null;
    this.phase = 'closed';
    if (how === 'close') this.stream?.farewell?.();
    this.listener?.end('CLOSED');
    if (!live) done?.();
    else if (how === 'reset' && phase === 'connected') live.reset(done);
    else live.close(done);
    this.stream?.dispose();
  }

  /** What the kernel says to a receive or a send without a connection. */
  protected get unconnected(): Unconnected {
    return unconnectedTcp;
  }

  protected parts(): readonly (Inside | null)[] {
    return [this.listener, this.handshake, this.stream];
  }

  protected made(): TcpEnd {
    const { family } = this;
    this.live ??= family === 'AF_UNIX' ? this.host.ends().unix() : this.host.ends().tcp(family);
    return this.live;
  }

  private connection(): TcpConnection {
    if (!this.stream) {
      this.stream = new TcpConnection(this.host, this.name, this.live!, this.between);
      // A recv or send that waited for the handshake goes on although the descriptor is closed.
      if (this.leave) this.stream.letGo(this.leave);
    }
    return this.stream;
  }

  private local(): Endpoint {
    return this.live?.local() ?? this.stoppedAt ?? anyAddress(this.family);
  }

  private connectOutcome(status: Status): Outcome {
    return status < 0 ? failureOf(status) : { kind: 'none', ...this.between };
  }

  private tryBind(at: Literal): Status {
    const end = this.made();
    const status = end.bind(at, Boolean(this.options.get('IPV6_V6ONLY')));
    if (status === 0) {
      this.isBound = true;
      this.reuseByNode = !end.native;
      applyOptions(this.live, this.options);
    } else if (!end.native) {
      // libuv remembers a failed bind: the next one needs a socket that has not failed.
      end.close();
      this.live = null;
    }
    return status;
  }

  protected establish(live: TcpEnd, peer: Endpoint | null): void {
    this.phase = 'connected';
    this.isBound = true;
    const addresses = { local: live.local() ?? undefined, peer: peer ?? undefined };
    const owner = live.native?.owner();
    this.between = owner ? { ...addresses, owner } : addresses;
  }

  private beginConnect(handshake: Handshake, to: Literal): Status {
    const ended = (status: Status) => {
      if (this.phase === 'closed') return;
      if (status === 0 && this.live) this.establish(this.live, this.live.peer());
      else this.phase = 'fresh';
      applyOptions(this.live, this.options);
      handshake.end(status);
    };
    const status = this.made().connect(to, ended);
    if (status < 0) return status;
    handshake.begin();
    this.phase = 'connecting';
    applyOptions(this.live, this.options);
    return 0;
  }

  private stopListening(): void {
    this.listener?.end('EINVAL');
    this.listener = null;
    this.phase = 'fresh';
    if (this.live?.native) return void this.live.native.shutdownNow('SHUT_RD');
    this.stoppedAt = this.local();
    this.live?.close();
    this.live = null;
  }
}
