import { constants } from 'node:os';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { transportOf } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { interfaceIndex } from '../kernel/interface-index.ts';
import { familyNumber } from '../native/socket-address.ts';
import type { AnySocket } from '../sockets/any-socket.ts';
import type { Status, UdpEnd } from '../sockets/ends.ts';
import { failureOf } from '../sockets/status.ts';
import type { TcpSocket } from '../sockets/tcp-socket.ts';
import type { UdpSocket } from '../sockets/udp-socket.ts';

type Value = number | string;

/**
 * An option that Node has a call for. `applies` says for which sockets Node has it, `set` does it, `initial` is the
 * kernel's default as socket(7), ip(7), ipv6(7) and tcp(7) give it. Without `set` the option is read only.
 */
export type NodeOption = {
  /** `SOL_SOCKET`, `TCP`, `IP` or `IPV6`. */
  readonly level: string;
  readonly applies: (socket: AnySocket) => boolean;
  readonly set?: (socket: AnySocket, value: Value) => Outcome;
  readonly get?: (socket: AnySocket) => Outcome;
  readonly initial?: Value;
  /** The kernel keeps 0 or 1 of it, whatever number was set. */
  readonly onOff?: true;
  /** A value that the kernel takes and Node's library does not. */
  readonly beyondNode?: (value: Value) => boolean;
};

const number = (value: number): Outcome => ({ kind: 'number', number: value });

const isTcp = (socket: AnySocket): socket is TcpSocket => socket.type === 'SOCK_STREAM';
const isUdp = (socket: AnySocket): socket is UdpSocket => socket.type === 'SOCK_DGRAM';
const udp4 = (socket: AnySocket): boolean => isUdp(socket) && socket.family === 'AF_INET';
const udp6 = (socket: AnySocket): boolean => isUdp(socket) && socket.family === 'AF_INET6';
const always = (): boolean => true;

const answer = (status: Status): Outcome => (status < 0 ? failureOf(status) : ok);

/** socket-options.ts has seen to it that an int option gets one of 32 bits. */
const integer = (value: Value): number => Number(value);

/** On TCP: at once where the kernel's socket is there, else when it comes; tcp-socket.ts reads `options`. */
const onTcp =
  (apply: (socket: TcpSocket, value: boolean) => Status | undefined) =>
  (socket: AnySocket, value: Value): Outcome =>
    isTcp(socket) ? answer(apply(socket, integer(value) !== 0) ?? 0) : failure('EOPNOTSUPP');

/**
 * On UDP: at once where the kernel's socket is there. Else a socket made for it alone says whether the kernel takes the
 * value, and the real one gets it when it is bound: libuv would bind it by itself here, and bind fail later.
 */
const onUdp =
  (apply: (end: UdpEnd, value: Value) => Status) =>
  (socket: AnySocket, value: Value): Outcome => {
    if (!isUdp(socket)) return failure('ENOPROTOOPT');
    const there = socket.end();
    if (there) return answer(apply(there, value));
    const status = socket.tryOut(end => apply(end, value));
    if (status >= 0) socket.onceBound(end => void apply(end, value));
    return answer(status);
  };

/**
 * The binding asserts a uint32, which libuv takes for the int it was: -1 is the kernel's largest. 0 asks libuv for the
 * size; the kernel makes the same of 1, its smallest.
 */
const setBufferSize = (receive: boolean) =>
  onUdp((end, value) => Math.min(0, end.bufferSize((integer(value) || 1) >>> 0, receive)));

const bufferSize =
  (receive: boolean) =>
  (socket: AnySocket): Outcome => {
    if (!isUdp(socket)) return failure('ENOPROTOOPT');
    const ask = (end: UdpEnd) => end.bufferSize(0, receive);
    const there = socket.end();
    const size = there ? ask(there) : socket.tryOut(ask);
    return size < 0 ? failureOf(size) : number(size);
  };

/** An interface of IPv6 is known by an address with its zone: `lo` is `::%lo`. */
const interface6 = (name: string): string => (name.includes(':') ? name : `::%${name}`);

const zoneOf = (local: string | undefined): string | undefined =>
  local?.includes('%') ? local.slice(local.indexOf('%') + 1) : undefined;

/** As if_nametoindex(3) says it: a zone that is 0 in the end would be any interface. */
const interfaceObjection = (local: string | undefined): Status => {
  const zone = zoneOf(local);
  return zone !== undefined && interfaceIndex(zone) === undefined ? -constants.errno.ENODEV : 0;
};

/** `239.0.0.1` or, with the address of the interface, `239.0.0.1@127.0.0.1`; of IPv6 with its name, `ff02::1234@lo`. */
const membership = (value: Value): [string, string | undefined] => {
  const [group = '', name] = String(value).split(/[@,\s]+/);
  return [group, name !== undefined && group.includes(':') ? interface6(name) : name];
};

const onGroup = (apply: (end: UdpEnd, group: string, local: string | undefined) => Status) =>
  onUdp((end, value) => {
    const [group, local] = membership(value);
    return interfaceObjection(local) || apply(end, group, local);
  });

const join = onGroup((end, group, local) => end.addMembership(group, local));
const leave = onGroup((end, group, local) => end.dropMembership(group, local));
const ttl = onUdp((end, value) => end.setTtl(integer(value)));
const multicastTtl = onUdp((end, value) => end.setMulticastTtl(integer(value)));
const multicastLoop = onUdp((end, value) => end.setMulticastLoop(integer(value) !== 0));
/** IPv6 takes 0 and 1 only. */
const multicastLoop6 = onUdp((end, value) =>
  value === 0 || value === 1 ? end.setMulticastLoop(value === 1) : -constants.errno.EINVAL,
);
const multicastInterface = onUdp((end, value) => end.setMulticastInterface(String(value)));
const multicastInterface6 = onUdp((end, value) => {
  const at = interface6(String(value));
  return interfaceObjection(at) || end.setMulticastInterface(at);
});

const beforeBind = (socket: AnySocket): Outcome => (socket.bound() ? failure('EINVAL') : ok);

/** libuv sets it on every TCP socket it binds: off is for the native part. */
const setReuse = (socket: AnySocket, value: Value): Outcome => {
  if (isTcp(socket)) {
    const on = value !== 0 && (!socket.bound() || socket.hasReuseByNode());
    return on
      ? ok
      : failure('UNSUPPORTED', t('Node sets SO_REUSEADDR on every TCP socket it binds, and no other'));
  }
  return socket.bound() ? failure('UNSUPPORTED', t('Node takes SO_REUSEADDR for UDP before bind only')) : ok;
};

const getReuse = (socket: AnySocket): Outcome =>
  number(isTcp(socket) && socket.hasReuseByNode() ? 1 : Number(socket.options.get('SO_REUSEADDR') ?? 0));

/** -1 is the kernel's default again (ip(7)). */
const asDefault = (value: Value): boolean => value === -1;

/** libuv takes every zone for a name. */
const isNumbered = (local: string | undefined): boolean => /^0*[1-9]\d*$/.test(zoneOf(local) ?? '');
const onNumber = (value: Value): boolean => isNumbered(membership(value)[1]);

/** The options that Node has calls for, by name. */
export const nodeOptions: Readonly<Record<string, NodeOption>> = {
  SO_REUSEADDR: { level: 'SOL_SOCKET', applies: always, set: setReuse, get: getReuse, onOff: true },
  SO_KEEPALIVE: {
    level: 'SOL_SOCKET',
    applies: isTcp,
    set: onTcp((socket, on) => socket.end()?.setKeepAlive(on)),
    initial: 0,
    onOff: true,
  },
  SO_BROADCAST: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: onUdp((end, value) => end.setBroadcast(integer(value) !== 0)),
    initial: 0,
    onOff: true,
  },
  SO_RCVBUF: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: setBufferSize(true),
    get: bufferSize(true),
  },
  SO_SNDBUF: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: setBufferSize(false),
    get: bufferSize(false),
  },
  SO_TYPE: { level: 'SOL_SOCKET', applies: always, get: socket => number(isTcp(socket) ? 1 : 2) },
  SO_DOMAIN: {
    level: 'SOL_SOCKET',
    applies: always,
    get: socket => number(familyNumber[socket.family]),
  },
  SO_PROTOCOL: { level: 'SOL_SOCKET', applies: always, get: socket => number(transportOf(socket).protocol) },
  SO_ACCEPTCONN: {
    level: 'SOL_SOCKET',
    applies: always,
    get: socket => number(isTcp(socket) && socket.listening() ? 1 : 0),
  },
  TCP_NODELAY: {
    level: 'TCP',
    applies: isTcp,
    set: onTcp((socket, on) => socket.end()?.setNoDelay(on)),
    initial: 0,
    onOff: true,
  },
  IP_TTL: { level: 'IP', applies: udp4, set: ttl, initial: 64, beyondNode: asDefault },
  IP_MULTICAST_TTL: { level: 'IP', applies: udp4, set: multicastTtl, initial: 1, beyondNode: asDefault },
  IP_MULTICAST_LOOP: { level: 'IP', applies: udp4, set: multicastLoop, initial: 1, onOff: true },
  IP_MULTICAST_IF: { level: 'IP', applies: udp4, set: multicastInterface, initial: '0.0.0.0' },
  IP_ADD_MEMBERSHIP: { level: 'IP', applies: udp4, set: join },
  IP_DROP_MEMBERSHIP: { level: 'IP', applies: udp4, set: leave },
  IPV6_V6ONLY: {
    level: 'IPV6',
    applies: socket => socket.family === 'AF_INET6',
    set: beforeBind,
    initial: 0,
    onOff: true,
  },
  IPV6_UNICAST_HOPS: {
    level: 'IPV6',
    applies: udp6,
    set: ttl,
    initial: 64,
    beyondNode: value => value === -1 || value === 0,
  },
  IPV6_MULTICAST_HOPS: {
    level: 'IPV6',
    applies: udp6,
    set: multicastTtl,
    initial: 1,
    beyondNode: asDefault,
  },
  IPV6_MULTICAST_LOOP: { level: 'IPV6', applies: udp6, set: multicastLoop6, initial: 1, onOff: true },
  IPV6_MULTICAST_IF: {
    level: 'IPV6',
    applies: udp6,
    set: multicastInterface6,
    initial: '::',
    beyondNode: value => isNumbered(interface6(String(value))),
  },
  IPV6_JOIN_GROUP: { level: 'IPV6', applies: udp6, set: join, beyondNode: onNumber },
  IPV6_LEAVE_GROUP: { level: 'IPV6', applies: udp6, set: leave, beyondNode: onNumber },
};
