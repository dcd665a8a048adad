import type { Endpoint, InetEndpoint } from '../../core/addresses/endpoint.ts';
import type { Call, RecvFlag } from '../../core/calls/call.ts';
import { digits } from '../../core/language/units.ts';
import type { SocketType } from '../../core/model/names.ts';
import { internet } from '../../core/model/transports.ts';
import type { PlannedCall } from '../call-plan.ts';
import { pythonData, pythonText } from './python-literals.ts';
import { pythonGetOption, pythonSetOption } from './python-options.ts';
import { pythonWrap } from './python-tls.ts';

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
