import type { SocketState } from '../../core/model/state.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { marked } from '../../core/words/translate.ts';

/** A socket option as the overlay lists it. */
export type OptionRow = {
  readonly level: string;
  readonly option: string;
  /** English, as what may be written is, and shown through `t`. */
  readonly does: string;
  /** What may be written; '' where it can only be read. */
  readonly takes: string;
  /** It can only be set. */
  readonly unread?: true;
  /** Node has no call for it on this socket: the native part must be there. */
  readonly native?: true;
};

const onOff = marked('1 or 0, on or off');
const size = marked('bytes: 64KiB; Linux keeps twice as much, half of it for itself (socket(7))');
const hops = marked('1 to 255');
const multicastHops = marked('0 (this machine only) to 255');
const group = marked('GROUP or GROUP@INTERFACE: 239.1.1.1@127.0.0.1');

const anySocket: readonly OptionRow[] = [
  {
    level: 'SOL_SOCKET',
    option: 'SO_REUSEADDR',
    does: marked('bind although the port is in TIME_WAIT; set before bind'),
    takes: onOff,
  },
];

const stream: readonly OptionRow[] = [
  { level: 'SOL_SOCKET', option: 'SO_KEEPALIVE', does: marked('probe a silent peer'), takes: onOff },
  {
    level: 'IPPROTO_TCP',
    option: 'TCP_NODELAY',
    does: marked('send small pieces at once (no Nagle)'),
    takes: onOff,
  },
  { level: 'SOL_SOCKET', option: 'SO_SNDBUF', does: marked('send buffer'), takes: size, native: true },
  { level: 'SOL_SOCKET', option: 'SO_RCVBUF', does: marked('receive buffer'), takes: size, native: true },
  {
    level: 'SOL_SOCKET',
    option: 'SO_LINGER',
    does: marked('what close does with bytes unsent'),
    takes: marked('seconds, 0 (close resets) or off'),
    native: true,
  },
];

const tcpInfo: OptionRow = {
  level: 'IPPROTO_TCP',
  option: 'TCP_INFO',
  does: marked('what the kernel knows of the connection'),
  takes: '',
  native: true,
};

const datagram: readonly OptionRow[] = [
  { level: 'SOL_SOCKET', option: 'SO_SNDBUF', does: marked('send buffer'), takes: size },
  { level: 'SOL_SOCKET', option: 'SO_RCVBUF', does: marked('receive buffer'), takes: size },
  {
    level: 'SOL_SOCKET',
    option: 'SO_BROADCAST',
    does: marked('may send to a broadcast address'),
    takes: onOff,
  },
];

const datagram4: readonly OptionRow[] = [
  { level: 'IPPROTO_IP', option: 'IP_TTL', does: marked('routers a datagram may pass'), takes: hops },
  {
    level: 'IPPROTO_IP',
    option: 'IP_MULTICAST_TTL',
    does: marked('the same for multicast'),
    takes: multicastHops,
  },
  {
    level: 'IPPROTO_IP',
    option: 'IP_MULTICAST_LOOP',
    does: marked('own multicast comes back'),
    takes: onOff,
  },
  {
    level: 'IPPROTO_IP',
    option: 'IP_MULTICAST_IF',
    does: marked('interface that multicast leaves by'),
    takes: marked("the interface's address: 127.0.0.1"),
  },
  {
    level: 'IPPROTO_IP',
    option: 'IP_ADD_MEMBERSHIP',
    does: marked('join a group'),
    takes: group,
    unread: true,
  },
  {
    level: 'IPPROTO_IP',
    option: 'IP_DROP_MEMBERSHIP',
    does: marked('leave a group'),
    takes: group,
    unread: true,
  },
];

const datagram6: readonly OptionRow[] = [
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_UNICAST_HOPS',
    does: marked('routers a datagram may pass'),
    takes: hops,
  },
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_MULTICAST_HOPS',
    does: marked('the same for multicast'),
    takes: multicastHops,
  },
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_MULTICAST_LOOP',
    does: marked('own multicast comes back'),
    takes: onOff,
  },
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_MULTICAST_IF',
    does: marked('interface that multicast leaves by'),
    takes: marked("the interface's name: lo"),
  },
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_JOIN_GROUP',
    does: marked('join a group'),
    takes: marked('GROUP or GROUP@INTERFACE: ff02::1234@lo'),
    unread: true,
  },
  {
    level: 'IPPROTO_IPV6',
    option: 'IPV6_LEAVE_GROUP',
    does: marked('leave a group'),
    takes: marked('GROUP or GROUP@INTERFACE'),
    unread: true,
  },
];

const v6Only: OptionRow = {
  level: 'IPPROTO_IPV6',
  option: 'IPV6_V6ONLY',
  does: marked('no IPv4 on this socket; set before bind'),
  takes: onOff,
};

/** The options of a socket that a person may care for, those of its own kind first. */
export const optionsOf = (
  socket: Pick<SocketState, 'type' | 'family' | 'condition' | 'peer'>,
): readonly OptionRow[] => {
  const six = socket.family === 'AF_INET6';
  const both = six ? [...anySocket, v6Only] : anySocket;
  if (carriesDatagrams(socket)) return [...datagram, ...(six ? datagram6 : datagram4), ...both];
  const connected = socket.condition !== 'LISTEN' && socket.peer !== null;
  return [...stream, ...both, ...(connected ? [tcpInfo] : [])];
};

const names = new Map(
  [...anySocket, ...stream, ...datagram, ...datagram4, ...datagram6, v6Only].map(row => [row.option, row]),
);

/** A listed option that can be set, by its name in any case. */
export const settableOption = (name: string): OptionRow | undefined => names.get(name.trim().toUpperCase());

export const settableNames: readonly string[] = [...names.keys()];
