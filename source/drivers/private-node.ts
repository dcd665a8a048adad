import { constants } from 'node:os';
import type { Endpoint, Family } from '../core/names.ts';
import { readDescriptor, writeDescriptor } from './descriptor-io.ts';
import type { Ends, Status, TcpEnd, UdpEnd } from './ends.ts';

/*
 * Every use of what Node does not document is in this file: the handles below node:net and node:dgram. Sockets run
 * on them throughout, because net.Socket reads and accepts ahead and keeps what is written in a buffer of its
 * own. A handle is only asked to say when a socket is ready; then read(2) and write(2) are called on its
 * descriptor, so that a recv(n) is one read of n bytes and every answer (EOF, ECONNRESET, EPIPE, a partial count)
 * is the kernel's own. self-test.ts tries each function here before the first listen.
 */

type NameOut = { address?: string; port?: number };

type Request = { oncomplete: (status: Status) => void };

type TcpHandle = {
  readonly fd: number;
  readonly writeQueueSize: number;
  onread: () => void;
  onconnection: (status: Status, handle: TcpHandle) => void;
  readonly open: (fd: number) => Status;
  readonly bind: (host: string, port: number) => Status;
  readonly bind6: (host: string, port: number, flags: number) => Status;
  readonly listen: (backlog: number) => Status;
  readonly connect: (request: Request, host: string, port: number) => Status;
  readonly connect6: (request: Request, host: string, port: number) => Status;
  readonly getsockname: (out: NameOut) => Status;
  readonly getpeername: (out: NameOut) => Status;
  readonly useUserBuffer: (buffer: Uint8Array) => void;
  readonly readStart: () => Status;
  readonly readStop: () => Status;
  readonly writeBuffer: (request: Request, data: Uint8Array) => Status;
  readonly shutdown: (request: Request) => Status;
  readonly close: (done?: () => void) => void;
  readonly reset: (done?: () => void) => Status | undefined;
  readonly setNoDelay: (on: boolean) => Status;
  readonly setKeepAlive: (on: boolean, delay: number) => Status;
};

type UdpHandle = {
  readonly fd: number;
  onmessage: (nread: number, handle: UdpHandle, data?: Uint8Array, from?: NameOut) => void;
  readonly bind: (host: string, port: number, flags: number) => Status;
  readonly bind6: (host: string, port: number, flags: number) => Status;
  readonly connect: (host: string, port: number) => Status;
  readonly connect6: (host: string, port: number) => Status;
  readonly disconnect: () => Status;
  readonly send: (request: Request, list: Uint8Array[], count: number, ...rest: unknown[]) => Status;
  readonly send6: (request: Request, list: Uint8Array[], count: number, ...rest: unknown[]) => Status;
  readonly recvStart: () => Status;
  readonly recvStop: () => Status;
  readonly getsockname: (out: NameOut) => Status;
  readonly getpeername: (out: NameOut) => Status;
  readonly close: (done?: () => void) => void;
  readonly setTTL: (ttl: number) => Status;
  readonly setBroadcast: (on: number) => Status;
  readonly setMulticastTTL: (ttl: number) => Status;
  readonly setMulticastLoopback: (on: number) => Status;
  readonly setMulticastInterface: (address: string) => Status;
  readonly addMembership: (group: string, local: string | undefined) => Status;
  readonly dropMembership: (group: string, local: string | undefined) => Status;
  readonly bufferSize: (size: number, receive: boolean, context: { errno?: number }) => Status | undefined;
};

type Bindings = {
  readonly TCP: new (kind: number) => TcpHandle;
  readonly UDP: new () => UdpHandle;
  readonly TCPConnectWrap: new () => Request;
  readonly WriteWrap: new () => Request;
  readonly ShutdownWrap: new () => Request;
  readonly SendWrap: new () => Request;
};

const UV_TCP_IPV6ONLY = 1;
const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const { ECONNABORTED, ECONNREFUSED, EINVAL } = constants.errno;
/** Seconds until the first probe: libuv wants a number, so Linux's own default (tcp(7), tcp_keepalive_time). */
const keepAliveSeconds = 7200;
const nothing = Buffer.alloc(0);

/** Node's binding tables (deprecated in the documentation only, DEP0111; refused under --permission). */
const loadBindings = (): Bindings => {
  const binding = (process as unknown as { binding: (name: string) => object }).binding;
  return { ...binding('tcp_wrap'), ...binding('stream_wrap'), ...binding('udp_wrap') } as Bindings;
};

const nameBy = (ask: (out: NameOut) => Status): Endpoint | null => {
  const out: NameOut = {};
  return ask(out) === 0 && out.address !== undefined ? { host: out.address, port: out.port ?? 0 } : null;
};

const request = (Wrap: new () => Request, done: (status: Status) => void): Request => {
  const made = new Wrap();
  made.oncomplete = done;
  return made;
};

/** `at`: its own address, where that is known beforehand. */
const tcpEnd = (
  bindings: Bindings,
  handle: TcpHandle,
  family: Family,
  at: Endpoint | null = null,
): TcpEnd => {
  let gated = false;
  let open = false;
  let prepared = false;
  let shutting = false;
  let resetWanted: { done: (() => void) | undefined } | null = null;

  /** uv_read_start and uv_read_stop on a listener switch its polling on and off: that is the gate. */
  const hold = () => {
    open = false;
    handle.readStart();
    handle.readStop();
  };

  const reset = (done?: () => void) => {
    if (shutting) resetWanted = { done };
    else if (handle.fd < 0 || (handle.reset(done) ?? 0) !== 0) handle.close(done);
  };

  const connectOnce = (host: string, port: number, done: (status: Status) => void): Status => {
    const attempt = request(bindings.TCPConnectWrap, done);
    return family === 'AF_INET6' ? handle.connect6(attempt, host, port) : handle.connect(attempt, host, port);
  };

  /**
   * After a refused connect Linux keeps the socket's half-made addresses until it is told to connect again, which
   * then fails once with ECONNABORTED, because libuv took SO_ERROR away. A blocking connect does not leave that.
   */
  const connect = (host: string, port: number, done: (status: Status) => void): Status =>
    connectOnce(host, port, status => {
      if (status === -ECONNREFUSED) connectOnce(host, port, () => {});
      done(status);
    });

  return {
    exact: true,
    fd: () => handle.fd,
    open: fd => handle.open(fd),
    bind: (host, port, v6only) => {
      const flags = v6only ? UV_TCP_IPV6ONLY : 0;
      const status = family === 'AF_INET6' ? handle.bind6(host, port, flags) : handle.bind(host, port);
      // libuv keeps EADDRINUSE back until the next call; getsockname is the first that tells.
      return status === 0 ? handle.getsockname({}) : status;
    },
    local: () => at ?? nameBy(out => handle.getsockname(out)),
    peer: () => nameBy(out => handle.getpeername(out)),
    listen: backlog => {
      // Opening its own descriptor marks the handle readable, without which libuv refuses readStart on it.
      if (!gated) {
        const opened = handle.open(handle.fd);
        if (opened !== 0) return opened;
        gated = true;
      }
      const status = handle.listen(backlog);
      if (status === 0 && !open) hold();
      return status;
    },
    admit: taken => {
      const own = nameBy(out => handle.getsockname(out));
      const shared = own?.host === '0.0.0.0' || own?.host === '::' ? null : own;
      handle.onconnection = (status, accepted) => {
        if (status === 0) taken(tcpEnd(bindings, accepted, family, shared));
      };
      if (!open) handle.readStart();
      open = true;
    },
    hold: () => {
      open = false;
      handle.readStop();
    },
    connect: (host, port, done) => {
      const status = connect(host, port, done);
      return status === -ECONNABORTED ? connect(host, port, done) : status;
    },
    watch: ready => {
      // With an empty buffer libuv does not read: it reports ENOBUFS, which says "readable" and takes nothing.
      // biome-ignore lint/correctness/useHookAtTopLevel: a handle's method, no hook of React's
      if (!prepared) handle.useUserBuffer(nothing);
      prepared = true;
      handle.onread = ready;
      return handle.readStart();
    },
    unwatch: () => {
      handle.readStop();
    },
    readNow: (into, offset, length) => readDescriptor(handle.fd, into, offset, length),
    writeNow: data => writeDescriptor(handle.fd, data),
    hand: (piece, done) => handle.writeBuffer(request(bindings.WriteWrap, done), piece),
    pending: () => handle.writeQueueSize,
    // One byte suffices to hear of room, and is all that a stopped send leaves behind.
    piece: () => 1,
    shutdown: done => {
      const status = handle.shutdown(
        request(bindings.ShutdownWrap, result => {
          shutting = false;
          done(result);
          if (resetWanted) reset(resetWanted.done);
        }),
      );
      shutting = status === 0;
      return status;
    },
    close: done => handle.close(done),
    reset,
    setNoDelay: on => handle.setNoDelay(on),
    setKeepAlive: on => handle.setKeepAlive(on, keepAliveSeconds),
  };
};

const udpEnd = (bindings: Bindings, family: Family): UdpEnd => {
  const handle = new bindings.UDP();
  const v6 = family === 'AF_INET6';
  let sender: Endpoint = { host: '', port: 0 };
  return {
    fd: () => handle.fd,
    bind: (host, port, { v6only, reuseAddr }) => {
      const flags = (v6 && v6only ? UV_UDP_IPV6ONLY : 0) | (reuseAddr ? UV_UDP_REUSEADDR : 0);
      return v6 ? handle.bind6(host, port, flags) : handle.bind(host, port, flags);
    },
    connect: (host, port) => (v6 ? handle.connect6(host, port) : handle.connect(host, port)),
    disconnect: () => handle.disconnect(),
    send: (data, to, done) => {
      const attempt = request(bindings.SendWrap, done);
      const rest = to ? [Number(to.port), to.host, true] : [true];
      const status = v6
        ? handle.send6(attempt, [data], 1, ...rest)
        : handle.send(attempt, [data], 1, ...rest);
      // Sent at once: the count plus one. 0: queued.
      return status > 0 ? status - 1 : status === 0 ? 'later' : status;
    },
    receive: arrival => {
      handle.onmessage = (nread, _handle, data, from) => {
        // Mostly the same sender again: one object for all of its datagrams.
        if (from?.address !== sender.host || from.port !== sender.port)
          sender = { host: from?.address ?? '', port: from?.port ?? 0 };
        arrival(nread, data ?? nothing, sender);
      };
      return handle.recvStart();
    },
    hold: () => {
      handle.recvStop();
    },
    local: () => nameBy(out => handle.getsockname(out)),
    peer: () => nameBy(out => handle.getpeername(out)),
    close: done => handle.close(done),
    setTtl: ttl => handle.setTTL(ttl),
    setBroadcast: on => handle.setBroadcast(on ? 1 : 0),
    setMulticastTtl: ttl => handle.setMulticastTTL(ttl),
    setMulticastLoop: on => handle.setMulticastLoopback(on ? 1 : 0),
    setMulticastInterface: address => handle.setMulticastInterface(address),
    addMembership: (group, local) => handle.addMembership(group, local),
    dropMembership: (group, local) => handle.dropMembership(group, local),
    bufferSize: (size, receive) => {
      const context: { errno?: number } = {};
      return handle.bufferSize(size, receive, context) ?? context.errno ?? -EINVAL;
    },
  };
};

let known: Ends | string | undefined;

/** Ends on Node's own handles, or the reason why there are none. */
export const privateEnds = (): Ends | string => {
  known ??= tryPrivateEnds();
  return known;
};

const tryPrivateEnds = (): Ends | string => {
  if (process.platform === 'win32') return 'sockets have no file descriptors on Windows';
  try {
    const bindings = loadBindings();
    for (const name of ['TCP', 'UDP', 'TCPConnectWrap', 'WriteWrap', 'ShutdownWrap', 'SendWrap'] as const) {
      if (typeof bindings[name] !== 'function') return `this Node has no ${name}`;
    }
    return {
      tcp: family => tcpEnd(bindings, new bindings.TCP(0), family),
      udp: family => udpEnd(bindings, family),
    };
  } catch (error) {
    return (error as Error).message;
  }
};
