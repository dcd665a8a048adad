import { decideColour } from '../colour.ts';
import type { GlobalFlags } from '../global-flags.ts';
import { guardTerminal } from './terminal-guard.ts';

/** Before a screen's libraries are read: who gives the terminal back is started beside, and colour is decided. */
export const beforeScreen = async (flags: GlobalFlags): Promise<void> => {
  guardTerminal(flags.screenReader !== true);
  await decideColour(flags);
};
