import dgram from 'node:dgram';
import { constants } from 'node:os';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { Arrival, BindFlags, Status, UdpEnd } from '../sockets/ends.ts';
import type { ReceiveMemory } from '../sockets/receive-memory.ts';
import { isInetLiteral, type Literal } from '../system/literal.ts';
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

class PublicUdpEnd implements UdpEnd {
  readonly native = false;
  private readonly family: InetFamily;
  private readonly arrivals = new Arrivals();
  private socket: dgram.Socket | null = null;

  constructor(family: InetFamily) {
    this.family = family;
  }

  fd(): number {
    return -1;
  }

  open(): Status {
    return anyDescriptor();
  }

  bind(at: Literal, flags: BindFlags): Status {
    if (!isInetLiteral(at)) return -EAFNOSUPPORT;
    const { host } = at;
    const port = Number(at.port);
    this.arrivals.takeFailure();
    this.socket ??= open(this.family, flags, this.arrivals);
    const status = this.on(live => live.bind({ address: host, port, exclusive: true }) && 0);
    return status < 0 ? status : this.arrivals.takeFailure();
  }

  local(): Endpoint | null {
    return endpointOf(() => this.socket!.address());
  }

  peer(): Endpoint | null {
    return endpointOf(() => this.socket!.remoteAddress());
  }

  connect(to: Literal): Status {
    if (!isInetLiteral(to)) return -EAFNOSUPPORT;
    return this.on(live => live.connect(Number(to.port), to.host) ?? 0);
  }

  disconnect(): Status {
    return this.on(live => live.disconnect() ?? 0);
  }

  receive(memory: ReceiveMemory, then: Arrival): Status {
    this.arrivals.receive((status, data, from) => then(status, memory.copy(data), from));
    return 0;
  }

  hold(): void {
    this.arrivals.hold();
  }

  send(data: Uint8Array, to: Literal | null, done: (status: Status) => void): Status | 'later' {
    if (to && !isInetLiteral(to)) return -EAFNOSUPPORT;
    const earlier = this.arrivals.takeFailure();
    if (earlier < 0) return earlier;
    const status = this.on(live => {
      const then = (error: Error | null) => done(error ? statusOf(error) : data.length);
      if (to) live.send(data, Number(to.port), to.host, then);
      else live.send(data, then);
      return 0;
    });
    return status < 0 ? status : 'later';
  }

  withdraw(): boolean {
    return false;
  }

  shutdown(): null {
    return null;
  }

  close(done?: () => void): void {
    if (this.socket) this.socket.close(() => done?.());
    else done?.();
  }

  setTtl(ttl: number): Status {
    return this.on(live => live.setTTL(ttl));
  }

  setBroadcast(on: boolean): Status {
    return this.on(live => live.setBroadcast(on) ?? 0);
  }

  setMulticastTtl(ttl: number): Status {
    return this.on(live => live.setMulticastTTL(ttl));
  }

  setMulticastLoop(on: boolean): Status {
    return this.on(live => live.setMulticastLoopback(on) && 0);
  }

  setMulticastInterface(address: string): Status {
    return this.on(live => live.setMulticastInterface(address) ?? 0);
  }

  addMembership(group: string, local: string | undefined): Status {
    return this.on(live => live.addMembership(group, local) ?? 0);
  }

  dropMembership(group: string, local: string | undefined): Status {
    return this.on(live => live.dropMembership(group, local) ?? 0);
  }

  bufferSize(size: number, receive: boolean): Status {
    return this.on(live => {
      if (size > 0) return (receive ? live.setRecvBufferSize(size) : live.setSendBufferSize(size)) ?? 0;
      return receive ? live.getRecvBufferSize() : live.getSendBufferSize();
    });
  }

  /** Acts on the socket where there is one. */
  private on(act: (live: dgram.Socket) => unknown): Status {
    const live = this.socket;
    return live ? attempt(() => act(live)) : -EBADF;
  }
}

export const publicUdpEnd = (family: InetFamily): UdpEnd => new PublicUdpEnd(family);
