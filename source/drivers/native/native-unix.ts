import { fstatSync } from 'node:fs';
import { type Endpoint, unix } from '../../core/addresses/endpoint.ts';
import type { Owner } from '../../core/calls/outcome.ts';
import { unixReader } from '../kernel/unix-reader.ts';
import type { Bindings } from '../node/private-handles.ts';
import type { Accepted, Status, TcpEnd } from '../sockets/ends.ts';
import { type BoundFile, boundFile, ownerOnly, withInode } from '../sockets/unix-file.ts';
import type { Literal } from '../system/literal.ts';
import type { NativeSockets } from './native-socket.ts';
import { NativeEnd } from './native-tcp.ts';

/** The inode of the socket at the other end of a connected Unix socket; undefined where nobody tells. */
const peerInode = (fd: number): number | undefined => {
  const peer = unixReader()?.ask([fstatSync(fd).ino])[0]?.peer;
  return peer === undefined || peer === 0 ? undefined : peer;
};

/**
 * A Unix stream socket. libuv's own (uv_pipe_bind) would take the file away only where it closes well, and answer EACCES where
 * a folder is missing; so the calls are the system's, and a handle for TCP says when it is ready, as for datagrams.
 */
class NativeUnixEnd extends NativeEnd {
  private file: BoundFile | null = null;
  private from: Endpoint | undefined;

  override bind(at: Literal): Status {
    const status = super.bind(at);
    if (status === 0) this.file = boundFile(at);
    return status;
  }

  override local(): Endpoint | null {
    return withInode(this.calls.local(this.handle.fd), this.handle.fd);
  }

  override peer(): Endpoint | null {
    const peer = this.calls.peer(this.handle.fd);
    return peer?.kind === 'unix' && peer.path === '' ? this.withoutName() : peer;
  }

  override owner(): Owner | null {
    const owner = this.calls.peerOwner(this.handle.fd);
    return 'value' in owner ? owner.value : null;
  }

  override acceptNow(): Accepted | Status {
    const { calls, bindings, handle } = this;
    const accepted = calls.accept(handle.fd);
    if ('status' in accepted) return accepted.status;
    const end = new NativeUnixEnd(calls, bindings, new bindings.TCP(0), 'AF_UNIX', null);
    const status = end.openOn(accepted.value.fd);
    return status < 0 ? status : { end, peer: end.peer() };
  }

  override open(): Status {
    const fd = this.calls.openSocket('AF_UNIX', 'SOCK_STREAM');
    if (fd < 0) return fd;
    ownerOnly(fd);
    return this.openOn(fd);
  }

  override setNoDelay(on: boolean): Status {
    return this.calls.setsockopt(this.handle.fd, IPPROTO_TCP, TCP_NODELAY, Number(on));
  }

  override close(done?: () => void): void {
    this.file?.remove();
    this.file = null;
    super.close(done);
  }

  override reset(done?: () => void): void {
    this.close(done);
  }

  /** It stays the same peer, which sock_diag forgets once that has closed. */
  private withoutName(): Endpoint {
    this.from ??= unix('', peerInode(this.handle.fd));
    return this.from;
  }
}

/** From linux/in.h and linux/tcp.h. */
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;

export const nativeUnixEnd = (calls: NativeSockets, bindings: Bindings): TcpEnd =>
  new NativeUnixEnd(calls, bindings, new bindings.TCP(0), 'AF_UNIX', null);
