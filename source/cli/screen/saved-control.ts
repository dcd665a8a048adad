import type { SavedControl } from '../../commands/calling/command.ts';
import { settingsPaths } from '../../settings/paths.ts';

/** Keeps names in the settings file that is in use. What writes YAML is loaded with the first change. */
export const createSavedControl = (config: string | undefined): SavedControl => {
  const file = config ?? settingsPaths().settings;
  const loaded = () => import('../../settings/saved-settings.ts');
  return {
    keep: async (name, value) => (await loaded()).keepNamed(file, name, value),
    forget: async name => (await loaded()).forgetNamed(file, name),
  };
};
