import { chmod, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { makeFolder } from '../files/make-folder.ts';
import { writeTrouble } from '../files/write-trouble.ts';
import { type Lock, withLock } from './lock-file.ts';
import { readSettingsText } from './settings.ts';
import { parseSettings, type SettingsResult } from './settings-file.ts';

/** Long lines stay as they are. */
const asWritten = { lineWidth: 0 } as const;

/** The file itself where its name is a link, as in a folder of dotfiles: what a rename would put in the link's place. */
const behindLinks = (file: string): Promise<string> => realpath(file).catch(() => file);

/** Written whole to a new file that then takes the old one's place; 0600, since payloads may be in it. */
const replace = async (file: string, text: string, lock: Lock): Promise<boolean> => {
  const next = `${file}.${process.pid}`;
  await writeFile(next, text, { mode: 0o600 });
  await chmod(next, 0o600);
  // Another may have taken the lock of one who was stopped for long.
  if (!(await lock.isHeld())) return false;
  await rename(next, file);
  return true;
};

/** Why the settings cannot be changed as wanted: nothing is written then. */
export class NotChanged extends Error {}

/**
 * Changes the settings file as it is now, comments and all: another sockbench may have written it a moment ago, and waits
 * meanwhile. The settings as they are then; refused with a sentence where the file is no settings file, or cannot be written.
 */
export const changeSettings = async (
  named: string,
  change: (document: Document) => void,
): Promise<SettingsResult> => {
  try {
    await makeFolder(dirname(named));
    const file = await behindLinks(named);
    for (;;) {
      const result = await withLock(`${file}.lock`, async lock => {
        const text = (await readSettingsText(file)) ?? '';
        const before = parseSettings(text, named);
        if (!before.ok) return before;
        const document = parseDocument(text);
        change(document);
        const after = parseSettings(document.toString(asWritten), named);
        if (!after.ok) return after;
        return (await replace(file, document.toString(asWritten), lock)) ? after : null;
      });
      if (result) return result;
    }
  } catch (error) {
    if (error instanceof NotChanged) return { ok: false, message: error.message };
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && syscall !== undefined)
      return { ok: false, message: writeTrouble(named, error) };
    return { ok: false, message: `${named}: ${message}` };
  }
};
