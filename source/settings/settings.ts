import { readFile } from 'node:fs/promises';
import type { Settings, SettingsResult } from './settings-file.ts';

export type { Settings };

/**
 * Reads a settings file. A missing default file is no fault; a missing named one is. What reads YAML is loaded only
 * where there is something to read: it costs 15 ms of the first frame.
 */
export const readSettings = async (file: string, named: boolean): Promise<SettingsResult> => {
  try {
    const text = await readFile(file, 'utf8');
    const { parseSettings } = await import('./settings-file.ts');
    return parseSettings(text, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !named) return { ok: true, settings: {} };
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? String(error)})`;
    return { ok: false, message: `${file}: ${why}` };
  }
};
