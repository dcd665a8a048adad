import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
import { optionObjection } from '../../core/language/python-numbers.ts';
import { t } from '../../core/words/translate.ts';
import { kernelOption, setKernelOption } from '../native/native-options.ts';
import { nativeSockets } from '../native/native-socket.ts';
import { intOption } from '../native/option-numbers.ts';
import { type NodeOption, nodeOptions } from '../node/node-options.ts';
import { type AnySocket, descriptorOf } from './any-socket.ts';

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

const withoutNode = (option: string): Failure => {
  const native = nativeSockets();
  const why = typeof native === 'string' ? `: ${native}` : '';
  return failure('UNSUPPORTED', t`Node has no call for ${option} on this socket${why}`);
};

/** The row of an option that Node has, or why there is none. */
const nodeOptionOf = (socket: AnySocket, level: string, option: string): NodeOption | Failure => {
  const found = Object.hasOwn(nodeOptions, option) ? nodeOptions[option] : undefined;
  if (!found) return withoutNode(option);
  if (found.level !== levels[level]) return failure('ENOPROTOOPT', `${option} is not at ${level}`);
  return found.applies(socket) ? found : withoutNode(option);
};

const levelObjection = (level: string): Failure | null =>
  Object.hasOwn(levels, level)
    ? null
    : failure('VALUE', `no level ${level}: SOL_SOCKET, IPPROTO_TCP, IPPROTO_IP or IPPROTO_IPV6`);

const setByNode = (socket: AnySocket, level: string, option: string, value: Value): Outcome => {
  const spec = nodeOptionOf(socket, level, option);
  if ('kind' in spec) return spec;
  if (!spec.set) return failure('ENOPROTOOPT', `${option} is read only`);
  if (!socket.end()?.native && spec.beyondNode?.(value)) return withoutNode(`${option} ${value}`);
  const outcome = spec.set(socket, value);
  if (outcome.kind === 'none') socket.options.set(option, spec.onOff ? Number(value !== 0) : value);
  return outcome;
};

/** IPV6_MULTICAST_IF is the index of an interface, or its name. */
const isInt = (level: string, option: string, value: Value): boolean =>
  intOption(level, option) !== undefined || (option === 'IPV6_MULTICAST_IF' && typeof value === 'number');

/**
 * setsockopt: the kernel's own answer where the native part reaches the socket; else by Node's calls, where options that it lacks are UNSUPPORTED with the reason. Numbers are refused as CPython refuses them.
 */
export const setOption = (socket: AnySocket, level: string, option: string, value: Value): Outcome => {
  const why = levelObjection(level) ?? (isInt(level, option, value) ? optionObjection(value) : null);
  if (why) return why;
  const outcome = setKernelOption(descriptorOf(socket), level, option, value);
  if (!outcome) return setByNode(socket, level, option, value);
  if (outcome.kind === 'none') socket.options.set(option, value);
  return outcome;
};

/** getsockopt: the kernel's answer where it can be asked, else what was set here, else the kernel's default. */
export const getOption = (socket: AnySocket, level: string, option: string): Outcome => {
  const asked = levelObjection(level) ?? kernelOption(descriptorOf(socket), level, option);
  if (asked) return asked;
  const spec = nodeOptionOf(socket, level, option);
  if ('kind' in spec) return spec;
  if (spec.get) return spec.get(socket);
  const value = socket.options.get(option) ?? spec.initial;
  if (value === undefined) return failure('ENOPROTOOPT', `${option} can only be set`);
  const fallback = socket.options.has(option) ? t('as set here') : t("the kernel's default, not asked");
  return typeof value === 'number'
    ? { kind: 'number', number: value, fallback }
    : { kind: 'text', text: value, fallback };
};
