import { settingsPaths } from '../settings/paths.ts';
import { readSettings } from '../settings/settings.ts';
import type { Colours } from '../ui/theme.ts';
import type { GlobalFlags } from './global-flags.ts';

/** What the settings file says of colour; a file that cannot be read is refused later, by what needs all of it. */
const colourSetting = async (config: string | undefined): Promise<boolean | undefined> => {
  const read = await readSettings(config ?? settingsPaths().settings, false);
  return read.ok ? read.settings.color : undefined;
};

/**
 * Notes in the environment that no colour is wanted, where a flag or the settings say so: what is started from here has that from
 * there too.
 */
export const decideColour = async ({ color, config }: GlobalFlags): Promise<void> => {
  const off = color === false || process.env.NO_COLOR || (await colourSetting(config)) === false;
  if (off) process.env.NO_COLOR ||= '1';
};

/** How many colours the screen uses. What it draws without any is bold, reversed or dim all the same. */
export const coloursOf = (env: NodeJS.ProcessEnv): Colours => {
  if (env.NO_COLOR) return 'none';
  const { FORCE_COLOR: forced } = env;
  if (forced === '0' || forced === 'false') return 'none';
  if (forced !== undefined) return Number(forced) >= 2 ? 256 : 16;
  return /-256(color)?$/i.test(env.TERM ?? '') || env.COLORTERM === 'truecolor' ? 256 : 16;
};
