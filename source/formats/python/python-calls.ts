import type { Endpoint, InetEndpoint } from '../../core/addresses/endpoint.ts';
import type { Call, CallOf, RecvFlag } from '../../core/calls/call.ts';
import { lingerSeconds } from '../../core/language/linger.ts';
import { isTimeval, timevalMs } from '../../core/language/timeval.ts';
import { digits } from '../../core/language/units.ts';
import type { SocketType } from '../../core/model/names.ts';
import { internet } from '../../core/model/transports.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import { pythonData, pythonText } from './python-literals.ts';
import { pythonWrap } from './python-tls.ts';

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

/** What a call's code depends on besides the call. */
export type CallContext = {
  /** The expression for the port of the call's address, where the number in the session is not the one to use. */
  readonly port: (planned: PlannedCall) => string | undefined;
  readonly typeOf: (socket: string) => SocketType;
  /** Mode of a file object. */
  readonly modeOf: (file: string) => string;
};

const flagsOf = (flags: readonly RecvFlag[] | undefined): string =>
  flags && flags.length > 0 ? `, ${flags.map(flag => `socket.${flag}`).join(' | ')}` : '';

/** `*` stands for every interface in the lab language, '' in Python. */
const hostOf = (host: string): string => pythonText(host === '*' ? '' : host);

const portOf = (planned: PlannedCall, { port }: InetEndpoint, context: CallContext): string => {
  const known = context.port(planned);
  if (known !== undefined) return known;
  if (typeof port === 'number') return digits(port);
  const protocol = internet[context.typeOf(planned.call.on)];
  return `socket.getservbyname(${pythonText(port)}, "${protocol}")`;
};

const addressOf = (planned: PlannedCall, address: Endpoint, context: CallContext): string =>
  address.kind === 'unix'
    ? pythonText(address.path)
    : `(${hostOf(address.host)}, ${portOf(planned, address, context)})`;

/** A file object in text mode takes str. */
const writeArgument = (call: Extract<Call, { name: 'write' }>, context: CallContext): string => {
  const data = pythonData(call.data);
  return context.modeOf(call.on).includes('b') ? data : `(${data}).decode()`;
};

const moduleArguments = (first: string, second: string | undefined): string =>
  second === undefined ? first : `${first}, ${pythonText(second)}`;

const textOrNone = (text: string | null): string => (text === null ? 'None' : pythonText(text));

const resolve = ({ host, port, family, type }: Extract<Call, { name: 'getaddrinfo' }>): string => {
  const service = typeof port === 'number' ? digits(port) : textOrNone(port);
  const wanted = `socket.${family ?? 'AF_UNSPEC'}${type === undefined ? '' : `, socket.${type}`}`;
  return `c.value = [found[4][:2] for found in socket.getaddrinfo(${textOrNone(host)}, ${service}, ${wanted})]`;
};

const made = (planned: PlannedCall): string =>
  planned.outcome?.kind === 'made' ? planned.outcome.name : (planned.call.as ?? '_');

/** The statements that make a call with Python's socket module; what it returns becomes `c.value`. */
export const pythonCall = (planned: PlannedCall, context: CallContext): string[] => {
  const { call } = planned;
  const { on } = call;
  switch (call.name) {
    case 'socket':
      return [`${made(planned)} = socket.socket(socket.${call.family}, socket.${call.type})`];
    case 'bind':
    case 'connect':
      return [`${on}.${call.name}(${addressOf(planned, call.address, context)})`];
    case 'listen':
      return [`${on}.listen(${digits(call.backlog)})`];
    case 'accept':
      return [`${made(planned)}, c.value = ${on}.accept()`];
    case 'send':
      return [`c.value = ${on}.send(${pythonData(call.data)}${flagsOf(call.flags)})`];
    case 'sendall':
      return [`${on}.sendall(${pythonData(call.data)})`];
    case 'sendto':
      return [
        `c.value = ${on}.sendto(${pythonData(call.data)}, ${addressOf(planned, call.address, context)})`,
      ];
    case 'recv':
    case 'recvfrom':
      return [`c.value = ${on}.${call.name}(${digits(call.size)}${flagsOf(call.flags)})`];
    case 'wrap':
      return pythonWrap(planned, call);
    case 'shutdown':
      return [`${on}.shutdown(socket.${call.how})`];
    case 'close':
      return [`${on}.close()`];
    case 'reset':
      return [
        `${on}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))`,
        `${on}.close()`,
      ];
    case 'settimeout':
      return [`${on}.settimeout(${call.timeout === null ? 'None' : call.timeout / 1000})`];
    case 'gettimeout':
    case 'getsockname':
    case 'getpeername':
    case 'readline':
      return [`c.value = ${on}.${call.name}()`];
    case 'setsockopt':
      return [pythonSetOption(call)];
    case 'getsockopt':
      return [pythonGetOption(call)];
    case 'makefile':
      return [
        `${made(planned)} = ${on}.makefile(${pythonText(call.mode)}${call.buffering === undefined ? '' : `, ${digits(call.buffering)}`})`,
      ];
    case 'read':
      return [`c.value = ${on}.read(${call.size === undefined ? '' : digits(call.size)})`];
    case 'write':
      return [`c.value = ${on}.write(${writeArgument(call, context)})`];
    case 'flush':
      return [`${on}.flush()`];
    case 'getaddrinfo':
      return [resolve(call)];
    case 'gethostbyaddr':
      return [`c.value = socket.gethostbyaddr(${pythonText(call.host)})[0]`];
    case 'getservbyname':
      return [`c.value = socket.getservbyname(${moduleArguments(pythonText(call.service), call.protocol)})`];
    case 'poll':
      return [];
    case 'getservbyport':
      return [`c.value = socket.getservbyport(${moduleArguments(digits(call.port), call.protocol)})`];
  }
};
