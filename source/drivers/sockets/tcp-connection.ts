import type { CallOf } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import { createTlsStream, type TlsParts } from '../tls/tls-stream.ts';
import { type Wrapping, wrapEnd, wrapObjection } from '../tls/tls-wrapping.ts';
import type { Addresses, TcpEnd } from './ends.ts';
import { answer, type Report } from './report.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { PlainStream, type Receiving, type Sending, type TcpStream } from './tcp-stream.ts';

/**
 * Calls that are made while hands are shaken: their bytes would come between the records, so they begin once that is over, of the
 * stream that stands then.
 */
class HeldCalls {
  readonly reader: Receiving;
  readonly writer: Sending;
  private readonly waiting = new Set<() => void>();

  constructor(then: () => TcpStream, refusal: () => Failure | null) {
    const onceWrapped = (report: Report, begin: () => Running | null): Running =>
      this.hold(() => {
        const refused = refusal();
        return refused ? answer(report, refused) : begin();
      });
    this.reader = {
      recv: (wanted, report) => onceWrapped(report, () => then().reader().recv(wanted, report)),
      shut: () => then().reader().shut(),
    };
    this.writer = {
      send: (outgoing, report) => onceWrapped(report, () => then().writer().send(outgoing, report)),
      shut: () => then().writer().shut(),
    };
  }

  release(): void {
    const all = [...this.waiting];
    this.waiting.clear();
    for (const waiter of all) waiter();
  }

  private hold(begin: () => Running | null): Running {
    let begun: Running | null = null;
    const waiter = () => {
      begun = begin();
    };
    this.waiting.add(waiter);
    return {
      stop: reason => {
        this.waiting.delete(waiter);
        return begun?.stop(reason) ?? 0;
      },
      taken: () => begun?.taken() ?? 0,
    };
  }
}

/** What a connected socket carries: plain bytes, until it is wrapped; from then on TLS. */
export class TcpConnection implements TcpStream {
  private readonly host: TcpSocketHost;
  private readonly name: string;
  private readonly end: TcpEnd;
  private readonly addresses: Addresses;
  private stream: TcpStream;
  private wrapping: Wrapping | null = null;
  private wrapped = false;
  private left: (() => void) | null = null;
  /** Of a socket that was asked to wrap. */
  private held: HeldCalls | null = null;

  constructor(host: TcpSocketHost, name: string, end: TcpEnd, addresses: Addresses) {
    this.host = host;
    this.name = name;
    this.end = end;
    this.addresses = addresses;
    this.stream = this.plain();
  }

  /** It carries TLS, or shakes hands for that. */
  isWrapped(): boolean {
    return this.wrapped || this.isShaking();
  }

  wrap(call: CallOf<'wrap'>, timeout: number | null, report: Report): Running | null {
    const refused = this.refusal() ?? wrapObjection(call, timeout);
    return refused ? answer(report, refused) : this.begin(call, report);
  }

  inside(): boolean {
    return this.stream.inside() || this.isShaking();
  }

  letGo(then: () => void): void {
    this.left = then;
    this.stream.letGo(then);
    this.wrapping?.letGo(then);
  }

  reader(): Receiving {
    return this.held && this.isShaking() ? this.held.reader : this.stream.reader();
  }

  writer(): Sending {
    return this.held && this.isShaking() ? this.held.writer : this.stream.writer();
  }

  farewell(): void {
    this.stream.farewell();
  }

  dispose(): void {
    this.wrapping?.dispose();
    this.stream.dispose();
    this.held?.release();
  }

  private plain(): TcpStream {
    return new PlainStream(this.host, this.name, this.end, this.addresses);
  }

  private isShaking(): boolean {
    return this.wrapping?.inside() ?? false;
  }

  private refusal(): Failure | null {
    if (this.isWrapped()) return failure('VALUE', `${this.name} is wrapped already`);
    return this.stream.inside() ? failure('VALUE', `a call is in flight on ${this.name}`) : null;
  }

  private secured(parts: TlsParts): void {
    this.stream.dispose();
    this.stream = createTlsStream(this.host, this.name, this.end, this.addresses, parts);
    this.wrapped = true;
    if (this.left) this.stream.letGo(this.left);
  }

  private begin(call: CallOf<'wrap'>, report: Report): Running | null {
    // What watched for plain bytes watches no more; another stream stands in its place, whatever becomes of this.
    this.stream.dispose();
    this.stream = this.plain();
    this.held ??= new HeldCalls(
      () => this.stream,
      () => (this.wrapped ? null : failure('EBADF', this.name)),
    );
    const { held } = this;
    const told: Report = outcome => {
      report(outcome);
      held.release();
    };
    const begun = wrapEnd(this.end, call, told, parts => this.secured(parts));
    this.wrapping = begun?.wrapping ?? null;
    if (this.left) this.wrapping?.letGo(this.left);
    return begun?.running ?? null;
  }
}
