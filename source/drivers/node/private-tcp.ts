import { readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import type { Endpoint, InetEndpoint } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import type { Family, InetFamily } from '../../core/model/names.ts';
import type { Accepted, NativeTcpEnd, Status, TcpEnd } from '../sockets/ends.ts';
import { notNow } from '../sockets/status.ts';
import { isInetLiteral, type Literal } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';
import { type Bindings, localOf, peerOf, request, type TcpHandle } from './private-handles.ts';

const UV_TCP_IPV6ONLY = 1;
const { EAFNOSUPPORT, ECONNABORTED, ECONNREFUSED, EINVAL } = constants.errno;
/** Seconds until the first probe: libuv wants a number, so Linux's own default (tcp(7), tcp_keepalive_time). */
const keepAliveSeconds = 7200;
const nothing = Buffer.alloc(0);

const statusOf = (error: unknown): Status => (error as { errno?: number }).errno ?? -EINVAL;

/** read(2) on a socket's descriptor, which libuv keeps non-blocking. */
const readDescriptor = (fd: number, into: Uint8Array, offset: number, length: number): Status => {
  try {
    return readSync(fd, into, offset, length, null);
  } catch (error) {
    return statusOf(error);
  }
};

/** write(2); Node ignores SIGPIPE, so a dead connection is EPIPE. */
const writeDescriptor = (fd: number, data: Uint8Array): Status => {
  try {
    return writeSync(fd, data, 0, data.length, null);
  } catch (error) {
    return statusOf(error);
  }
};

/** A listener's address, where its connections have the same: not on a wildcard. */
export const sharedLocal = (handle: TcpHandle): InetEndpoint | null => {
  const own = localOf(handle);
  return own && isWildcard(own.host) ? null : own;
};

/**
 * A class, so that its functions are made once and not for every connection: making and collecting some 25 closures
 * a socket cost an accept as much as its system calls. `at`: its own address, where that is known beforehand.
 */
export class PrivateTcpEnd implements TcpEnd {
  readonly exact = true;
  protected readonly bindings: Bindings;
  protected readonly handle: TcpHandle;
  protected readonly family: Family;
  private readonly at: Endpoint | null;
  private gated = false;
  private admitting = false;
  private prepared = false;
  private shutting = false;
  /** Pieces handed over whose completion has not been told. */
  private handedOver = 0;
  private resetWanted: { done: (() => void) | undefined } | null = null;

  constructor(bindings: Bindings, handle: TcpHandle, family: Family, at: Endpoint | null) {
    this.bindings = bindings;
    this.handle = handle;
    this.family = family;
    this.at = at;
  }

  get native(): NativeTcpEnd | null {
    return null;
  }

  fd(): number {
    return this.handle.fd;
  }

  open(): Status {
    return anyDescriptor();
  }

  bind(at: Literal, v6only: boolean): Status {
    const { handle, family } = this;
    if (!isInetLiteral(at)) return -EAFNOSUPPORT;
    const { host } = at;
    const port = Number(at.port);
    const flags = v6only ? UV_TCP_IPV6ONLY : 0;
    const status = family === 'AF_INET6' ? handle.bind6(host, port, flags) : handle.bind(host, port);
    // libuv keeps EADDRINUSE back until the next call; getsockname is the first that tells.
    return status === 0 ? handle.getsockname({ address: '', port: 0 }) : status;
  }

  local(): Endpoint | null {
    return this.at ?? localOf(this.handle);
  }

  peer(): Endpoint | null {
    return peerOf(this.handle);
  }

  listen(backlog: number): Status {
    const { handle } = this;
    // Opening its own descriptor marks the handle readable, without which libuv refuses readStart on it.
    if (!this.gated) {
      const opened = handle.open(handle.fd);
      if (opened !== 0) return opened;
      this.gated = true;
    }
    const status = handle.listen(backlog);
    if (status !== 0 || this.admitting) return status;
    // uv_read_start and uv_read_stop on a listener switch its polling on and off: that is the gate.
    handle.readStart();
    handle.readStop();
    return 0;
  }

  admit(taken: (accepted: Accepted | Status) => void): void {
    const { bindings, handle, family } = this;
    const shared = sharedLocal(handle);
    handle.onconnection = (status, accepted) => {
      if (status !== 0) return taken(status);
      taken({ end: new PrivateTcpEnd(bindings, accepted, family, shared), peer: peerOf(accepted) });
    };
    if (!this.admitting) handle.readStart();
    this.admitting = true;
  }

  hold(): void {
    this.admitting = false;
    this.handle.readStop();
  }

  connect(to: Literal, done: (status: Status) => void): Status {
    if (!isInetLiteral(to)) return -EAFNOSUPPORT;
    const { host } = to;
    const port = Number(to.port);
    const status = this.attempt(host, port, done);
    return status === -ECONNABORTED ? this.attempt(host, port, done) : status;
  }

  /**
   * After a refused connect Linux keeps the socket's half-made addresses until it is told to connect again, which
   * then fails once with ECONNABORTED, because libuv took SO_ERROR away. A blocking connect does not leave that.
   */
  private attempt(host: string, port: number, done: (status: Status) => void): Status {
    return this.attemptOnce(host, port, status => {
      if (status === -ECONNREFUSED) this.attemptOnce(host, port, () => {});
      done(status);
    });
  }

  private attemptOnce(host: string, port: number, done: (status: Status) => void): Status {
    const { handle, family } = this;
    const attempt = request(this.bindings.TCPConnectWrap, done);
    return family === 'AF_INET6' ? handle.connect6(attempt, host, port) : handle.connect(attempt, host, port);
  }

  watch(ready: () => void): Status {
    const { handle } = this;
    // With an empty buffer libuv does not read: it reports ENOBUFS, which says "readable" and takes nothing.
    // biome-ignore lint/correctness/useHookAtTopLevel: a handle's method, no hook of React's
    if (!this.prepared) handle.useUserBuffer(nothing);
    this.prepared = true;
    handle.onread = ready;
    return handle.readStart();
  }

  unwatch(): void {
    this.handle.readStop();
  }

  readNow(into: Uint8Array, offset: number, length: number): Status {
    return readDescriptor(this.handle.fd, into, offset, length);
  }

  writeNow(data: Uint8Array): Status {
    return this.isBehind() ? notNow : writeDescriptor(this.handle.fd, data);
  }

  /** A piece that was handed over waits still: what is written now would overtake it. */
  protected isBehind(): boolean {
    return this.handedOver > 0 && this.handle.writeQueueSize > 0;
  }

  hand(piece: Uint8Array, done: (status: Status) => void): Status {
    const { bindings, handle } = this;
    const then = (result: Status) => {
      this.handedOver--;
      done(result);
    };
    const status = handle.writeBuffer(request(bindings.WriteWrap, then, piece), piece);
    if (status !== 0) return status;
    // An empty queue does not say it: libuv may have written all, and still completes the request a turn later.
    if (bindings.streamBaseState[bindings.kLastWriteWasAsync] === 0) return piece.length;
    this.handedOver++;
    return 0;
  }

  pending(): number {
    return this.handedOver > 0 ? this.handle.writeQueueSize : 0;
  }

  shutdown(done: (status: Status) => void): Status {
    const then = (result: Status) => {
      this.shutting = false;
      done(result);
      if (this.resetWanted) this.reset(this.resetWanted.done);
    };
    const status = this.handle.shutdown(request(this.bindings.ShutdownWrap, then));
    this.shutting = status === 0;
    return status;
  }

  close(done?: () => void): void {
    this.handle.close(done);
  }

  reset(done?: () => void): void {
    const { handle } = this;
    if (this.shutting) this.resetWanted = { done };
    else if (handle.fd < 0 || (handle.reset(done) ?? 0) !== 0) handle.close(done);
  }

  setNoDelay(on: boolean): Status {
    return this.handle.setNoDelay(on);
  }

  setKeepAlive(on: boolean): Status {
    return this.handle.setKeepAlive(on, keepAliveSeconds);
  }
}

export const privateTcpEnd = (bindings: Bindings, family: InetFamily): TcpEnd =>
  new PrivateTcpEnd(bindings, new bindings.TCP(0), family, null);
