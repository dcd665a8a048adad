import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { lingerSeconds } from '../../core/language/linger.ts';
import { optionObjection, packedObjection } from '../../core/language/python-numbers.ts';
import { isTimeval, timevalMs } from '../../core/language/timeval.ts';
import { formatDuration } from '../../core/language/units.ts';
import { tcpInfoText } from '../kernel/tcp-info.ts';
import type { Status } from '../sockets/ends.ts';
import { failureOf } from '../sockets/status.ts';
import { type NativeSockets, nativeSockets, type Reading } from './native-socket.ts';
import { intOption, levelName } from './option-numbers.ts';

/*
 * Options by Python's names on a descriptor: ints as they are, SO_LINGER as seconds or `off`, SO_RCVTIMEO and SO_SNDTIMEO
 * as a time or `none`, TCP_INFO as one line. What is read can be set.
 */

const isLinger = (level: string, option: string): boolean => level === 'SOL_SOCKET' && option === 'SO_LINGER';

const isTcpInfo = (level: string, option: string): boolean =>
  level === 'IPPROTO_TCP' && option === 'TCP_INFO';

/** The number of an option that is a struct timeval (asm-generic/socket.h); undefined for others. */
const timeOption = (level: string, option: string): number | undefined => {
  if (level !== 'SOL_SOCKET' || !isTimeval(option)) return undefined;
  return option === 'SO_RCVTIMEO' ? 20 : 21;
};

/** Whether these functions know the option: an int of the table, SO_LINGER, a timeout or TCP_INFO. */
export const isNativeOption = (level: string, option: string): boolean =>
  isLinger(levelName(level), option) ||
  timeOption(levelName(level), option) !== undefined ||
  isTcpInfo(levelName(level), option) ||
  intOption(level, option) !== undefined;

const answer = <T>(reading: Reading<T>, name: string, outcome: (value: T) => Outcome): Outcome =>
  'status' in reading ? failureOf(reading.status, name) : outcome(reading.value);

const done = (status: Status, name: string): Outcome => (status < 0 ? failureOf(status, name) : ok);

const unknown = (level: string, option: string): Outcome =>
  failure('ENOPROTOOPT', `${option} of ${level} is not known here`);

/** getsockopt: a number; a timeout as the text `2s` or `none`; SO_LINGER as the text `off` or `5s`; TCP_INFO as one line of text. */
export const nativeGetOption = (
  native: NativeSockets,
  fd: number,
  level: string,
  option: string,
): Outcome => {
  const at = levelName(level);
  if (isLinger(at, option)) {
    return answer(native.getLinger(fd), option, seconds => ({
      kind: 'text',
      text: seconds === null ? 'off' : `${seconds}s`,
    }));
  }
  const time = timeOption(at, option);
  if (time !== undefined) {
    return answer(native.getTime(fd, time), option, ms => ({
      kind: 'text',
      text: formatDuration(ms === 0 ? null : ms),
    }));
  }
  if (isTcpInfo(at, option)) {
    return answer(native.tcpInfo(fd), option, info => ({ kind: 'text', text: tcpInfoText(info) }));
  }
  const numbers = intOption(level, option);
  if (!numbers) return unknown(level, option);
  return answer(native.getInt(fd, numbers.level, numbers.option), option, number => ({
    kind: 'number',
    number,
  }));
};

/** setsockopt: an int; for SO_LINGER seconds (0: close resets) or `off`; for a timeout a time. */
export const nativeSetOption = (
  native: NativeSockets,
  fd: number,
  level: string,
  option: string,
  value: number | string,
): Outcome => {
  if (isLinger(levelName(level), option)) {
    const seconds = lingerSeconds(value);
    if (seconds === undefined && typeof value === 'string')
      return failure('VALUE', `SO_LINGER takes seconds or off, not ${value}`);
    const why = seconds === null ? null : packedObjection(seconds ?? value);
    if (why || seconds === undefined) return why ?? failure('STRUCT');
    return done(native.setLinger(fd, seconds), option);
  }
  const time = timeOption(levelName(level), option);
  if (time !== undefined) {
    const ms = timevalMs(value);
    if (ms === undefined) return failure('VALUE', `${option} takes a time (2s, 500ms, none), not ${value}`);
    return done(native.setTime(fd, time, ms), option);
  }
  const numbers = intOption(level, option);
  if (!numbers)
    return isTcpInfo(levelName(level), option) ? failure('ENOPROTOOPT', option) : unknown(level, option);
  const why = optionObjection(value);
  return why ?? done(native.setsockopt(fd, numbers.level, numbers.option, Number(value)), option);
};

const ask = (fd: number, level: string, option: string, by: (native: NativeSockets) => Outcome) => {
  if (fd < 0 || !isNativeOption(level, option)) return undefined;
  const native = nativeSockets();
  return typeof native === 'string' ? undefined : by(native);
};

/** The kernel's answer, or undefined where it cannot be asked: no native part, no descriptor, no option of its table. */
export const kernelOption = (fd: number, level: string, option: string): Outcome | undefined =>
  ask(fd, level, option, native => nativeGetOption(native, fd, level, option));

/** Sets an option by descriptor; undefined where that cannot be done. */
export const setKernelOption = (
  fd: number,
  level: string,
  option: string,
  value: number | string,
): Outcome | undefined => ask(fd, level, option, native => nativeSetOption(native, fd, level, option, value));
