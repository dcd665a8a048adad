import type { Result } from './moments.ts';
import { interestOf } from './poll-calls.ts';
import type { Table, Tables } from './tables.ts';
import { field, flagsIn, numberIn, type Value } from './value.ts';

/** What a call that went well does to its process's descriptors. Its result may be one. */
export type DescriptorCall = (tables: Tables, table: Table, values: readonly Value[], result: Result) => void;

/** The inode of a socket that a descriptor leads to; null where it is none. */
export const inodeIn = (target: string): number | null => {
  const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
  return inode === undefined ? null : Number(inode);
};

const copied = (tables: Tables, table: Table, { value, target }: Result, closesOnExec: boolean): void => {
  if (value === null) return;
  const inode = inodeIn(target);
  if (inode === null) tables.drop(table, value);
  else tables.set(table, value, inode, closesOnExec);
};

const dup =
  (closesOnExec: (values: readonly Value[]) => boolean): DescriptorCall =>
  (tables, table, values, result) => {
    // dup2 of a descriptor to itself does nothing (dup(2)).
    if (numberIn(values[0]) !== result.value) copied(tables, table, result, closesOnExec(values));
  };

const fcntl: DescriptorCall = (tables, table, values, result) => {
  const fd = numberIn(values[0]) ?? -1;
  const [command] = flagsIn(values[1]);
  if (command === 'F_DUPFD' || command === 'F_DUPFD_CLOEXEC') {
    copied(tables, table, result, command === 'F_DUPFD_CLOEXEC');
  } else if (command === 'F_SETFD') {
    if (flagsIn(values[2]).includes('FD_CLOEXEC')) table.closes.add(fd);
    else table.closes.delete(fd);
  }
};

const ioctl: DescriptorCall = (_, table, values) => {
  const fd = numberIn(values[0]) ?? -1;
  const [request] = flagsIn(values[1]);
  if (request === 'FIOCLEX') table.closes.add(fd);
  else if (request === 'FIONCLEX') table.closes.delete(fd);
};

/** The last descriptor is often the largest number there is. */
const closeRange: DescriptorCall = (tables, table, values) => {
  const first = numberIn(values[0]) ?? 0;
  const last = numberIn(values[1]) ?? Number.POSITIVE_INFINITY;
  const inside = [...table.sockets.keys()].filter(fd => fd >= first && fd <= last);
  const onExec = flagsIn(values[2]).includes('CLOSE_RANGE_CLOEXEC');
  for (const fd of inside) {
    if (onExec) table.closes.add(fd);
    else tables.drop(table, fd);
  }
};

const epollCtl: DescriptorCall = (_, table, values) => {
  const epoll = numberIn(values[0]) ?? -1;
  const fd = numberIn(values[2]) ?? -1;
  const interests = table.epolls.get(epoll) ?? new Map();
  table.epolls.set(epoll, interests);
  if (flagsIn(values[1]).includes('EPOLL_CTL_DEL')) interests.delete(fd);
  else interests.set(fd, interestOf(field(values[3], 'events')));
};

const close: DescriptorCall = (tables, table, values) => tables.drop(table, numberIn(values[0]) ?? -1);

/** A number that a new epoll has now may have been another's. */
const epollCreate: DescriptorCall = (tables, table, _, { value }) => {
  if (value !== null) tables.drop(table, value);
};

export const descriptorCalls: Readonly<Record<string, DescriptorCall>> = {
  close,
  close_range: closeRange,
  dup: dup(() => false),
  dup2: dup(() => false),
  dup3: dup(values => flagsIn(values[2]).includes('O_CLOEXEC')),
  fcntl,
  ioctl,
  epoll_ctl: epollCtl,
  epoll_create: epollCreate,
  epoll_create1: epollCreate,
};
