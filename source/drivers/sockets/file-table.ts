import type { OpenFile } from '../files/raw-file.ts';

/** Closed file objects that stay known: CPython's answer too, each with words of its own. */
const keptClosed = 200;

/** Whose socket they are of: names of those that are open. */
export type FileOwner = { files: readonly string[] };

export const noFiles: readonly string[] = [];

/** What makes a file object is given what tells that it was closed. */
export type MakeFile = (closed: () => void) => OpenFile;

/** File objects by name: the open ones, and those that were closed last. */
export const createFileTable = () => {
  const files = new Map<string, OpenFile>();
  const over = new Set<string>();

  const bury = (name: string) => {
    over.add(name);
    const [oldest] = over;
    if (over.size <= keptClosed || oldest === undefined) return;
    over.delete(oldest);
    files.delete(oldest);
  };

  return {
    get: (name: string) => files.get(name),
    /** `closed` hears of it once. */
    add: (name: string, owner: FileOwner | undefined, make: MakeFile, closed: () => void) => {
      if (owner) owner.files = [...owner.files, name];
      const file = make(() => {
        if (owner) owner.files = owner.files.filter(other => other !== name);
        // Of a socket that was reset its name may be another's by now.
        if (files.get(name) === file) bury(name);
        closed();
      });
      over.delete(name);
      files.set(name, file);
    },
    /** Its socket was reset: none of them is open any more. */
    lose: (owner: FileOwner) => {
      for (const name of owner.files) bury(name);
      owner.files = noFiles;
    },
    clear: () => {
      files.clear();
      over.clear();
    },
  };
};
