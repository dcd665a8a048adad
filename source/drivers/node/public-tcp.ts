import net from 'node:net';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { Accepted, Status, TcpEnd } from '../sockets/ends.ts';
import { isInetLiteral } from '../system/literal.ts';
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
      const end = publicTcpEnd(this.held.shift(), this.names?.ofAccepted());
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

export const publicTcpEnd = (accepted?: net.Socket, unixNames?: UnixNames): TcpEnd => {
  let bound: BoundSocket | null = null;
  let socket: net.Socket | null = accepted ?? null;
  const listener = new PublicListener(unixNames);
  const stream = new PublicStream(() => socket);
  if (accepted) stream.adopt(accepted);

  const take = (): BoundSocket | undefined => {
    const mine = bound ?? undefined;
    bound = null;
    return mine;
  };

  const finish = (how: 'destroy' | 'reset', done?: () => void) => {
    take()?.close();
    // Node resets TCP alone.
    if (!listener.close(done)) closeConnection(socket, unixNames ? 'destroy' : how, done);
  };

  return {
    exact: false,
    native: null,
    fd: () => -1,
    open: anyDescriptor,
    bind: (at, v6only) => {
      if (!isInetLiteral(at)) return unixNames?.bind(at.path) ?? -EAFNOSUPPORT;
      if (!BoundSocket) return -ENOSYS;
      try {
        bound = new BoundSocket({ host: at.host, port: Number(at.port), ipv6Only: v6only });
        return 0;
      } catch (error) {
        return statusOf(error);
      }
    },
    local: () => {
      if (unixNames) return unixNames.local();
      const at = bound?.address() ?? listener.address();
      return at ? endpoint(at.address, at.port) : endpoint(socket?.localAddress, socket?.localPort);
    },
    peer: () =>
      socket?.destroyed
        ? null
        : unixNames
          ? unixNames.peer()
          : endpoint(socket?.remoteAddress, socket?.remotePort),
    listen: backlog => listener.listen(take, Math.max(1, backlog)),
    admit: taken => listener.admit(taken),
    hold: () => listener.hold(),
    connect: (to, done) => {
      const options = { allowHalfOpen: true, handle: take() } as unknown as net.SocketConstructorOpts;
      const made = new net.Socket(options);
      made.pause();
      made.once('error', error => {
        if (socket === made) return;
        done(statusOf(error));
      });
      made.once('connect', () => {
        if (!isInetLiteral(to)) unixNames?.connected(to.path);
        socket = made;
        stream.adopt(made);
        done(0);
      });
      made.connect(isInetLiteral(to) ? { host: to.host, port: Number(to.port) } : { path: to.path });
      return 0;
    },
    watch: ready => stream.watch(ready),
    unwatch: () => stream.unwatch(),
    readNow: (into, offset, length) => stream.readNow(into, offset, length),
    writeNow: data => stream.writeNow(data),
    hand: (piece, done) => stream.hand(piece, done),
    pending: () => stream.pending(),
    shutdown: done => {
      socket?.end(() => done(0));
      return 0;
    },
    close: done => finish('destroy', done),
    reset: done => finish('reset', done),
    setNoDelay: on => {
      socket?.setNoDelay(on);
      return 0;
    },
    setKeepAlive: on => {
      socket?.setKeepAlive(on);
      return 0;
    },
  };
};

export const publicUnixEnd = (): TcpEnd => publicTcpEnd(undefined, createUnixNames());
