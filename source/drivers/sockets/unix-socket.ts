import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { literalFor } from '../system/literal.ts';
import type { Accepted, Status, TcpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import { answer, type Report } from './report.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { cancelled, failureOf } from './status.ts';
import { TcpSocket } from './tcp-socket.ts';
import { createUnixConnects, type UnixConnects } from './unix-connects.ts';

const unconnectedUnix = { recv: 'EINVAL', send: 'ENOTCONN' } as const;

/** A stream socket of AF_UNIX: what the kernel does otherwise than on TCP (net/unix/af_unix.c). */
export class UnixSocket extends TcpSocket {
  private connects: UnixConnects | null = null;

  constructor(host: TcpSocketHost, name: string, end: TcpEnd, accepted?: Accepted) {
    super(host, name, 'AF_UNIX', end, accepted);
  }

  /** There is no handshake: the connection stands at once, or the listener's queue is full. */
  override connect(address: Endpoint, timeout: number | null, report: Report): Running | null {
    const { native } = this.made();
    if (!native) return super.connect(address, timeout, report);
    const literal = literalFor('AF_UNIX', address, 'connect');
    if ('kind' in literal) return answer(report, literal);
    this.connects ??= createUnixConnects();
    const attempt = () => native.connectNow(literal);
    return this.connects.connect(attempt, timeout, status => report(this.connected(native, status)));
  }

  override shutdown(how: ShutdownHow, report: Report): Running | null {
    const native = this.end()?.native;
    if (!native || this.phase === 'listening') return super.shutdown(how, report);
    if (this.phase !== 'connected') {
      const status = native.shutdownNow(how);
      return answer(report, status < 0 ? failureOf(status) : ok);
    }
    // Unlike TCP's the peer's next send hears of it.
    if (how !== 'SHUT_WR') native.shutdownNow('SHUT_RD');
    return super.shutdown(how, report);
  }

  override close(how: 'close' | 'reset', done?: () => void): void {
    super.close(how, done);
    this.connects?.dispose();
  }

  protected override get unconnected() {
    return unconnectedUnix;
  }

  protected override parts(): readonly (Inside | null)[] {
    return [...super.parts(), this.connects];
  }

  private connected(end: TcpEnd, status: Status): Outcome {
    if (status < 0) return status === cancelled ? failure('CLOSED') : failureOf(status);
    this.establish(end, end.peer());
    return { kind: 'none', ...this.addresses() };
  }
}
