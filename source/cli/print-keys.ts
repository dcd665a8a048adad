import { formatKeys, keyRows } from '../commands/keys-list.ts';
import { prepare } from './keymap-settings.ts';

/** `sockbench keys`: the key table as it stands with the person's settings. */
export const printKeys = async (json: boolean, config: string | undefined): Promise<number> => {
  const prepared = await prepare(config);
  if (!prepared.ok) {
    process.stderr.write(`sockbench: ${prepared.message}\n`);
    return 2;
  }
  const { commands } = prepared.keymap;
  process.stdout.write(`${json ? JSON.stringify(keyRows(commands), null, 2) : formatKeys(commands)}\n`);
  return 0;
};
