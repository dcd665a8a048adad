import net from 'node:net';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { Accepted, Status, TcpEnd } from '../sockets/ends.ts';
import { isInetLiteral } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';
import { statusOf, streamOf } from './public-stream.ts';
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

export const publicTcpEnd = (accepted?: net.Socket, unixNames?: UnixNames): TcpEnd => {
  let bound: BoundSocket | null = null;
  let server: net.Server | null = null;
  let socket: net.Socket | null = accepted ?? null;
  let admitted: ((accepted: Accepted | Status) => void) | null = null;
  const held: net.Socket[] = [];
  const stream = streamOf(() => socket);
  if (accepted) stream.adopt(accepted);

  const serve = () => {
    while (admitted && held.length > 0) {
      const end = publicTcpEnd(held.shift(), unixNames?.ofAccepted());
      admitted({ end, peer: end.peer() });
    }
  };

  const take = (): BoundSocket | undefined => {
    const mine = bound ?? undefined;
    bound = null;
    return mine;
  };

  const finish = (end: 'destroy' | 'reset', done?: () => void) => {
    for (const waiting of held.splice(0)) waiting.destroy();
    take()?.close();
    if (server) return void server.close(() => done?.());
    const live = socket;
    if (!live || live.destroyed) return done?.();
    live.once('close', () => done?.());
    // Node resets TCP alone.
    if (end === 'destroy' || unixNames) return live.destroySoon();
    // libuv refuses to reset while its shutdown is on the way (EINVAL), and Node then never closes.
    if (!live.writableEnded || live.writableFinished) live.resetAndDestroy();
    else live.once('finish', () => setImmediate(() => live.resetAndDestroy()));
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
      const at = bound?.address() ?? (server?.address() as net.AddressInfo | null);
      return at ? endpoint(at.address, at.port) : endpoint(socket?.localAddress, socket?.localPort);
    },
    peer: () =>
      socket?.destroyed
        ? null
        : unixNames
          ? unixNames.peer()
          : endpoint(socket?.remoteAddress, socket?.remotePort),
    listen: backlog => {
      if (server) return 0;
      server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, connection => {
        held.push(connection);
        serve();
      });
      server.on('error', error => admitted?.(statusOf(error)));
      if (unixNames) return unixNames.listen(server, Math.max(1, backlog));
      server.listen(take() as unknown as net.ListenOptions, Math.max(1, backlog));
      return 0;
    },
    admit: taken => {
      admitted = taken;
      setImmediate(serve);
    },
    hold: () => {
      admitted = null;
    },
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
    watch: stream.watch,
    unwatch: stream.unwatch,
    readNow: stream.readNow,
    writeNow: stream.writeNow,
    hand: stream.hand,
    pending: stream.pending,
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
