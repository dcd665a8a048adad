import { type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import type { Status } from '../sockets/ends.ts';

/*
 * What Node does not document: the handles below node:net and node:dgram, as private-node.ts gets them. Only
 * private-*.ts, native-tcp.ts and native-udp.ts use them, and self-test.ts tries each function before the first socket.
 */

/** Filled in by getsockname and getpeername. */
export type NameOut = { address: string; port: number };

/** `data`: what is written or sent, which a handle does not keep from being collected. */
export type Request = { oncomplete: (status: Status) => void; data?: Uint8Array };

export type TcpHandle = {
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

export type UdpHandle = {
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

export type Bindings = {
  readonly TCP: new (kind: number) => TcpHandle;
  readonly UDP: new () => UdpHandle;
  readonly TCPConnectWrap: new () => Request;
  readonly WriteWrap: new () => Request;
  readonly ShutdownWrap: new () => Request;
  readonly SendWrap: new () => Request;
  /** What the last write left behind; at `kLastWriteWasAsync` whether its request will be completed by a callback. */
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
};

/** Where Node writes a name: one for all, since it is read at once. */
const out: NameOut = { address: '', port: 0 };

/** A socket's own address (getsockname); null where the kernel does not tell. */
export const localOf = (handle: TcpHandle | UdpHandle): InetEndpoint | null =>
  handle.getsockname(out) === 0 ? inet(out.address, out.port) : null;

/** The address of its peer (getpeername); null where the kernel says ENOTCONN. */
export const peerOf = (handle: TcpHandle | UdpHandle): InetEndpoint | null =>
  handle.getpeername(out) === 0 ? inet(out.address, out.port) : null;

export const request = (
  Wrap: new () => Request,
  done: (status: Status) => void,
  data?: Uint8Array,
): Request => {
  const made = new Wrap();
  made.oncomplete = done;
  if (data) made.data = data;
  return made;
};
