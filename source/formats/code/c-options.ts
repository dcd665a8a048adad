import type { CallOf } from '../../core/calls/call.ts';
import { lingerSeconds } from '../../core/language/linger.ts';
import { isTimeval, timevalMs } from '../../core/language/timeval.ts';
import { cText } from './c-literals.ts';

/** A duration as a struct timeval's initializer; 0 is no limit (socket(7)). */
export const timeval = (ms: number): string => {
  const micros = Math.round(ms * 1000);
  const seconds = Math.floor(micros / 1e6);
  return `{ .tv_sec = ${seconds}, .tv_usec = ${micros - seconds * 1e6} }`;
};

const isText = new Set(['TCP_CONGESTION', 'SO_BINDTODEVICE']);

const inetPton = (family: 'AF_INET' | 'AF_INET6', address: string, to: string): string =>
  `inet_pton(${family}, ${cText(address)}, ${to});`;

/** The index of an interface by its number, its name, or as the zone of an address. */
const interfaceIndex = (name: string | undefined): string => {
  const zone = name?.includes(':') ? name.split('%')[1] : name;
  if (zone === undefined || zone === '') return '0';
  return /^\d+$/.test(zone) ? zone : `if_nametoindex(${cText(zone)})`;
};

/** Addresses and interfaces, as ip(7) and ipv6(7) have them. */
const addressValue = (option: string, value: string): readonly string[] | null => {
  const [group = '', local] = value.split(/[@,\s]+/);
  switch (option) {
    case 'IP_ADD_MEMBERSHIP':
    case 'IP_DROP_MEMBERSHIP':
      return [
        'struct ip_mreq value = { 0 };',
        inetPton('AF_INET', group, '&value.imr_multiaddr'),
        inetPton('AF_INET', local ?? '0.0.0.0', '&value.imr_interface'),
      ];
    case 'IPV6_JOIN_GROUP':
    case 'IPV6_LEAVE_GROUP':
      return [
        `struct ipv6_mreq value = { .ipv6mr_interface = ${interfaceIndex(local)} };`,
        inetPton('AF_INET6', group, '&value.ipv6mr_multiaddr'),
      ];
    case 'IP_MULTICAST_IF':
      return ['struct in_addr value = { 0 };', inetPton('AF_INET', value, '&value')];
    case 'IPV6_MULTICAST_IF':
      return [`int value = ${interfaceIndex(value)};`];
    default:
      return null;
  }
};

/** Lines that declare `value` as setsockopt takes it. */
const valueLines = ({ option, value }: CallOf<'setsockopt'>): readonly string[] => {
  const linger = option === 'SO_LINGER' ? lingerSeconds(value) : undefined;
  if (linger !== undefined)
    return [
      `struct linger value = ${linger === null ? '{ 0, 0 }' : `{ .l_onoff = 1, .l_linger = ${linger} }`};`,
    ];
  const time = isTimeval(option) ? timevalMs(value) : undefined;
  if (time !== undefined) return [`struct timeval value = ${timeval(time)};`];
  const address = addressValue(option, String(value));
  if (address) return address;
  return typeof value === 'number' ? [`int value = ${value};`] : [`char value[] = ${cText(value)};`];
};

/** Lines that set an option, and the call's expression. */
export const cSetOption = (call: CallOf<'setsockopt'>): { lines: readonly string[]; call: string } => ({
  lines: valueLines(call),
  call: `setsockopt(${call.on}, ${call.level}, ${call.option}, &value, sizeof value)`,
});

type Asked = { readonly declared: string; readonly print: string };

const askedAs = (option: string): Asked => {
  if (option === 'SO_LINGER')
    return { declared: 'struct linger value', print: 'printf("%d %d\\n", value.l_onoff, value.l_linger);' };
  if (isTimeval(option))
    return {
      declared: 'struct timeval value',
      print: 'printf("%ld.%06ld\\n", (long)value.tv_sec, (long)value.tv_usec);',
    };
  if (option === 'IP_MULTICAST_IF')
    return { declared: 'struct in_addr value', print: 'printf("%08x\\n", ntohl(value.s_addr));' };
  if (isText.has(option))
    return { declared: 'char value[64] = ""', print: 'printf("%.*s\\n", (int)size, value);' };
  return { declared: 'int value', print: 'printf("%d\\n", value);' };
};

/** Lines that ask for an option, the call's expression, and what prints the answer. */
export const cGetOption = ({ on, level, option }: CallOf<'getsockopt'>) => {
  const { declared, print } = askedAs(option);
  return {
    lines: [`${declared};`, 'socklen_t size = sizeof value;'],
    call: `getsockopt(${on}, ${level}, ${option}, &value, &size)`,
    print,
  };
};
