import { t } from '../core/words/translate.ts';
import { readBounded, readTrouble } from '../files/bounded-file.ts';
import type { Settings, SettingsResult } from './settings-file.ts';

export type { Settings };

/** Settings are a page of text; what is larger is something else. In bytes. */
const largestSettings = 1024 * 1024;

/** Its text; null where there is no such file. Rejects with the system's error. */
export const readSettingsText = async (file: string): Promise<string | null> => {
  try {
    return new TextDecoder().decode(await readBounded(file, { most: largestSettings, pipes: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/**
 * Reads a settings file. A missing default file is no fault; a missing named one is. What reads YAML is loaded only
 * where there is something to read: it costs 15 ms of the first frame.
 */
export const readSettings = async (file: string, named: boolean): Promise<SettingsResult> => {
  try {
    const text = await readSettingsText(file);
    if (text === null)
      return named ? { ok: false, message: t`${file}: there is no such file` } : { ok: true, settings: {} };
    const { parseSettings } = await import('./settings-file.ts');
    return parseSettings(text, file);
  } catch (error) {
    return { ok: false, message: `${file}: ${readTrouble(error)}` };
  }
};
