import type { Keymap } from '../../commands/calling/command.ts';
import { buildKeymap, type KeyOverrides } from '../../commands/calling/keymap.ts';
import { commandTable } from '../../commands/calling/table.ts';
import { settingsPaths } from '../../settings/paths.ts';
import { readSettings, type Settings } from '../../settings/settings.ts';

export type Prepared =
  | { readonly ok: true; readonly settings: Settings; readonly keymap: Keymap }
  | { readonly ok: false; readonly message: string };

const overridesOf = ({ keys = {} }: Settings): KeyOverrides =>
  Object.fromEntries(
    Object.entries(keys).map(([id, value]) => [id, typeof value === 'string' ? [value] : value]),
  );

/** The person's settings and the keymap they make; refused where the file or a key in it cannot be used. */
export const prepare = async (config: string | undefined): Promise<Prepared> => {
  const file = config ?? settingsPaths().settings;
  const read = await readSettings(file, config !== undefined);
  if (!read.ok) return read;
  const built = buildKeymap(commandTable, overridesOf(read.settings));
  if (!built.ok) return { ok: false, message: built.messages.map(each => `${file}: ${each}`).join('\n') };
  return { ok: true, settings: read.settings, keymap: built.keymap };
};
