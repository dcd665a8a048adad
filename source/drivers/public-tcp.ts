import net from 'node:net';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../core/endpoint.ts';
import type { Accepted, Status, TcpEnd } from './ends.ts';
import { anyDescriptor } from './spare-descriptor.ts';
import { cancelled, notNow } from './status.ts';

/*
 * A TCP socket on Node's documented classes, for where private-node.ts does not work. Node accepts and reads ahead
 * here (up to 64 KiB a socket) and keeps what is written: doctor labels all of it as held in user space.
 */

type BoundSocket = { readonly address: () => { address: string; port: number }; readonly close: () => void };

/** Public from Node 24.21 on. Without it nothing can be bound before it listens. */
const { BoundSocket } = net as unknown as {
  BoundSocket?: new (options: { host: string; port: number; ipv6Only: boolean }) => BoundSocket;
};

const { EINVAL, ENOSYS, ENOTCONN, EPIPE } = constants.errno;

/** Bytes handed to Node at a time; they count as taken although the kernel may not have them yet. */
const chunk = 65_536;

const statusOf = (error: unknown): Status => (error as NodeJS.ErrnoException).errno ?? -EINVAL;

const endpoint = (host: string | undefined, port: number | undefined): Endpoint | null =>
  host === undefined || port === undefined ? null : inet(host, port);

/** The stream's half of an end: `socket` is null until connect or accept. */
const streamOf = (stream: () => net.Socket | null) => {
  let ready: (() => void) | null = null;
  let ended = false;
  let error: Status = 0;
  /** An error as the socket raised it, and as a piece handed over told it: nobody hears of one twice (SO_ERROR). */
  let raised: Error | null = null;
  let told: Error | null = null;
  /** Bytes handed over that Node has not called back for: an error too empties its queue before it calls. */
  let handed = 0;
  let poked: NodeJS.Immediate | undefined;

  const available = (socket: net.Socket) =>
    socket.readableLength > 0 || ended || error !== 0 || socket.destroyed;

  /** As a level-triggered poll does: calls again while there is something that nobody has read. */
  const poke = () => {
    const socket = stream();
    if (!socket || poked || !ready) return;
    poked = setImmediate(() => {
      poked = undefined;
      if (!ready || !available(socket)) return;
      ready();
      poke();
    });
  };

  const adopt = (socket: net.Socket) => {
    socket.on('readable', poke);
    socket.on('close', poke);
    socket.on('end', () => {
      ended = true;
      poke();
    });
    socket.on('error', failed => {
      raised = failed;
      if (failed === told) ended = true;
      else error = statusOf(failed);
      poke();
    });
  };

  const readNow = (into: Uint8Array, offset: number, length: number): Status => {
    const socket = stream();
    if (!socket) return -ENOTCONN;
    const data = socket.read(Math.min(length, socket.readableLength) || undefined) as Buffer | null;
    if (data) {
      // With nothing left read() returns what is there, which may be more than was asked for.
      const count = Math.min(data.length, length);
      into.set(data.subarray(0, count), offset);
      if (count < data.length) socket.unshift(data.subarray(count));
      return count;
    }
    if (error !== 0) {
      const status = error;
      error = 0;
      ended = true;
      return status;
    }
    return ended || socket.destroyed ? 0 : notNow;
  };

  const writeNow = (data: Uint8Array): Status => {
    const socket = stream();
    if (!socket) return -EPIPE;
    if (error !== 0) {
      const status = error;
      error = 0;
      ended = true;
      return status;
    }
    if (socket.destroyed || socket.writableEnded) return -EPIPE;
    if (pending() > 0) return notNow;
    // Copied: who sends may use its buffer again at once.
    const piece = Buffer.from(data.subarray(0, chunk));
    socket.write(piece);
    return piece.length;
  };

  const hand = (piece: Uint8Array, done: (status: Status) => void): Status => {
    const socket = stream();
    if (!socket || socket.destroyed) return -EPIPE;
    handed += piece.length;
    socket.write(Buffer.from(piece), failed => {
      handed -= piece.length;
      // Node calls back without an error too where the socket was destroyed with the piece still in its queue.
      const why = failed ?? socket.errored;
      if (!why) return done(socket.destroyed ? cancelled : 0);
      told = why;
      if (raised === why) {
        error = 0;
        ended = true;
      }
      done(statusOf(why));
    });
    return 0;
  };

  const pending = (): number => Math.max(handed, stream()?.writableLength ?? 0);

  const watch = (then: () => void): Status => {
    ready = then;
    poke();
    return 0;
  };

  const unwatch = () => {
    ready = null;
  };

  return { adopt, readNow, writeNow, hand, pending, watch, unwatch };
};

export const publicTcpEnd = (accepted?: net.Socket): TcpEnd => {
  let bound: BoundSocket | null = null;
  let server: net.Server | null = null;
  let socket: net.Socket | null = accepted ?? null;
  let admitted: ((accepted: Accepted | Status) => void) | null = null;
  const held: net.Socket[] = [];
  const stream = streamOf(() => socket);
  if (accepted) stream.adopt(accepted);

  const serve = () => {
    while (admitted && held.length > 0) {
      const end = publicTcpEnd(held.shift());
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
    if (end === 'destroy') return live.destroySoon();
    // libuv refuses to reset while its shutdown is on the way (EINVAL), and Node then never closes.
    if (!live.writableEnded || live.writableFinished) live.resetAndDestroy();
    else live.once('finish', () => setImmediate(() => live.resetAndDestroy()));
  };

  return {
    exact: false,
    native: null,
    fd: () => -1,
    open: anyDescriptor,
    bind: (host, port, v6only) => {
      if (!BoundSocket) return -ENOSYS;
      try {
        bound = new BoundSocket({ host, port, ipv6Only: v6only });
        return 0;
      } catch (error) {
        return statusOf(error);
      }
    },
    local: () => {
      const at = bound?.address() ?? (server?.address() as net.AddressInfo | null);
      return at ? endpoint(at.address, at.port) : endpoint(socket?.localAddress, socket?.localPort);
    },
    peer: () => (socket?.destroyed ? null : endpoint(socket?.remoteAddress, socket?.remotePort)),
    listen: backlog => {
      if (server) return 0;
      server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, connection => {
        held.push(connection);
        serve();
      });
      server.on('error', error => admitted?.(statusOf(error)));
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
    connect: (host, port, done) => {
      const options = { allowHalfOpen: true, handle: take() } as unknown as net.SocketConstructorOpts;
      const made = new net.Socket(options);
      made.pause();
      made.once('error', error => {
        if (socket === made) return;
        done(statusOf(error));
      });
      made.once('connect', () => {
        socket = made;
        stream.adopt(made);
        done(0);
      });
      made.connect({ host, port });
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
