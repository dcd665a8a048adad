import net from 'node:net';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { Accepted, Status, TcpEnd } from '../sockets/ends.ts';
import { isInetLiteral, type Literal } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';
import { PublicStream, statusOf } from './public-stream.ts';
import { createUnixNames, type UnixNames } from './public-unix.ts';

/*
 * A TCP socket on Node's documented classes, for where private-node.ts does not work. Node accepts and reads ahead
 * here (up to 64 KiB a socket) and keeps what is written: doctor labels all of it as held in user space.
 */

type BoundSocket = { readonly address: () => { address: string; port: number }; readonly close: () => void };

/** Public from Node 24.21 on. Without it nothing can be bound before it listens. */
const { BoundSocket } = net as unknown as {
  BoundSocket?: new (options: { host: string; port: number; ipv6Only: boolean }) => BoundSocket;
};

const { EAFNOSUPPORT, ENOSYS } = constants.errno;

const endpoint = (host: string | undefined, port: number | undefined): Endpoint | null =>
  host === undefined || port === undefined ? null : inet(host, port);

/** A server, and the connections that it has accepted before anybody asked: they are handed over while admitted. */
class PublicListener {
  private server: net.Server | null = null;
  private readonly held: net.Socket[] = [];
  private readonly names: UnixNames | undefined;
  private admitted: ((accepted: Accepted | Status) => void) | null = null;

  constructor(names: UnixNames | undefined) {
    this.names = names;
  }

  address(): net.AddressInfo | null {
    return (this.server?.address() as net.AddressInfo | null | undefined) ?? null;
  }

  listen(bound: () => BoundSocket | undefined, backlog: number): Status {
    if (this.server) return 0;
    const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, connection => {
      this.held.push(connection);
      this.serve();
    });
    this.server = server;
    server.on('error', error => this.admitted?.(statusOf(error)));
    if (this.names) return this.names.listen(server, backlog);
    server.listen(bound() as unknown as net.ListenOptions, backlog);
    return 0;
  }

  admit(taken: (accepted: Accepted | Status) => void): void {
    this.admitted = taken;
    setImmediate(() => this.serve());
  }

  hold(): void {
    this.admitted = null;
  }

  /** false where it has never listened. */
  close(done?: () => void): boolean {
    for (const waiting of this.held.splice(0)) waiting.destroy();
    this.server?.close(() => done?.());
    return this.server !== null;
  }

  private serve(): void {
    while (this.admitted && this.held.length > 0) {
      const end = new PublicTcpEnd(this.held.shift(), this.names?.ofAccepted());
      this.admitted({ end, peer: end.peer() });
    }
  }
}

const closeConnection = (live: net.Socket | null, how: 'destroy' | 'reset', done?: () => void): void => {
  if (!live || live.destroyed) return done?.();
  live.once('close', () => done?.());
  if (how === 'destroy') return live.destroySoon();
  // libuv refuses to reset while its shutdown is on the way (EINVAL), and Node then never closes.
  if (!live.writableEnded || live.writableFinished) live.resetAndDestroy();
  else live.once('finish', () => setImmediate(() => live.resetAndDestroy()));
};

class PublicTcpEnd implements TcpEnd {
  readonly exact = false;
  readonly native = null;
  private readonly names: UnixNames | undefined;
  private readonly listener: PublicListener;
  private readonly stream = new PublicStream(() => this.socket);
  private bound: BoundSocket | null = null;
  private socket: net.Socket | null = null;

  constructor(accepted?: net.Socket, names?: UnixNames) {
    this.names = names;
    this.listener = new PublicListener(names);
    if (accepted) this.adopt(accepted);
  }

  fd(): number {
    return -1;
  }

  open(): Status {
    return anyDescriptor();
  }

  bind(at: Literal, v6only: boolean): Status {
    if (!isInetLiteral(at)) return this.names?.bind(at.path) ?? -EAFNOSUPPORT;
    if (!BoundSocket) return -ENOSYS;
    try {
      this.bound = new BoundSocket({ host: at.host, port: Number(at.port), ipv6Only: v6only });
      return 0;
    } catch (error) {
      return statusOf(error);
    }
  }

  local(): Endpoint | null {
    if (this.names) return this.names.local();
    const at = this.bound?.address() ?? this.listener.address();
    return at ? endpoint(at.address, at.port) : endpoint(this.socket?.localAddress, this.socket?.localPort);
  }

  peer(): Endpoint | null {
    if (this.socket?.destroyed) return null;
    return this.names ? this.names.peer() : endpoint(this.socket?.remoteAddress, this.socket?.remotePort);
  }

  listen(backlog: number): Status {
    return this.listener.listen(() => this.takeBound(), Math.max(1, backlog));
  }

  admit(taken: (accepted: Accepted | Status) => void): void {
    this.listener.admit(taken);
  }

  hold(): void {
    this.listener.hold();
  }

  connect(to: Literal, done: (status: Status) => void): Status {
    const options = { allowHalfOpen: true, handle: this.takeBound() };
    const made = new net.Socket(options as unknown as net.SocketConstructorOpts);
    made.pause();
    made.once('error', error => {
      if (this.socket !== made) done(statusOf(error));
    });
    made.once('connect', () => {
      if (!isInetLiteral(to)) this.names?.connected(to.path);
      this.adopt(made);
      done(0);
    });
    made.connect(isInetLiteral(to) ? { host: to.host, port: Number(to.port) } : { path: to.path });
    return 0;
  }

  watch(ready: () => void): Status {
    return this.stream.watch(ready);
  }

  unwatch(): void {
    this.stream.unwatch();
  }

  readNow(into: Uint8Array, offset: number, length: number): Status {
    return this.stream.readNow(into, offset, length);
  }

  writeNow(data: Uint8Array): Status {
    return this.stream.writeNow(data);
  }

  hand(piece: Uint8Array, done: (status: Status) => void): Status {
    return this.stream.hand(piece, done);
  }

  pending(): number {
    return this.stream.pending();
  }

  shutdown(done: (status: Status) => void): Status {
    this.socket?.end(() => done(0));
    return 0;
  }

  close(done?: () => void): void {
    this.finish('destroy', done);
  }

  reset(done?: () => void): void {
    // Node resets TCP alone.
    this.finish(this.names ? 'destroy' : 'reset', done);
  }

  setNoDelay(on: boolean): Status {
    this.socket?.setNoDelay(on);
    return 0;
  }

  setKeepAlive(on: boolean): Status {
    this.socket?.setKeepAlive(on);
    return 0;
  }

  private adopt(socket: net.Socket): void {
    this.socket = socket;
    this.stream.adopt(socket);
  }

  private takeBound(): BoundSocket | undefined {
    const mine = this.bound ?? undefined;
    this.bound = null;
    return mine;
  }

  private finish(how: 'destroy' | 'reset', done?: () => void): void {
    this.takeBound()?.close();
    if (!this.listener.close(done)) closeConnection(this.socket, how, done);
  }
}

export const publicTcpEnd = (): TcpEnd => new PublicTcpEnd();

export const publicUnixEnd = (): TcpEnd => new PublicTcpEnd(undefined, createUnixNames());
