import { settingsPaths } from '../settings/paths.ts';
import { readSettings } from '../settings/settings.ts';
import type { GlobalFlags } from './global-flags.ts';

/** What the settings file says of colour; a file that cannot be read is refused later, by what needs all of it. */
const colourSetting = async (config: string | undefined): Promise<boolean | undefined> => {
  const read = await readSettings(config ?? settingsPaths().settings, false);
  return read.ok ? read.settings.color : undefined;
};

/**
 * Switches colour off where a flag, NO_COLOR or the settings say so. To be called before the screen's libraries are
 * loaded: chalk reads FORCE_COLOR once, then, and NO_COLOR never.
 */
export const decideColour = async ({ color, config }: GlobalFlags): Promise<void> => {
  const off = color === false || process.env.NO_COLOR || (await colourSetting(config)) === false;
  if (off) process.env.FORCE_COLOR = '0';
};
