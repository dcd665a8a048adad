import dgram from 'node:dgram';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { Arrival, Status, UdpEnd } from '../sockets/ends.ts';
import { isInetLiteral } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';

/*
 * A UDP socket on Node's documented class, for where private-node.ts does not work: it takes datagrams as they
 * come, and those that no call waits for are kept here.
 */

type Datagram = { readonly data: Uint8Array; readonly from: Endpoint };

const { EAFNOSUPPORT, EBADF, EINVAL } = constants.errno;

const statusOf = (error: unknown): Status => (error as NodeJS.ErrnoException).errno ?? -EINVAL;

/** Every host is a literal address: answered at once, so that bind, connect and send are too. */
const literal = (
  host: string,
  options: { family?: number } | unknown,
  then: (error: null, address: string, family: number) => void,
): void => then(null, host, (options as { family?: number }).family ?? 0);

const attempt = (act: () => unknown): Status => {
  try {
    const result = act();
    return typeof result === 'number' ? result : 0;
  } catch (error) {
    return statusOf(error);
  }
};

const endpointOf = (ask: () => { address: string; port: number }): Endpoint | null => {
  try {
    const { address, port } = ask();
    return inet(address, port);
  } catch {
    return null;
  }
};

export const publicUdpEnd = (family: InetFamily): UdpEnd => {
  let socket: dgram.Socket | null = null;
  let arrival: Arrival | null = null;
  let failure: Status = 0;
  const held: Datagram[] = [];

  /** An error is told once, to the send or recv that comes first. */
  const takeFailure = (): Status => {
    const status = failure;
    failure = 0;
    return status;
  };

  const serve = () => {
    if (arrival && failure < 0) arrival(takeFailure(), new Uint8Array(0), inet('', 0));
    while (arrival && held.length > 0) {
      const { data, from } = held.shift()!;
      arrival(data.length, data, from);
    }
  };

  const open = (options: { v6only: boolean; reuseAddr: boolean }): dgram.Socket => {
    socket = dgram.createSocket({
      type: family === 'AF_INET' ? 'udp4' : 'udp6',
      reuseAddr: options.reuseAddr,
      ipv6Only: options.v6only,
      lookup: literal as unknown as dgram.SocketOptions['lookup'],
    });
    socket.on('message', (data, { address, port }) => {
      held.push({ data, from: inet(address, port) });
      serve();
    });
    // Errors of bind come here before it returns; later ones are the kernel's, for the next recv.
    socket.on('error', error => {
      failure = statusOf(error);
      serve();
    });
    return socket;
  };

  const on = (act: (live: dgram.Socket) => unknown): Status => {
    const live = socket;
    return live ? attempt(() => act(live)) : -EBADF;
  };

  const connected = (): Endpoint | null => endpointOf(() => socket!.remoteAddress());

  return {
    native: false,
    fd: () => -1,
    open: anyDescriptor,
    bind: (at, options) => {
      if (!isInetLiteral(at)) return -EAFNOSUPPORT;
      const { host } = at;
      const port = Number(at.port);
      failure = 0;
      const made = socket ?? open(options);
      const status = attempt(() => made.bind({ address: host, port, exclusive: true }) && 0);
      return status < 0 ? status : takeFailure();
    },
    connect: to =>
      isInetLiteral(to) ? on(live => live.connect(Number(to.port), to.host) ?? 0) : -EAFNOSUPPORT,
    disconnect: () => on(live => live.disconnect() ?? 0),
    withdraw: () => false,
    shutdown: null,
    send: (data, to, done) => {
      if (to && !isInetLiteral(to)) return -EAFNOSUPPORT;
      const earlier = takeFailure();
      if (earlier < 0) return earlier;
      const status = on(live => {
        const then = (error: Error | null) => done(error ? statusOf(error) : data.length);
        if (to) live.send(data, Number(to.port), to.host, then);
        else live.send(data, then);
        return 0;
      });
      return status < 0 ? status : 'later';
    },
    receive: then => {
      arrival = then;
      if (held.length > 0 || failure < 0) setImmediate(serve);
      return 0;
    },
    hold: () => {
      arrival = null;
    },
    local: () => endpointOf(() => socket!.address()),
    peer: connected,
    close: done => {
      if (socket) socket.close(() => done?.());
      else done?.();
    },
    setTtl: ttl => on(live => live.setTTL(ttl)),
    setBroadcast: allowed => on(live => live.setBroadcast(allowed) ?? 0),
    setMulticastTtl: ttl => on(live => live.setMulticastTTL(ttl)),
    setMulticastLoop: looped => on(live => live.setMulticastLoopback(looped) && 0),
    setMulticastInterface: address => on(live => live.setMulticastInterface(address) ?? 0),
    addMembership: (group, local) => on(live => live.addMembership(group, local) ?? 0),
    dropMembership: (group, local) => on(live => live.dropMembership(group, local) ?? 0),
    bufferSize: (size, receive) =>
      on(live => {
        if (size > 0) return (receive ? live.setRecvBufferSize(size) : live.setSendBufferSize(size)) ?? 0;
        return receive ? live.getRecvBufferSize() : live.getSendBufferSize();
      }),
  };
};
