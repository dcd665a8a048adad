import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { t } from '../../core/words/translate.ts';

/** The C library's functions, called directly; each returns -1 and leaves `errno` where it fails. */
export type NativeLibrary = {
  readonly errno: () => number;
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: Uint8Array, length: number) => number;
  readonly connect: (fd: number, address: Uint8Array, length: number) => number;
  readonly listen: (fd: number, backlog: number) => number;
  readonly accept4: (fd: number, from: Uint8Array, fromLength: Int32Array, flags: number) => number;
  readonly shutdown: (fd: number, how: number) => number;
  readonly close: (fd: number) => number;
  readonly fcntl: (fd: number, command: number, value: number) => number;
  readonly getsockname: (fd: number, into: Uint8Array, length: Int32Array) => number;
  readonly getpeername: (fd: number, into: Uint8Array, length: Int32Array) => number;
  readonly getsockopt: (
    fd: number,
    level: number,
    option: number,
    into: ArrayBufferView,
    length: Int32Array,
  ) => number;
  readonly setsockopt: (
    fd: number,
    level: number,
    option: number,
    value: ArrayBufferView,
    length: number,
  ) => number;
  readonly send: (fd: number, data: Uint8Array, length: number, flags: number) => number;
  readonly sendto: (
    fd: number,
    data: Uint8Array,
    length: number,
    flags: number,
    to: Uint8Array,
    toLength: number,
  ) => number;
  readonly recv: (fd: number, into: Uint8Array, length: number, flags: number) => number;
  /** `into`, `from`, `fromLength`: where in memory; addressOf says it. A buffer costs a call a third of a microsecond. */
  readonly recvfrom: (
    fd: number,
    into: number,
    length: number,
    flags: number,
    from: number,
    fromLength: number,
  ) => number;
  /** `into`: where in memory. */
  readonly read: (fd: number, into: number, length: number) => number;
  readonly write: (fd: number, data: Uint8Array, length: number) => number;
  /** Where in memory the bytes of a buffer are, as long as it has them. */
  readonly addressOf: (buffer: Uint8Array) => number;
  /** What the library has no function for, by the kernel's number. */
  readonly syscall: (number: number, first: number, second: number, third: number) => number;
};

type Functions = { readonly func: (declaration: string) => unknown };

type Koffi = {
  readonly errno: () => number;
  readonly address: (buffer: Uint8Array) => bigint;
  readonly load: (path: null) => Functions;
};

const declarations: Readonly<Record<Exclude<keyof NativeLibrary, 'errno' | 'addressOf'>, string>> = {
  socket: 'int socket(int, int, int)',
  bind: 'int bind(int, void *, uint32_t)',
  connect: 'int connect(int, void *, uint32_t)',
  listen: 'int listen(int, int)',
  accept4: 'int accept4(int, void *, void *, int)',
  shutdown: 'int shutdown(int, int)',
  close: 'int close(int)',
  fcntl: 'int fcntl(int, int, int)',
  getsockname: 'int getsockname(int, void *, void *)',
  getpeername: 'int getpeername(int, void *, void *)',
  getsockopt: 'int getsockopt(int, int, int, void *, void *)',
  setsockopt: 'int setsockopt(int, int, int, void *, uint32_t)',
  send: 'intptr_t send(int, void *, size_t, int)',
  sendto: 'intptr_t sendto(int, void *, size_t, int, void *, uint32_t)',
  recv: 'intptr_t recv(int, void *, size_t, int)',
  recvfrom: 'intptr_t recvfrom(int, uintptr_t, size_t, int, uintptr_t, uintptr_t)',
  read: 'intptr_t read(int, uintptr_t, size_t)',
  write: 'intptr_t write(int, void *, size_t)',
  syscall: 'long syscall(long, long, long, long)',
};

/** Processors with the numbers of the kernel's asm-generic headers, which this house's tables are. */
const processors: readonly string[] = ['x64', 'arm64', 'ia32', 'arm', 'riscv64', 'loong64'];

/** Why the C library cannot be called here, for people; null where it can be tried. */
const unfit = (): string | null => {
  if (process.platform !== 'linux') return t`known for Linux only, this is ${process.platform}`;
  return processors.includes(process.arch) ? null : t`not known for the processor ${process.arch}`;
};

const { arch } = process;

/** The dynamic loader of musl's programs; `uname -m` names the processor. */
const muslLoader = `/lib/ld-musl-${arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`;

/**
 * koffi, or its native part alone, which is all that is used here: what the package does to find it costs four times as much
 * as the part itself. Where musl is installed the package is asked, which knows for which C library Node was built.
 * By createRequire, so that the bundler leaves this optional package outside.
 */
export const loadKoffi = (): Koffi => {
  const required = createRequire(import.meta.url);
  if (!existsSync(muslLoader)) {
    try {
      return required(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`) as Koffi;
    } catch {
      // Installed otherwise, or not at all: the package says which.
    }
  }
  return required('koffi') as Koffi;
};

/** Each function is declared when it is first asked for: koffi takes as long for all of them as it does to load. */
const declaredLate = (functions: Functions, { errno, address }: Koffi): NativeLibrary => {
  // User space is 47 bits: a number has them all.
  const library = { errno, addressOf: (buffer: Uint8Array) => Number(address(buffer)) };
  const keep = (name: string, value: unknown) => {
    Object.defineProperty(library, name, { value });
    return value;
  };
  for (const [name, text] of Object.entries(declarations))
    Object.defineProperty(library, name, {
      configurable: true,
      get: () => keep(name, functions.func(text)),
    });
  return library as NativeLibrary;
};

const load = (): NativeLibrary | string => {
  const reason = unfit();
  if (reason !== null) return reason;
  try {
    const koffi = loadKoffi();
    return declaredLate(koffi.load(null), koffi);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') return t('the optional package koffi is not installed');
    return t`koffi does not load: ${message.split('\n')[0]}`;
  }
};

let loaded: NativeLibrary | string | undefined;

/**
 * The C library, or the reason why it is out of reach. Loads koffi when first asked (about 3 ms and 8 MB), so ask
 * when an option is wanted, not at the start.
 */
export const nativeLibrary = (): NativeLibrary | string => {
  loaded ??= load();
  return loaded;
};
