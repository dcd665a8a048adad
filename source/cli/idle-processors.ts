import { closeSync, openSync, readSync } from 'node:fs';

/** Ticks that all processors together have spent, and those of them in which one had nothing to do. */
export type Ticks = { readonly all: number; readonly idle: number };

/** Of the first line of /proc/stat, `cpu user nice system idle iowait irq softirq steal …` in ticks (proc(5)); null where it is none. */
export const ticksOf = (stat: string): Ticks | null => {
  const [name, ...fields] = stat.split('\n', 1)[0]!.trim().split(/ +/);
  // What guests take is in `user` and `nice` already.
  const ticks = fields.slice(0, 8).map(Number);
  if (name !== 'cpu' || ticks.length < 5 || ticks.some(Number.isNaN)) return null;
  return { all: ticks.reduce((sum, one) => sum + one, 0), idle: ticks[3]! + ticks[4]! };
};

/** How many of `processors` had nothing to do between two looks, on average; 0 where no time has passed. */
export const idleBetween = (before: Ticks, after: Ticks, processors: number): number =>
  after.all > before.all ? ((after.idle - before.idle) / (after.all - before.all)) * processors : 0;

/** The ticks until now; null where the system does not tell them. */
export const ticksNow = (): Ticks | null => {
  try {
    const fd = openSync('/proc/stat', 'r');
    try {
      const line = Buffer.allocUnsafe(256);
      return ticksOf(line.toString('latin1', 0, readSync(fd, line, 0, line.length, 0)));
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
};
