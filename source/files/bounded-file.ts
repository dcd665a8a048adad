import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { formatSize } from '../core/language/units.ts';
import { marked, t } from '../core/words/translate.ts';

/** What to read, and how much of it. */
export type ReadOptions = {
  /** Bytes; a file of more is refused, so that no input without an end fills the memory. */
  readonly most: number;
  /** A pipe is read too, to its end: `<(command)` of a shell is one. Else it is refused. */
  readonly pipes?: boolean;
  /** How long a pipe may give nothing, in ms. Default: 10 s. */
  readonly silence?: number;
  readonly signal?: AbortSignal;
  /** Told where the file was changed or grew meanwhile: what was read is its beginning as it was. */
  readonly changed?: () => void;
};

/** Refusals of this file's own, beside the system's codes. */
export type FileCode = 'NOT_A_FILE' | 'TOO_LARGE' | 'WOULD_WAIT';

const refusal = (code: FileCode, message: string): NodeJS.ErrnoException =>
  Object.assign(new Error(message), { code });

const reasons: Readonly<Record<string, string>> = {
  ENOENT: marked('there is no such file'),
  ENOTDIR: marked('a part of this path is no folder'),
  EISDIR: marked('this is a folder; name a file in it'),
  EACCES: marked('you may not read it (EACCES)'),
  EPERM: marked('the system does not let it be read (EPERM)'),
  ELOOP: marked('its links lead round in a circle (ELOOP)'),
  ENAMETOOLONG: marked('this is a name longer than the system takes'),
  ENXIO: marked('nothing is behind it (ENXIO)'),
  ERR_INVALID_ARG_VALUE: marked('a path has no NUL in it'),
};

/** Why a file was not read: a clause to stand behind its name. */
export const readTrouble = (error: unknown): string => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'NOT_A_FILE' || code === 'TOO_LARGE' || code === 'WOULD_WAIT') return message;
  const reason = reasons[code];
  return reason ? t(reason) : t`the system refuses it (${code || String(error)})`;
};

/** `~` and `~/x` as a shell has them; a file of that name is `./~`. */
export const expandHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;

/**
 * Neither waits where a pipe has no writer nor takes a terminal as this process's own (open(2)). Absent on Windows.
 */
const quietly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

const refuseKind = (stats: Stats, pipes: boolean): void => {
  if (stats.isFile() || (pipes && stats.isFIFO())) return;
  if (stats.isDirectory()) throw Object.assign(new Error('folder'), { code: 'EISDIR' });
  const kind = stats.isFIFO()
    ? t('a pipe')
    : stats.isSocket()
      ? t('a socket')
      : stats.isBlockDevice()
        ? t('a disk')
        : t('a terminal or another device');
  throw refusal(
    'NOT_A_FILE',
    t`this is ${kind}, no file with an end: keep what it gives in a file, name that`,
  );
};

/** What one read(2) asks for, in bytes: between two of them the reading can be called off. */
const step = 4 * 1024 * 1024;

/** How long a pipe without anything in it is left alone before it is asked again, and before it is given up, in ms. */
const emptyPipePause = 10;
const longestSilence = 10_000;

type Reader = { readonly read: (into: Uint8Array) => Promise<number> };

/** read(2) that does not hold a thread: an empty pipe is asked again, all else that would wait is refused. */
const readerOf = (
  handle: FileHandle,
  waits: boolean,
  { signal, silence = longestSilence }: ReadOptions,
): Reader => ({
  read: async into => {
    for (let asked = 0; ; asked++) {
      signal?.throwIfAborted();
      try {
        return (await handle.read(into, 0, Math.min(step, into.length))).bytesRead;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        if (!waits) throw refusal('WOULD_WAIT', t('it has nothing to read now (EAGAIN)'));
        if (asked * emptyPipePause >= silence)
          throw refusal('WOULD_WAIT', t('nothing comes out of it: name a file'));
        await pause(emptyPipePause);
      }
    }
  },
});

/** Up to `size` bytes, fewer where the file has become shorter. */
const readSized = async ({ read }: Reader, size: number): Promise<Uint8Array> => {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const count = await read(bytes.subarray(length));
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
};

const tooLarge = (most: number): Error =>
  refusal('TOO_LARGE', t`it has more than ${formatSize(most)}, which is the most that is read`);

/** To the end, of what tells no size beforehand: pipes, and files of /proc, whose size is 0 (proc(5)). */
const readToEnd = async ({ read }: Reader, most: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  const room = Buffer.allocUnsafeSlow(64 * 1024);
  for (;;) {
    const count = await read(room);
    if (count === 0) return Buffer.concat(parts);
    length += count;
    if (length > most) throw tooLarge(most);
    parts.push(Uint8Array.prototype.slice.call(room, 0, count));
  }
};

const isChanged = (before: Stats, after: Stats): boolean =>
  after.size !== before.size || after.mtimeMs !== before.mtimeMs;

const withFile = async <T>(
  path: string,
  { most, pipes = false }: ReadOptions,
  use: (handle: FileHandle, stats: Stats) => Promise<T>,
): Promise<T> => {
  const file = expandHome(path);
  refuseKind(await stat(file), pipes);
  const handle = await open(file, quietly);
  try {
    const stats = await handle.stat();
    refuseKind(stats, pipes);
    if (stats.size > most) throw tooLarge(most);
    return await use(handle, stats);
  } finally {
    await handle.close();
  }
};

/**
 * What a file holds, as long as it was when it was opened; `~` is the home folder. Nothing but an ordinary file is
 * opened, so that no thread waits for ever on a pipe or a device and no memory runs full; it is looked at once more
 * after opening, since another may have taken its place. Rejects with an error that `readTrouble` puts into words.
 */
export const readBounded = (path: string, options: ReadOptions): Promise<Uint8Array> =>
  withFile(path, options, async (handle, before) => {
    const { most, changed } = options;
    const reader = readerOf(handle, before.isFIFO(), options);
    if (before.size === 0) return await readToEnd(reader, most);
    const bytes = await readSized(reader, before.size);
    if (isChanged(before, await handle.stat())) changed?.();
    return bytes;
  });

/** Rejects as `readBounded` would, without reading. */
export const checkBounded = (path: string, options: ReadOptions): Promise<void> =>
  withFile(path, options, async () => {});
