import type { Family, SocketType } from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';
import { isNativeOption, nativeApply, nativeGetOption, nativeSetOption } from './native-options.ts';
import { type NativeSockets, nativeSockets } from './native-socket.ts';
import { failureOf } from './status.ts';

/** A socket of the driver, as far as options by descriptor go; `fd` is -1 where the kernel has none yet. */
export type OptionTarget = {
  readonly family: Family;
  readonly type: SocketType;
  readonly fd: number;
  readonly options: ReadonlyMap<string, number | string>;
};

/** Asks a socket made for the question alone, with the options that the real one will have. */
const onScratch = (native: NativeSockets, target: OptionTarget, ask: (fd: number) => Outcome): Outcome => {
  const fd = native.openSocket(target.family, target.type);
  if (fd < 0) return failureOf(fd);
  for (const [name, value] of target.options) nativeApply(native, fd, name, value);
  const outcome = ask(fd);
  native.close(fd);
  return outcome;
};

const ask = (
  target: OptionTarget,
  level: string,
  option: string,
  by: (native: NativeSockets, fd: number) => Outcome,
) => {
  if (!isNativeOption(level, option)) return undefined;
  const native = nativeSockets();
  if (typeof native === 'string') return undefined;
  return target.fd >= 0 ? by(native, target.fd) : onScratch(native, target, fd => by(native, fd));
};

/** The kernel's answer, or undefined where it cannot be asked: no native part, or not an option of its table. */
export const kernelOption = (target: OptionTarget, level: string, option: string): Outcome | undefined =>
  ask(target, level, option, (native, fd) => nativeGetOption(native, fd, level, option));

/**
 * Sets an option by descriptor; undefined where that cannot be done. Before the kernel's socket is there it only
 * tells whether the kernel would take it: who calls remembers the value for native-open.ts.
 */
export const setKernelOption = (
  target: OptionTarget,
  level: string,
  option: string,
  value: number | string,
): Outcome | undefined =>
  ask(target, level, option, (native, fd) => nativeSetOption(native, fd, level, option, value));
