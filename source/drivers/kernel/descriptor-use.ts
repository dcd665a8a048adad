import { readdirSync, readFileSync } from 'node:fs';

/** Descriptors that this process has open, and how many the system lets it have (RLIMIT_NOFILE, getrlimit(2)). */
export type DescriptorUse = { readonly open: number; readonly limit: number };

/** What is open and what may be, on Linux; null where the system does not tell. Source: proc(5), fd and limits. */
export const descriptorUse = (): DescriptorUse | null => {
  try {
    const limit = Number(/^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isFinite(limit) ? { open: readdirSync('/proc/self/fd').length, limit } : null;
  } catch {
    return null;
  }
};
