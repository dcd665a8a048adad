import type { Outcome } from '../../core/calls/outcome.ts';
import { isNativeOption, nativeGetOption, nativeSetOption } from './native-options.ts';
import { type NativeSockets, nativeSockets } from './native-socket.ts';

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
