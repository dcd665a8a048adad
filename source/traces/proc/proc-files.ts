/**
 * Why /proc did not tell: what was asked for is gone (or never was), or it is not told to this user (proc(5), ptrace access
 * mode; EPERM and EACCES).
 */
export type Refusal = 'gone' | 'denied';

export type Told<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Refusal };

/** A symbolic link of a folder, by its name there. */
export type Link = { readonly name: string; readonly target: string };

/** Reads /proc; paths are relative to it: `4711/status`. A test passes files that it made up. */
export type ProcFiles = {
  readonly read: (path: string) => Told<string>;
  readonly list: (path: string) => Told<readonly string[]>;
  readonly link: (path: string) => Told<string>;
  /** All links of a folder, but for those that are gone since it was listed; refused where one of them is denied. */
  readonly links: (path: string) => Told<readonly Link[]>;
  /** Bytes of another process's memory, which needs the rights of a debugger. */
  readonly memory: (pid: number, address: number, length: number) => Told<Uint8Array>;
};

export const told = <T>(value: T): Told<T> => ({ ok: true, value });

export const refused = (why: Refusal): Told<never> => ({ ok: false, why });

/** The value, or another where there is none. */
export const orElse = <T>(answer: Told<T>, other: T): T => (answer.ok ? answer.value : other);
