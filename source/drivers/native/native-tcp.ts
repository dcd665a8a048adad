import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Owner } from '../../core/calls/outcome.ts';
import type { Family, InetFamily } from '../../core/model/names.ts';
import type { Bindings, TcpHandle } from '../node/private-handles.ts';
import { PrivateTcpEnd, sharedLocal } from '../node/private-tcp.ts';
import type { Accepted, NativeTcpEnd, Status, TcpEnd } from '../sockets/ends.ts';
import { notNow } from '../sockets/status.ts';
import type { Literal } from '../system/literal.ts';
import { leastOutside, type NativeSockets } from './native-socket.ts';

/** From asm-generic/socket.h of the kernel. */
const SOL_SOCKET = 1;
const SO_KEEPALIVE = 9;

/**
 * A socket made, set, bound and listened on by system calls of its own; Node's handle has its descriptor and says when
 * it is ready. libuv would set SO_REUSEADDR before every bind and IPV6_V6ONLY before one on IPv6 (uv__tcp_bind), and
 * where no descriptor is left it accepts clients to close them (uv__emfile_trick).
 */
export class NativeEnd extends PrivateTcpEnd implements NativeTcpEnd {
  protected readonly calls: NativeSockets;
  private shared: Endpoint | null | undefined;

  constructor(
    calls: NativeSockets,
    bindings: Bindings,
    handle: TcpHandle,
    family: Family,
    at: Endpoint | null,
  ) {
    super(bindings, handle, family, at);
    this.calls = calls;
  }

  override get native(): NativeTcpEnd {
    return this;
  }

  override bind(at: Literal): Status {
    return this.calls.bind(this.handle.fd, this.family, at);
  }

  override listen(backlog: number): Status {
    // One that ended and begins again may have got another port.
    this.shared = undefined;
    return this.calls.listen(this.handle.fd, backlog);
  }

  override readNow(into: Uint8Array, offset: number, length: number): Status {
    return into.length < leastOutside
      ? super.readNow(into, offset, length)
      : this.calls.read(this.handle.fd, into, offset, length);
  }

  override writeNow(data: Uint8Array): Status {
    return this.isBehind() ? notNow : this.calls.write(this.handle.fd, data);
  }

  override setKeepAlive(on: boolean): Status {
    return this.calls.setsockopt(this.handle.fd, SOL_SOCKET, SO_KEEPALIVE, Number(on));
  }

  override open(): Status {
    const fd = this.calls.openSocket(this.family, 'SOCK_STREAM');
    return fd < 0 ? fd : this.openOn(fd);
  }

  /** Takes a descriptor over, or closes it where Node refuses it. */
  openOn(fd: number): Status {
    const status = this.handle.open(fd);
    if (status < 0) this.calls.close(fd);
    return status;
  }

  acceptNow(): Accepted | Status {
    const { calls, bindings, handle, family } = this;
    const accepted = calls.accept(handle.fd);
    if ('status' in accepted) return accepted.status;
    if (this.shared === undefined) this.shared = sharedLocal(handle);
    const { fd, from } = accepted.value;
    const end = new NativeEnd(calls, bindings, new bindings.TCP(0), family, this.shared);
    const status = end.openOn(fd);
    return status < 0 ? status : { end, peer: from };
  }

  override admit(taken: (accepted: Accepted | Status) => void): void {
    this.watch(() => {
      const accepted = this.acceptNow();
      if (accepted !== notNow) taken(accepted);
    });
  }

  override hold(): void {
    this.unwatch();
  }

  owner(): Owner | null {
    return null;
  }

  connectNow(to: Literal): Status {
    return this.calls.connect(this.handle.fd, this.family, to);
  }

  shutdownNow(how: ShutdownHow): Status {
    return this.calls.shutdown(this.handle.fd, how);
  }
}

export const nativeTcpEnd = (calls: NativeSockets, bindings: Bindings, family: InetFamily): TcpEnd =>
  new NativeEnd(calls, bindings, new bindings.TCP(0), family, null);
