import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Bytes that a process of 64 bits can address: 47 bits are its own (x86-64, arm64). */
const addressable = 2 ** 47;

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const swap = (): number => Number(/^SwapTotal:\s*(\d+) kB/m.exec(read('/proc/meminfo'))?.[1] ?? 0) * 1024;

const ask = (): number => {
  const always = read('/proc/sys/vm/overcommit_memory').trim() === '1';
  return process.platform === 'linux' && !always ? totalmem() + swap() : addressable;
};

let known: number | undefined;

/**
 * Bytes that the system promises in one allocation, which is what decides between an answer and Python's MemoryError:
 * Linux refuses more than memory and swap together (vm.overcommit_memory of proc(5)). Nothing is allocated here.
 */
export const allocatable = (): number => {
  known ??= ask();
  return known;
};
