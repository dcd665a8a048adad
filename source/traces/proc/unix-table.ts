/** A row of /proc/net/unix. `path` is '' for one without a name; an abstract one begins with @. */
export type UnixRow = {
  readonly inode: number;
  readonly type: 'stream' | 'datagram' | 'packets';
  readonly state: 'LISTEN' | 'ESTAB' | 'UNCONN';
  readonly path: string;
};

/** Numbers of linux/net.h. */
const types: Readonly<Record<string, UnixRow['type']>> = {
  '0001': 'stream',
  '0002': 'datagram',
  '0005': 'packets',
};

/** __SO_ACCEPTCON of linux/net.h, a listener's flag. */
const listens = 0x10000;
/** SS_CONNECTED of linux/net.h. */
const connected = '03';

/** Num RefCount Protocol Flags Type St Inode Path. Source: proc(5). */
const rowPattern = /^[0-9a-f]+: \S+ \S+ ([0-9A-F]+) (\d{4}) (\d{2}) +(\d+)(?: (.*))?$/gm;

export const parseUnixTable = (text: string): UnixRow[] =>
  [...text.matchAll(rowPattern)].map(([, flags, type, state, inode, path]) => ({
    inode: Number(inode),
    type: types[type!] ?? 'packets',
    state:
      (Number.parseInt(flags!, 16) & listens) !== 0 ? 'LISTEN' : state === connected ? 'ESTAB' : 'UNCONN',
    path: path ?? '',
  }));
