import { type Failure, failure, type Outcome, ok } from '../core/outcome.ts';
import { descriptorOf } from './descriptor.ts';
import type { Status, UdpEnd } from './ends.ts';
import { kernelOption, setKernelOption } from './kernel-options.ts';
import { nativeSockets } from './native-socket.ts';
import { failureOf } from './status.ts';
import type { TcpSocket } from './tcp-socket.ts';
import type { UdpSocket } from './udp-socket.ts';

type Socket = TcpSocket | UdpSocket;

type Value = number | string;

/** Levels by the names that Python has for them; SOL_TCP and SOL_IP are other names of two. */
const levels: Readonly<Record<string, string>> = {
  SOL_SOCKET: 'SOL_SOCKET',
  IPPROTO_TCP: 'TCP',
  SOL_TCP: 'TCP',
  IPPROTO_IP: 'IP',
  SOL_IP: 'IP',
  IPPROTO_IPV6: 'IPV6',
};

/**
 * One option. `applies` says for which sockets Node has it, `set` does it, `initial` is the kernel's default as
 * socket(7), ip(7), ipv6(7) and tcp(7) give it. Without `set` the option is read only.
 */
type Spec = {
  readonly level: string;
  readonly applies: (socket: Socket) => boolean;
  readonly set?: (socket: Socket, value: Value) => Outcome;
  readonly get?: (socket: Socket) => Outcome;
  readonly initial?: Value;
};

const number = (value: number): Outcome => ({ kind: 'number', number: value });

const isTcp = (socket: Socket): socket is TcpSocket => socket.type === 'SOCK_STREAM';
const isUdp = (socket: Socket): socket is UdpSocket => socket.type === 'SOCK_DGRAM';
const udp4 = (socket: Socket): boolean => isUdp(socket) && socket.family === 'AF_INET';
const udp6 = (socket: Socket): boolean => isUdp(socket) && socket.family === 'AF_INET6';
const always = (): boolean => true;

const answer = (status: Status): Outcome => (status < 0 ? failureOf(status) : ok);

/** A value that is no number is refused as the kernel refuses one out of range. */
const integer = (value: Value): number => (typeof value === 'number' ? Math.trunc(value) : Number.NaN);

/** On TCP: at once where the kernel's socket is there, else when it comes; tcp-socket.ts reads `options`. */
const onTcp =
  (apply: (socket: TcpSocket, value: boolean) => Status | undefined) =>
  (socket: Socket, value: Value): Outcome =>
    isTcp(socket) ? answer(apply(socket, integer(value) !== 0) ?? 0) : failure('EOPNOTSUPP');

/**
 * On UDP: at once where the socket is bound. Else a socket made for it alone says whether the kernel takes the
 * value, and the real one gets it when it is bound: libuv would bind it by itself here, and bind fail later.
 */
const onUdp =
  (apply: (end: UdpEnd, value: Value) => Status) =>
  (socket: Socket, value: Value): Outcome => {
    if (!isUdp(socket)) return failure('ENOPROTOOPT');
    if (socket.there()) return answer(apply(socket.end(), value));
    const status = socket.tryOut(end => apply(end, value));
    if (status >= 0) socket.onceBound(end => void apply(end, value));
    return answer(status);
  };

const bufferSize =
  (receive: boolean) =>
  (socket: Socket): Outcome => {
    if (!isUdp(socket)) return failure('ENOPROTOOPT');
    const ask = (end: UdpEnd) => end.bufferSize(0, receive);
    const size = socket.there() ? ask(socket.end()) : socket.tryOut(ask);
    return size < 0 ? failureOf(size) : number(size);
  };

/** `239.0.0.1` or, with the address of the interface, `239.0.0.1@127.0.0.1`. */
const membership = (value: Value): [string, string | undefined] => {
  const [group = '', local] = String(value).split(/[@,\s]+/);
  return [group, local];
};

const join = onUdp((end, value) => end.addMembership(...membership(value)));
const leave = onUdp((end, value) => end.dropMembership(...membership(value)));
const ttl = onUdp((end, value) => end.setTtl(integer(value)));
const multicastTtl = onUdp((end, value) => end.setMulticastTtl(integer(value)));
const multicastLoop = onUdp((end, value) => end.setMulticastLoop(integer(value) !== 0));
const multicastInterface = onUdp((end, value) => end.setMulticastInterface(String(value)));

const beforeBind = (socket: Socket): Outcome => (socket.bound() ? failure('EINVAL') : ok);

/** libuv sets it on every TCP socket it binds: off is for the native part. */
const setReuse = (socket: Socket, value: Value): Outcome => {
  if (isTcp(socket)) return value && !socket.bound() ? ok : withoutNode('SO_REUSEADDR 0');
  return socket.bound() ? failure('UNSUPPORTED', 'Node takes SO_REUSEADDR for UDP before bind only') : ok;
};

const getReuse = (socket: Socket): Outcome =>
  number(isTcp(socket) && socket.hasReuseByNode() ? 1 : Number(socket.options.get('SO_REUSEADDR') ?? 0));

const specs: Readonly<Record<string, Spec>> = {
  SO_REUSEADDR: { level: 'SOL_SOCKET', applies: always, set: setReuse, get: getReuse },
  SO_KEEPALIVE: {
    level: 'SOL_SOCKET',
    applies: isTcp,
    set: onTcp((socket, on) => socket.end()?.setKeepAlive(on)),
    initial: 0,
  },
  SO_BROADCAST: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: onUdp((end, value) => end.setBroadcast(integer(value) !== 0)),
    initial: 0,
  },
  SO_RCVBUF: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: onUdp((end, value) => end.bufferSize(integer(value), true)),
    get: bufferSize(true),
  },
  SO_SNDBUF: {
    level: 'SOL_SOCKET',
    applies: isUdp,
    set: onUdp((end, value) => end.bufferSize(integer(value), false)),
    get: bufferSize(false),
  },
  SO_TYPE: { level: 'SOL_SOCKET', applies: always, get: socket => number(isTcp(socket) ? 1 : 2) },
  SO_DOMAIN: {
    level: 'SOL_SOCKET',
    applies: always,
    get: socket => number(socket.family === 'AF_INET' ? 2 : 10),
  },
  SO_PROTOCOL: { level: 'SOL_SOCKET', applies: always, get: socket => number(isTcp(socket) ? 6 : 17) },
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
  },
  IP_TTL: { level: 'IP', applies: udp4, set: ttl, initial: 64 },
  IP_MULTICAST_TTL: { level: 'IP', applies: udp4, set: multicastTtl, initial: 1 },
  IP_MULTICAST_LOOP: { level: 'IP', applies: udp4, set: multicastLoop, initial: 1 },
  IP_MULTICAST_IF: { level: 'IP', applies: udp4, set: multicastInterface, initial: '0.0.0.0' },
  IP_ADD_MEMBERSHIP: { level: 'IP', applies: udp4, set: join },
  IP_DROP_MEMBERSHIP: { level: 'IP', applies: udp4, set: leave },
  IPV6_V6ONLY: {
    level: 'IPV6',
    applies: socket => socket.family === 'AF_INET6',
    set: beforeBind,
    initial: 0,
  },
  IPV6_UNICAST_HOPS: { level: 'IPV6', applies: udp6, set: ttl, initial: 64 },
  IPV6_MULTICAST_HOPS: { level: 'IPV6', applies: udp6, set: multicastTtl, initial: 1 },
  IPV6_MULTICAST_LOOP: { level: 'IPV6', applies: udp6, set: multicastLoop, initial: 1 },
  IPV6_MULTICAST_IF: { level: 'IPV6', applies: udp6, set: multicastInterface, initial: '::' },
  IPV6_JOIN_GROUP: { level: 'IPV6', applies: udp6, set: join },
  IPV6_LEAVE_GROUP: { level: 'IPV6', applies: udp6, set: leave },
};

const withoutNode = (option: string): Failure => {
  const native = nativeSockets();
  const why = typeof native === 'string' ? `: ${native}` : '';
  return failure('UNSUPPORTED', `Node has no call for ${option} on this socket${why}`);
};

/** The option's row, or why there is none. */
const specOf = (socket: Socket, level: string, option: string): Spec | Failure => {
  const wanted = levels[level];
  if (!wanted)
    return failure('VALUE', `no level ${level}: SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP or IPPROTO_IPV6`);
  const spec = specs[option];
  if (!spec) return withoutNode(option);
  if (spec.level !== wanted) return failure('ENOPROTOOPT', `${option} is not at ${level}`);
  return spec.applies(socket) ? spec : withoutNode(option);
};

/** setsockopt: by descriptor where that can be done, else by Node; what Node lacks answers UNSUPPORTED with the reason. */
export const setOption = (socket: Socket, level: string, option: string, value: Value): Outcome => {
  const outcome =
    setKernelOption(descriptorOf(socket), level, option, value) ?? setByNode(socket, level, option, value);
  if (outcome.kind === 'none') socket.options.set(option, value);
  return outcome;
};

const setByNode = (socket: Socket, level: string, option: string, value: Value): Outcome => {
  const spec = specOf(socket, level, option);
  if ('kind' in spec) return spec;
  return spec.set ? spec.set(socket, value) : failure('ENOPROTOOPT', `${option} is read only`);
};

/** getsockopt: the kernel's answer where Node asks for it, else what was set here, else the kernel's default. */
export const getOption = (socket: Socket, level: string, option: string): Outcome => {
  const asked = kernelOption(descriptorOf(socket), level, option);
  if (asked) return asked;
  const spec = specOf(socket, level, option);
  if ('kind' in spec) return spec;
  if (spec.get) return spec.get(socket);
  const value = socket.options.get(option) ?? spec.initial;
  if (value === undefined) return failure('ENOPROTOOPT', `${option} can only be set`);
  const fallback = socket.options.has(option) ? 'as set here' : "the kernel's default, not asked";
  return typeof value === 'number'
    ? { kind: 'number', number: value, fallback }
    : { kind: 'text', text: value, fallback };
};
