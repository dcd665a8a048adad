import dgram from 'node:dgram';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { Arrival, Status, UdpEnd, UdpOptions } from '../sockets/ends.ts';
import { isInetLiteral } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';

/*
 * A UDP socket on Node's documented class, for where private-node.ts does not work: it takes datagrams as they
 * come, and those that no call waits for are kept here.
 */

/** A datagram that no call has waited for yet. */
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

/** What has come in, and is handed over while somebody receives. */
class Arrivals {
  private readonly held: Datagram[] = [];
  private arrival: Arrival | null = null;
  private failure: Status = 0;

  come(data: Uint8Array, from: Endpoint): void {
    this.held.push({ data, from });
    this.serve();
  }

  fail(status: Status): void {
    this.failure = status;
    this.serve();
  }

  /** An error is told once, to the send or recv that comes first. */
  takeFailure(): Status {
    const status = this.failure;
    this.failure = 0;
    return status;
  }

  receive(then: Arrival): void {
    this.arrival = then;
    if (this.held.length > 0 || this.failure < 0) setImmediate(() => this.serve());
  }

  hold(): void {
    this.arrival = null;
  }

  private serve(): void {
    if (this.arrival && this.failure < 0) this.arrival(this.takeFailure(), new Uint8Array(0), inet('', 0));
    while (this.arrival && this.held.length > 0) {
      const { data, from } = this.held.shift()!;
      this.arrival(data.length, data, from);
    }
  }
}

type BindFlags = Parameters<UdpEnd['bind']>[1];

const open = (family: InetFamily, { reuseAddr, v6only }: BindFlags, arrivals: Arrivals): dgram.Socket => {
  const socket = dgram.createSocket({
    type: family === 'AF_INET' ? 'udp4' : 'udp6',
    reuseAddr,
    ipv6Only: v6only,
    lookup: literal as unknown as dgram.SocketOptions['lookup'],
  });
  socket.on('message', (data, { address, port }) => arrivals.come(data, inet(address, port)));
  // Errors of bind come here before it returns; later ones are the kernel's, for the next recv.
  socket.on('error', error => arrivals.fail(statusOf(error)));
  return socket;
};

/** Acts on the socket where there is one. */
type OnSocket = (act: (live: dgram.Socket) => unknown) => Status;

const optionCalls = (on: OnSocket): UdpOptions => ({
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
});

export const publicUdpEnd = (family: InetFamily): UdpEnd => {
  let socket: dgram.Socket | null = null;
  const arrivals = new Arrivals();

  const on: OnSocket = act => {
    const live = socket;
    return live ? attempt(() => act(live)) : -EBADF;
  };

  return {
    native: false,
    fd: () => -1,
    open: anyDescriptor,
    bind: (at, flags) => {
      if (!isInetLiteral(at)) return -EAFNOSUPPORT;
      const { host } = at;
      const port = Number(at.port);
      arrivals.takeFailure();
      socket ??= open(family, flags, arrivals);
      const status = on(live => live.bind({ address: host, port, exclusive: true }) && 0);
      return status < 0 ? status : arrivals.takeFailure();
    },
    connect: to =>
      isInetLiteral(to) ? on(live => live.connect(Number(to.port), to.host) ?? 0) : -EAFNOSUPPORT,
    disconnect: () => on(live => live.disconnect() ?? 0),
    withdraw: () => false,
    shutdown: null,
    send: (data, to, done) => {
      if (to && !isInetLiteral(to)) return -EAFNOSUPPORT;
      const earlier = arrivals.takeFailure();
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
      arrivals.receive(then);
      return 0;
    },
    hold: () => arrivals.hold(),
    local: () => endpointOf(() => socket!.address()),
    peer: () => endpointOf(() => socket!.remoteAddress()),
    close: done => {
      if (socket) socket.close(() => done?.());
      else done?.();
    },
    ...optionCalls(on),
  };
};
