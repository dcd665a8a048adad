import { formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, inet, portAt, unix } from '../../core/addresses/endpoint.ts';
import { sameEndpoint } from '../../core/addresses/twins.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { t } from '../../core/words/translate.ts';
import {
  anyAddress,
  anyLiteral,
  isInetLiteral,
  type Literal,
  literalFor,
  literalWords,
} from '../system/literal.ts';
import { failureOfBind } from './binding.ts';
import type { BindFlags, Status, UdpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import { answer, type Report } from './report.ts';
import type { Outgoing } from './send-in-flight.ts';
import type { UdpSocketHost } from './socket-hosts.ts';
import { failureOf } from './status.ts';
import type { Wanted } from './tcp-reading.ts';
import { UdpReading } from './udp-reading.ts';
import { type Departure, datagramOf, UdpWriting } from './udp-writing.ts';

const endpointOf = (literal: Literal): Endpoint =>
  isInetLiteral(literal) ? inet(literal.host, literal.port) : unix(literal.path);

/** A SOCK_DGRAM socket: every call that is made on one, answered as Linux and CPython answer it. */
export class UdpSocket {
  readonly type = 'SOCK_DGRAM';
  readonly name: string;
  readonly family: Family;
  private readonly host: UdpSocketHost;
  /** As set by setsockopt, by the option's name: they outlive an end that could not be bound. */
  readonly options = new Map<string, number | string>();
  private live: UdpEnd | null = null;
  private isBound = false;
  private isConnected = false;
  private reading: UdpReading | null = null;
  private writing: UdpWriting | null = null;
  private shutWrite = false;
  /** Set once the descriptor is closed while calls are inside: see letGo. */
  private leave: (() => void) | null = null;
  /** What the kernel's socket gets once it is there. */
  private readonly pending: ((end: UdpEnd) => void)[] = [];

  constructor(host: UdpSocketHost, name: string, family: Family, end: UdpEnd) {
    this.host = host;
    this.name = name;
    this.family = family;
    this.live = end;
  }

  bound(): boolean {
    return this.isBound;
  }

  /** null where the kernel has no socket yet: where Node's library makes it, it comes with bind. */
  end(): UdpEnd | null {
    const { live } = this;
    return live && (this.isBound || live.native) ? live : null;
  }

  /** Run with the end once the kernel's socket is there. */
  onceBound(apply: (end: UdpEnd) => void): void {
    const end = this.end();
    if (end) apply(end);
    else this.pending.push(apply);
  }

  /** Applies something to a socket made for it alone: what the kernel says of it. */
  tryOut(apply: (end: UdpEnd) => Status): Status {
    const scratch = this.host.end(this.family);
    const status = scratch.bind(anyLiteral(this.family), { v6only: false, reuseAddr: false });
    const answered = status < 0 ? status : apply(scratch);
    scratch.close();
    return answered;
  }

  bind(address: Endpoint): Outcome {
    if (this.isBound && !this.made().native) return failure('EINVAL');
    const literal = literalFor(this.family, address, 'bind');
    if ('kind' in literal) return literal;
    const status = this.tryBind(literal);
    if (status === 0) return { kind: 'none', local: this.local() };
    return isInetLiteral(literal) ? failureOf(status, literalWords(literal)) : failureOfBind(status, literal);
  }

  connect(address: Endpoint): Outcome {
    const literal = literalFor(this.family, address, 'connect');
    if ('kind' in literal) return literal;
    const note = this.noteOfUnbound();
    const unbound = this.ensureBound();
    if (unbound < 0) return failureOf(unbound);
    if (this.isConnected) this.disconnect();
    const end = this.made();
    const status = end.connect(literal);
    if (status < 0) return failureOf(status);
    this.isConnected = true;
    this.isBound = true;
    return { kind: 'none', local: this.local(), peer: end.peer() ?? undefined, ...note };
  }

  recv(wanted: Wanted, from: boolean, report: Report): Running | null {
    // CPython's recv(0) makes no system call; its recvfrom(0) takes a datagram and cuts all of it off.
    return from || wanted.size > 0
      ? this.reader().recv(wanted, from, report)
      : answer(report, { kind: 'data', data: new Uint8Array(0) });
  }

  /** `to` is null for the peer. */
  send(to: Endpoint | null, { data, all, timeout }: Outgoing, report: Report): Running | null {
    const fresh = !this.isBound;
    const note = this.noteOfUnbound();
    const status = this.ensureBound();
    const where = this.shutWrite ? failure('EPIPE') : this.target(to);
    if (status < 0) return answer(report, failureOf(status));
    if (where && 'kind' in where) return answer(report, where);
    const finish = (count: number): Outcome => {
      this.isBound = true;
      if (all) return { ...ok, ...note };
      // A Unix socket may send without a name, and stays so.
      const named = fresh && this.family !== 'AF_UNIX';
      return named ? { kind: 'count', count, local: this.local(), ...note } : { kind: 'count', count };
    };
    const bytes = datagramOf(data, this.family);
    const departure: Departure = { data: bytes, to: where, noWait: timeout === 0, finish };
    const end = this.made();
    return this.isConnected && where && !end.native
      ? this.writer().sendPastPeer(end, where, departure, report)
      : this.writer().send(end, departure, report);
  }

  shutdown(how: ShutdownHow): Outcome {
    // Linux marks the socket although it answers ENOTCONN (inet_shutdown).
    if (how !== 'SHUT_RD') this.shutWrite = true;
    if (how !== 'SHUT_WR') this.reader().shut();
    const status = this.made().shutdown(how);
    if (status === null) return this.isConnected ? ok : failure('ENOTCONN');
    return status < 0 ? failureOf(status) : ok;
  }

  getsockname(): Outcome {
    return { kind: 'endpoint', endpoint: this.local() };
  }

  getpeername(): Outcome {
    const peer = this.isConnected ? this.made().peer() : null;
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

  /** Ends what is in flight with CLOSED. A datagram socket has nothing to reset. */
  close(_how: 'close' | 'reset', done?: () => void): void {
    const { live } = this;
    this.live = null;
    this.leave = null;
    this.writing?.dispose();
    this.reading?.dispose();
    if (live) live.close(done);
    else done?.();
  }

  private parts(): readonly (Inside | null)[] {
    return [this.reading, this.writing];
  }

  private made(): UdpEnd {
    this.live ??= this.host.end(this.family);
    return this.live;
  }

  private reader(): UdpReading {
    this.reading ??= new UdpReading(() => this.end(), this.host.memory);
    return this.reading;
  }

  private writer(): UdpWriting {
    this.writing ??= new UdpWriting(this.family, bytes => this.host.late(this.name, bytes));
    return this.writing;
  }

  private local(): Endpoint {
    return this.end()?.local() ?? anyAddress(this.family);
  }

  private tryBind(at: Literal): Status {
    const end = this.made();
    const status = end.bind(at, this.bindFlags());
    if (status === 0) {
      this.isBound = true;
      for (const apply of this.pending.splice(0)) apply(end);
      this.reading?.resume();
    } else if (!this.isBound && !end.native) {
      // libuv remembers a failed bind: the next one needs a socket that has not failed.
      end.close();
      this.live = null;
    }
    return status;
  }

  private bindFlags(): BindFlags {
    const { options } = this;
    return {
      reuseAddr: Boolean(options.get('SO_REUSEADDR')),
      v6only: Boolean(options.get('IPV6_V6ONLY')),
    };
  }

  /** The kernel binds a socket that sends or connects before bind; libuv would too, but without options. */
  private ensureBound(): Status {
    return this.end() ? 0 : this.tryBind(anyLiteral(this.family));
  }

  /** What ensureBound tells the kernel that nobody asked for. */
  private noteOfUnbound(): { note?: string } {
    return this.end() ? {} : { note: t`Node bound it to ${formatEndpoint(anyAddress(this.family))} first` };
  }

  /** libuv connects once; before the next time the peer must go, and with it goes a port that nobody asked for. */
  private disconnect(): void {
    const end = this.made();
    if (end.native) return;
    const before = this.local();
    end.disconnect();
    this.isConnected = false;
    if (portAt(this.local()) !== 0) return;
    end.bind({ ...anyLiteral(this.family), port: portAt(before) ?? 0 }, this.bindFlags());
  }

  /** Where a send goes to; null: to the peer. */
  private target(to: Endpoint | null): Literal | null | Failure {
    const { native } = this.made();
    // The kernel binds a socket before it finds that it has no peer.
    if (!to) return this.isConnected || native ? null : failure('EDESTADDRREQ');
    const literal = literalFor(this.family, to, 'sendto');
    if ('kind' in literal) return literal;
    const peer = this.isConnected && !native ? this.made().peer() : null;
    return peer && sameEndpoint(endpointOf(literal), peer) ? null : literal;
  }
}
