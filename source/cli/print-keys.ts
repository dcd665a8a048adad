import { formatKeys, keyRows } from '../commands/calling/keys-list.ts';
import { complain, print, printJson } from './print.ts';
import { prepare } from './screen/keymap-settings.ts';

/** `sockbench keys`: the key table as it stands with the person's settings. */
export const printKeys = async (json: boolean, config: string | undefined): Promise<number> => {
  const prepared = await prepare(config);
  if (!prepared.ok) {
    complain(`sockbench: ${prepared.message}`);
    return 2;
  }
  const { commands } = prepared.keymap;
  if (json) printJson(keyRows(commands));
  else print(formatKeys(commands));
  return 0;
};
