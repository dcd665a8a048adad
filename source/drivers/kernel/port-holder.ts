import { readdir, readFile, readlink } from 'node:fs/promises';
import { endianness } from 'node:os';
import { basename } from 'node:path';
import type { InetEndpoint } from '../../core/addresses/endpoint.ts';
import { type NetRow, type NetTable, parseNetTable, type RowState } from '../../core/model/proc-net.ts';
import { socketInode } from './own-files.ts';
import { createTableReader } from './table-reader.ts';

/**
 * Who has a port. `pid` is null, and `name` '', where the system does not tell: the process is another user's,
 * or none holds it any more (`state` TIME-WAIT).
 */
export type PortHolder = {
  readonly pid: number | null;
  readonly name: string;
  readonly state: RowState;
  readonly local: InetEndpoint;
};

const tables: Readonly<Record<'tcp' | 'udp', readonly NetTable[]>> = {
  tcp: ['tcp', 'tcp6'],
  udp: ['udp', 'udp6'],
};

/** A listener before connections, and a socket that is open before one that is not: the likeliest to be in the way. */
const rank = (row: NetRow): number => (row.state === 'LISTEN' ? 0 : row.inode === 0 ? 2 : 1);

/** What the system's tables list on a port, the likeliest to be in the way first. */
const rowsOnPort = (protocol: 'tcp' | 'udp', port: number): NetRow[] => {
  const read = createTableReader();
  const names = tables[protocol];
  const { texts } = read({ paths: names.map(name => `/proc/net/${name}`), locals: [port], remotes: [] });
  const rows = texts.flatMap((text, i) => parseNetTable(text, names[i]!, endianness() === 'LE'));
  return rows.sort((a, b) => rank(a) - rank(b));
};

/**
 * For how many ms more a TCP port is held by nothing but connections that were closed and wait for late segments; null
 * where something else holds it, nothing does, or the system does not tell.
 */
export const timeWaitOn = (port: number): number | null => {
  if (process.platform !== 'linux') return null;
  try {
    const rows = rowsOnPort('tcp', port);
    const waits = rows.length > 0 && rows.every(({ state }) => state === 'TIME-WAIT');
    return waits ? Math.max(...rows.map(({ timerMs }) => timerMs)) : null;
  } catch {
    return null;
  }
};

const listed = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** A process whose first thread has ended has its files by any other thread's number (proc(5)). */
const openFiles = async (pid: string): Promise<readonly string[]> => {
  const filesOf = async (id: string) => (await listed(`/proc/${id}/fd`)).map(fd => `/proc/${id}/fd/${fd}`);
  const files = await filesOf(pid);
  if (files.length > 0) return files;
  for (const tid of await listed(`/proc/${pid}/task`)) {
    const others = tid === pid ? [] : await filesOf(tid);
    if (others.length > 0) return others;
  }
  return [];
};

const holdsInode = async (pid: string, inode: number): Promise<boolean> => {
  for (const file of await openFiles(pid)) {
    const link = await readlink(file).catch(() => '');
    if (socketInode(link) === inode) return true;
  }
  return false;
};

/** The command's name; where a Node process calls its main thread by another name, its program's. */
const processName = async (pid: string): Promise<string> => {
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trimEnd();
  if (name !== '' && !name.endsWith('MainThread')) return name;
  return basename(await readlink(`/proc/${pid}/exe`).catch(() => name));
};

/**
 * Which process holds a TCP or UDP port on any address of this machine; null where none does, or where the
 * system keeps no such table. Looks through the open files of every process, this one first: for a message after
 * EADDRINUSE, not for every frame. Source: proc(5).
 */
export const portHolder = async (protocol: 'tcp' | 'udp', port: number): Promise<PortHolder | null> => {
  if (process.platform !== 'linux') return null;
  try {
    const [row] = rowsOnPort(protocol, port);
    if (!row) return null;
    const { state, local, inode } = row;
    const numbers = inode === 0 ? [] : (await readdir('/proc')).filter(name => /^\d+$/.test(name));
    for (const pid of new Set([String(process.pid), ...numbers])) {
      if (inode === 0 || !(await holdsInode(pid, inode))) continue;
      return { pid: Number(pid), name: await processName(pid), state, local };
    }
    return { pid: null, name: '', state, local };
  } catch {
    // /proc closed to this user: nothing is known.
    return null;
  }
};
