import { constants } from 'node:os';
import { type Endpoint, type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { Arrival, BindFlags, Status, UdpEnd } from '../sockets/ends.ts';
import type { ReceiveMemory } from '../sockets/receive-memory.ts';
import { isInetLiteral, type Literal } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';
import { type Bindings, localOf, peerOf, request, type UdpHandle } from './private-handles.ts';

const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const { EAFNOSUPPORT, EINVAL } = constants.errno;
const nothing = Buffer.alloc(0);

/** A class for the reason that PrivateTcpEnd is one. */
class PrivateUdpEnd implements UdpEnd {
  readonly native = false;
  private readonly bindings: Bindings;
  private readonly handle: UdpHandle;
  private readonly isV6: boolean;
  /** Mostly the same again: one object for all of its datagrams. */
  private sender: InetEndpoint = inet('', 0);

  constructor(bindings: Bindings, handle: UdpHandle, family: InetFamily) {
    this.bindings = bindings;
    this.handle = handle;
    this.isV6 = family === 'AF_INET6';
  }

  fd(): number {
    return this.handle.fd;
  }

  open(): Status {
    return anyDescriptor();
  }

  bind(at: Literal, { v6only, reuseAddr }: BindFlags): Status {
    if (!isInetLiteral(at)) return -EAFNOSUPPORT;
    const { handle, isV6 } = this;
    const { host } = at;
    const port = Number(at.port);
    const flags = (isV6 && v6only ? UV_UDP_IPV6ONLY : 0) | (reuseAddr ? UV_UDP_REUSEADDR : 0);
    return isV6 ? handle.bind6(host, port, flags) : handle.bind(host, port, flags);
  }

  local(): Endpoint | null {
    return localOf(this.handle);
  }

  peer(): Endpoint | null {
    return peerOf(this.handle);
  }

  connect(to: Literal): Status {
    if (!isInetLiteral(to)) return -EAFNOSUPPORT;
    const { handle } = this;
    const port = Number(to.port);
    return this.isV6 ? handle.connect6(to.host, port) : handle.connect(to.host, port);
  }

  disconnect(): Status {
    return this.handle.disconnect();
  }

  receive(memory: ReceiveMemory, arrival: Arrival): Status {
    this.handle.onmessage = (nread, _handle, data, from) => {
      if (from?.address !== this.sender.host || from.port !== this.sender.port)
        this.sender = inet(from?.address ?? '', from?.port ?? 0);
      arrival(nread, memory.copy(data ?? nothing), this.sender);
    };
    return this.handle.recvStart();
  }

  hold(): void {
    this.handle.recvStop();
  }

  send(data: Uint8Array, to: Literal | null, done: (status: Status) => void): Status | 'later' {
    if (to && !isInetLiteral(to)) return -EAFNOSUPPORT;
    const { handle } = this;
    const attempt = request(this.bindings.SendWrap, done, data);
    const rest = to ? [Number(to.port), to.host, true] : [true];
    const status = this.isV6
      ? handle.send6(attempt, [data], 1, ...rest)
      : handle.send(attempt, [data], 1, ...rest);
    // Sent at once: the count plus one. 0: queued.
    return status > 0 ? status - 1 : status === 0 ? 'later' : status;
  }

  withdraw(): boolean {
    return false;
  }

  shutdown(): null {
    return null;
  }

  close(done?: () => void): void {
    this.handle.close(done);
  }

  setTtl(ttl: number): Status {
    return this.handle.setTTL(ttl);
  }

  setBroadcast(on: boolean): Status {
    return this.handle.setBroadcast(on ? 1 : 0);
  }

  setMulticastTtl(ttl: number): Status {
    return this.handle.setMulticastTTL(ttl);
  }

  setMulticastLoop(on: boolean): Status {
    return this.handle.setMulticastLoopback(on ? 1 : 0);
  }

  setMulticastInterface(address: string): Status {
    return this.handle.setMulticastInterface(address);
  }

  addMembership(group: string, local: string | undefined): Status {
    return this.handle.addMembership(group, local);
  }

  dropMembership(group: string, local: string | undefined): Status {
    return this.handle.dropMembership(group, local);
  }

  bufferSize(size: number, receive: boolean): Status {
    const context: { errno?: number } = {};
    return this.handle.bufferSize(size, receive, context) ?? context.errno ?? -EINVAL;
  }
}

export const privateUdpEnd = (bindings: Bindings, family: InetFamily): UdpEnd =>
  new PrivateUdpEnd(bindings, new bindings.UDP(), family);
