import { readBounded, readTrouble } from '../files/bounded-file.ts';
import type { Settings, SettingsResult } from './settings-file.ts';

export type { Settings };

/** Settings are a page of text; what is larger is something else. In bytes. */
const largestSettings = 1024 * 1024;

/**
 * Reads a settings file. A missing default file is no fault; a missing named one is. What reads YAML is loaded only
 * where there is something to read: it costs 15 ms of the first frame.
 */
export const readSettings = async (file: string, named: boolean): Promise<SettingsResult> => {
  try {
    const text = new TextDecoder().decode(await readBounded(file, { most: largestSettings, pipes: true }));
    const { parseSettings } = await import('./settings-file.ts');
    return parseSettings(text, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !named) return { ok: true, settings: {} };
    return { ok: false, message: `${file}: ${readTrouble(error)}` };
  }
};
