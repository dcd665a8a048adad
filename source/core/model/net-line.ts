import type { NetRow, NetTable, RowState } from './proc-net.ts';

/** Tells the rest of a row by its place in what the kernel has told. */
export type LineTeller = {
  readonly state: (at: number) => RowState;
  /** Who made it. */
  readonly user: (at: number) => number;
  /** Undefined where only what stands before its inode, as wide as that of a row, is none. */
  readonly row: (at: number) => NetRow | undefined;
};

/**
 * A socket of the kernel's tables by what tells it from the others; the rest is read when it is asked for: of a thousand rows a
 * few are told. `pair`: both addresses as /proc/net prints them, the own one first; IPv4's in IPv6's table as in IPv4's. What is in
 * TIME-WAIT, often most of a table, is no process's any more and left out.
 */
export type NetLine = {
  readonly pair: string;
  readonly inode: number;
  readonly table: NetTable;
  readonly teller: LineTeller;
  readonly at: number;
};
