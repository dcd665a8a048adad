/** What a call that waits for several asks of a descriptor. */
export type Want = { readonly fd: number; readonly reads: boolean; readonly writes: boolean };

/** From poll(2) and asm-generic/poll.h; POLLRDHUP and POLLPRI wait for the peer too. */
const readEvents = 0x1 | 0x2 | 0x40 | 0x80 | 0x2000;
const writeEvents = 0x4 | 0x100 | 0x200;

export const pollEntryBytes = 8;

/** struct pollfd: int fd, short events, short revents. A negative descriptor is passed over. */
export const decodePollArray = (bytes: Uint8Array): Want[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wants: Want[] = [];
  for (let at = 0; at + pollEntryBytes <= bytes.length; at += pollEntryBytes) {
    const fd = view.getInt32(at, true);
    const events = view.getUint16(at + 4, true);
    if (fd >= 0) wants.push(wantOf(fd, events));
  }
  return wants;
};

const wantOf = (fd: number, events: number): Want => ({
  fd,
  reads: (events & readEvents) !== 0,
  writes: (events & writeEvents) !== 0,
});

/** Bytes of a set of `count` descriptors: the kernel takes whole longs (select(2)). */
export const setBytes = (count: number): number => Math.ceil(count / 64) * 8;

const hasBit = (set: Uint8Array | null, fd: number): boolean =>
  set !== null && ((set[fd >> 3] ?? 0) & (1 << (fd & 7))) !== 0;

/** The three sets of select, null where none was passed; one for exceptions is read as one for reading. */
export const decodeSelectSets = (
  count: number,
  [reads, writes, excepts]: readonly [Uint8Array | null, Uint8Array | null, Uint8Array | null],
): Want[] => {
  const wants: Want[] = [];
  for (let fd = 0; fd < count; fd++) {
    const read = hasBit(reads, fd) || hasBit(excepts, fd);
    const write = hasBit(writes, fd);
    if (read || write) wants.push({ fd, reads: read, writes: write });
  }
  return wants;
};

/** What an epoll watches: the descriptor's number when it was added, and the inode that it then was. */
export type EpollTarget = Want & { readonly inode: number };

/** The lines `tfd: 6 events: 19 data: 6 pos:0 ino:1e6096 sdev:9` of an epoll's fdinfo (proc(5)); numbers are hexadecimal. */
export const parseEpollTargets = (fdinfo: string): EpollTarget[] =>
  [...fdinfo.matchAll(/^tfd: +(\d+) events: +([0-9a-f]+) .*\bino:([0-9a-f]+)/gm)].map(
    ([, fd, events, inode]) => ({
      ...wantOf(Number(fd), Number.parseInt(events!, 16)),
      inode: Number.parseInt(inode!, 16),
    }),
  );
