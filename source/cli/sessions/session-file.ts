import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { getHeapStatistics } from 'node:v8';
import { safeText } from '../../core/bytes/payload.ts';
import type { Entry } from '../../core/model/entry.ts';
import { marked, t } from '../../core/words/translate.ts';
import type { StoredFile } from '../../formats/session/entry-places.ts';
import {
  createEntryReader,
  createSessionReader,
  type ReadSession,
  type Walked,
} from '../../formats/session/read-session.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: marked('there is no such file'),
  ENOTDIR: marked('there is no such file: a part of its path is no folder'),
  EISDIR: marked('this is a folder; name a session file in it'),
  EACCES: marked('you may not read this file (EACCES)'),
};

/** Bytes of the longest session that is read. */
const mostBytes = 2 * 1024 ** 3;

const tooMuch = marked(
  'more than 2 GiB are not read; its beginning is a session too: head -c 1000000000 FILE > PART',
);

const reasonOf = (code: string): string => {
  const reason = reasons[code];
  return reason ? t(reason) : t`cannot be read (${safeText(code)})`;
};

/** Looked at after so many bytes, in which entries cannot fill what is left of the heap. */
const checkEvery = 4 * 1024 ** 2;

/** What V8's limit counts for young objects, which entries are not for long: three spaces of 64 MiB. */
const youngBytes = 192 * 1024 ** 2;

/** Entries have filled most of what Node gives; the rest is for what is done with them. */
const heapIsFull = (): boolean => {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used > Math.max(limit / 3, 0.75 * (limit - youngBytes));
};

const heapWords = marked(
  'does not fit into the memory that Node may use: give it more, NODE_OPTIONS=--max-old-space-size=8192 (MiB), or read its beginning, head -n 100000 FILE > PART',
);

/** Descriptors that the shell has opened for this program: `<(command)`, standard input under its path. */
const isOpenAlready = (file: string): boolean => /^\/(?:dev|proc\/self)\/(?:fd\/\d+|stdin)$/.test(file);

/** Why nothing is read from this path; null where it is a file that can be. Opening a pipe that nobody writes to would wait for ever. */
const unreadable = async (file: string, most: number): Promise<string | null> => {
  const found = await stat(file);
  if (found.isDirectory()) return reasonOf('EISDIR');
  if (found.isFile()) return found.size > most ? t(tooMuch) : null;
  if (isOpenAlready(file)) return null;
  return t('this is a pipe or a device, no file: "sockbench export - < PIPE" reads one');
};

const readBytes = async (source: AsyncIterable<Uint8Array>, name: string): Promise<ReadSession> => {
  const reader = createSessionReader(name);
  let size = 0;
  let checkAt = checkEvery;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > mostBytes) return { ok: false, message: `${name}: ${t(tooMuch)}` };
    const refused = reader.take(chunk);
    if (refused) return refused;
    if (size < checkAt) continue;
    checkAt += checkEvery;
    if (heapIsFull()) return { ok: false, message: `${name}: ${t(heapWords)}` };
  }
  return reader.end();
};

/** What reading a file comes to, or the sentence that says why the system does not let it be read. */
const orTrouble = async <T>(
  file: string,
  name: string,
  most: number,
  read: () => Promise<T>,
): Promise<T | { readonly ok: false; readonly message: string }> => {
  try {
    const trouble = file === '-' ? null : await unreadable(file, most);
    if (trouble) return { ok: false, message: `${name}: ${trouble}` };
    return await read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, message: `${name}: ${reasonOf(code)}` };
  }
};

const chunksOf = (file: string): AsyncIterable<Uint8Array> =>
  file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1024 ** 2 });

/** The session in a file, or in standard input for `-`; refused with one sentence that names the file. */
export const readSessionFile = (file: string): Promise<ReadSession> => {
  const name = file === '-' ? t('standard input') : safeText(file);
  return orTrouble(file, name, mostBytes, () => readBytes(chunksOf(file), name));
};

/**
 * Gives `use` the open file of a session of any length, which may be read as often as it is wanted; null where it is none that can
 * be: standard input, a pipe that a shell has opened.
 */
export const withSessionFile = async <T>(
  file: string,
  use: (stored: StoredFile) => Promise<T>,
): Promise<T | null | { readonly ok: false; readonly message: string }> => {
  if (file === '-' || isOpenAlready(file)) return null;
  const name = safeText(file);
  const opened = await orTrouble(file, name, Number.POSITIVE_INFINITY, async () => {
    const handle = await open(file);
    return { ok: true, handle, size: (await handle.stat()).size } as const;
  });
  if (!opened.ok) return opened;
  const { handle, size } = opened;
  try {
    return await use({ fd: handle.fd, size, name });
  } finally {
    await handle.close();
  }
};

/** Hears entries in order, some at a time; the next come when it is done with these. */
export type SeeEntries = (entries: readonly Entry[]) => Promise<void> | void;

/** Goes through the session in a file of any length and keeps nothing of it. */
export const walkSessionFile = (file: string, see: SeeEntries): Promise<Walked> => {
  const name = safeText(file);
  return orTrouble(file, name, Number.POSITIVE_INFINITY, async () => {
    let entries: Entry[] = [];
    const reader = createEntryReader(name, entry => entries.push(entry));
    const hand = async () => {
      const some = entries;
      entries = [];
      if (some.length > 0) await see(some);
    };
    for await (const chunk of chunksOf(file)) {
      const refused = reader.take(chunk);
      if (refused) return refused;
      await hand();
    }
    const end = reader.end();
    await hand();
    return end;
  });
};
