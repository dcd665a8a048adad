import type { CallOf } from '../../core/calls/call.ts';
import { lingerSeconds } from '../../core/language/linger.ts';
import { isTimeval, timevalMs } from '../../core/language/timeval.ts';
import { digits } from '../../core/language/units.ts';
import { pythonText } from './python-literals.ts';

/** Constants of linux/in.h and linux/in6.h that CPython 3.11's socket module has no name for. */
const unnamed: Readonly<Record<string, number>> = {
  IP_MTU_DISCOVER: 10,
  IP_MTU: 14,
  IPV6_MTU: 24,
  SOL_IPV6: 41,
};

const constant = (name: string): string => {
  const number = Object.hasOwn(unnamed, name) ? unnamed[name] : undefined;
  return number === undefined ? `socket.${name}` : String(number);
};

const memberships = new Set(['IP_ADD_MEMBERSHIP', 'IP_DROP_MEMBERSHIP']);
const memberships6 = new Set(['IPV6_JOIN_GROUP', 'IPV6_LEAVE_GROUP']);

const inet = (address: string): string => `socket.inet_aton(${pythonText(address)})`;

/** The index of an interface by its name, by its number, or as the zone of an address: `lo`, `1`, `::%lo`. */
const interfaceIndex = (name: string): string => {
  const zone = name.includes(':') ? name.split('%')[1] : name;
  if (zone === undefined) return '0';
  return /^\d+$/.test(zone) ? String(BigInt(zone)) : `socket.if_nametoindex(${pythonText(zone)})`;
};

/** The value as setsockopt takes it: numbers as they are, addresses (ip(7), ipv6(7)) and SO_LINGER (socket(7)) packed. */
const packed = (option: string, value: number | string): string => {
  const linger = option === 'SO_LINGER' ? lingerSeconds(value) : undefined;
  if (linger !== undefined) return `struct.pack("ii", ${linger === null ? '0, 0' : `1, ${linger}`})`;
  const time = isTimeval(option) ? timevalMs(value) : undefined;
  if (time !== undefined) {
    const micros = Math.round(time * 1000);
    return `struct.pack("ll", ${Math.floor(micros / 1e6)}, ${micros - Math.floor(micros / 1e6) * 1e6})`;
  }
  if (typeof value === 'number') return digits(value);
  const [group = '', local] = value.split(/[@,\s]+/);
  if (memberships.has(option)) return `${inet(group)} + ${inet(local ?? '0.0.0.0')}`;
  if (memberships6.has(option)) {
    const index = local === undefined ? '0' : interfaceIndex(local);
    return `socket.inet_pton(socket.AF_INET6, ${pythonText(group)}) + struct.pack("@I", ${index})`;
  }
  if (option === 'IPV6_MULTICAST_IF') return interfaceIndex(value);
  return option === 'IP_MULTICAST_IF' ? inet(value) : `${pythonText(value)}.encode()`;
};

export const pythonSetOption = ({ on, level, option, value }: CallOf<'setsockopt'>): string =>
  `${on}.setsockopt(${constant(level)}, ${constant(option)}, ${packed(option, value)})`;

/** An int, but for an address, which comes as its four bytes. */
export const pythonGetOption = ({ on, level, option }: CallOf<'getsockopt'>): string => {
  const words = `${constant(level)}, ${constant(option)}`;
  return option === 'IP_MULTICAST_IF'
    ? `c.value = socket.inet_ntoa(${on}.getsockopt(${words}, 4))`
    : `c.value = ${on}.getsockopt(${words})`;
};
