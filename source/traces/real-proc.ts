import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { type ProcFiles, refused, type Told, told } from './proc-files.ts';

const attempt = <T>(read: () => T): Told<T> => {
  try {
    return told(read());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return refused(code === 'EPERM' || code === 'EACCES' ? 'denied' : 'gone');
  }
};

/** The /proc of this machine. */
export const realProc: ProcFiles = {
  read: path => attempt(() => readFileSync(`/proc/${path}`, 'latin1')),
  list: path => attempt(() => readdirSync(`/proc/${path}`)),
  link: path => attempt(() => readlinkSync(`/proc/${path}`)),
  memory: (pid, address, length) =>
    attempt(() => {
      const fd = openSync(`/proc/${pid}/mem`, 'r');
      try {
        const bytes = new Uint8Array(length);
        return bytes.subarray(0, readSync(fd, bytes, 0, length, address));
      } finally {
        closeSync(fd);
      }
    }),
};
