import type { Status } from './ends.ts';

/**
 * What only system calls by descriptor can do: options that Node has no call for, and MSG_PEEK and MSG_DONTWAIT
 * as the kernel means them. An optional part may provide it; without it those options answer UNSUPPORTED and
 * MSG_PEEK is modelled.
 */
export type NativeSockets = {
  /** 0 or a negative errno. `value` is a C int, or the bytes of a struct. */
  readonly setsockopt: (fd: number, level: number, option: number, value: number | Uint8Array) => Status;
  /** Fills `into`; the length written or a negative errno. */
  readonly getsockopt: (fd: number, level: number, option: number, into: Uint8Array) => Status;
  /** recv(2) with MSG_DONTWAIT, and MSG_PEEK where asked for. */
  readonly recv: (fd: number, into: Uint8Array, peek: boolean) => Status;
};

/** The native part, or the reason why there is none. */
export const nativeSockets = (): NativeSockets | string => 'the optional native part is not there';
