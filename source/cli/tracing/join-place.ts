import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safeText } from '../../core/bytes/printable.ts';
import { t } from '../../core/words/translate.ts';

/** Bytes of a path that a Unix socket takes, with the zero behind it (unix(7): sun_path). */
const longestPath = 107;

const uid = (): number => process.getuid?.() ?? 0;

/** Where running traces of this user are found: in the user's runtime directory, or beside others' temporary files. */
const folderOfTraces = (): string => {
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'sockbench') : join(tmpdir(), `sockbench-${uid()}`);
};

/** Nobody else may put a door there: null where that is so, or what is wrong with it. */
const folderTrouble = (folder: string): string | null => {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return t`${safeText(folder)} is not there`;
  if (found.isDirectory() && found.uid === uid() && (found.mode & 0o077) === 0) return null;
  return t`${safeText(folder)} is no folder of this user alone: remove it`;
};

export type Door = { readonly pid: number; readonly path: string };

const doorOf = (pid: number): Door => ({ pid, path: join(folderOfTraces(), `trace-${pid}.sock`) });

/** The door of this very process, in a folder that is made where it is missing; or why it can have none. */
export const ownDoor = (): Door | string => {
  const folder = folderOfTraces();
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') return t`${safeText(folder)} cannot be made (${code})`;
  }
  const trouble = folderTrouble(folder);
  if (trouble) return trouble;
  const door = doorOf(process.pid);
  if (Buffer.byteLength(door.path) > longestPath)
    return t`${safeText(folder)} is too long a path for a Unix socket`;
  // Of another process that had this number once.
  rmSync(door.path, { force: true });
  return door;
};

/** Doors of traces, the newest first. Those of traces that were killed are among them. */
export const foundDoors = (): readonly Door[] => {
  const folder = folderOfTraces();
  if (folderTrouble(folder)) return [];
  return readdirSync(folder)
    .flatMap(name => {
      const pid = Number(/^trace-([1-9]\d{0,9})\.sock$/.exec(name)?.[1] ?? 0);
      const door = doorOf(pid);
      const found = pid > 0 ? lstatSync(door.path, { throwIfNoEntry: false }) : undefined;
      return found ? [{ door, at: found.mtimeMs }] : [];
    })
    .toSorted((a, b) => b.at - a.at)
    .map(({ door }) => door);
};
