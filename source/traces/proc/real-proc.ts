import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { type Link, type ProcFiles, refused, type Told, told } from './proc-files.ts';
import { throughThreads } from './through-threads.ts';

const isDenied = (error: unknown): boolean => {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EPERM' || code === 'EACCES';
};

const attempt = <T>(read: () => T): Told<T> => {
  try {
    return told(read());
  } catch (error) {
    return refused(isDenied(error) ? 'denied' : 'gone');
  }
};

/** In one go: a machine has thousands, and what stands around each of them costs more than the kernel's answer. */
const linksOf = (folder: string): Link[] => {
  const links: Link[] = [];
  for (const name of readdirSync(folder)) {
    try {
      links.push({ name, target: readlinkSync(`${folder}/${name}`) });
    } catch (error) {
      if (isDenied(error)) throw error;
    }
  }
  return links;
};

/** Files of /proc say 0 for their size: room that is kept spares each its own, which grows while it is read. */
let room = Buffer.allocUnsafe(1 << 16);

const grown = (full: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> => {
  const larger = Buffer.allocUnsafe(4 * full.length);
  full.copy(larger);
  return larger;
};

/**
 * What is told in one piece, or row after row of less than half a page: it has ended once a read gives less than that. To ask for
 * the end walks the kernel's whole table again, of a quarter of a million places on a large machine (net/ipv4/tcp_ipv4.c).
 */
const isShort = /\/(?:net\/(?:tcp|udp)6?|status|stat|syscall|wchan)$/;
const halfPage = 2048;

const readWhole = (fd: number, least: number): string => {
  let length = 0;
  for (;;) {
    const asked = room.length - length;
    const count = readSync(fd, room, length, asked, null);
    length += count;
    if (count < Math.min(least, asked)) return room.toString('latin1', 0, length);
    if (length === room.length) room = grown(room);
  }
};

const withFile = <T>(path: string, use: (fd: number) => T): T => {
  const fd = openSync(path, 'r');
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

const files: ProcFiles = {
  read: path =>
    attempt(() => withFile(`/proc/${path}`, fd => readWhole(fd, isShort.test(path) ? halfPage : 1))),
  list: path => attempt(() => readdirSync(`/proc/${path}`)),
  link: path => attempt(() => readlinkSync(`/proc/${path}`)),
  links: path => attempt(() => linksOf(`/proc/${path}`)),
  memory: (pid, address, length) =>
    attempt(() =>
      withFile(`/proc/${pid}/mem`, fd => {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(fd, bytes, 0, length, address));
      }),
    ),
};

/** The /proc of this machine. */
export const realProc: ProcFiles = throughThreads(files);
