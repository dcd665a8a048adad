import type { Keymap } from '../../commands/calling/command.ts';
import type { OutsideServices } from '../../ui/app.tsx';
import { runPlain } from '../../ui/plain.ts';
import type { LabDesk } from '../labs/lab-control.ts';
import { terminal } from '../print.ts';
import { terminalGuarded } from './terminal-guard.ts';

/** The workbench in lines (`--screen-reader`), on one bench after the other. */
export const createPlain = () => {
  let turning: AbortController | undefined;
  let turned = false;

  const run = async (labs: LabDesk, keymap: Keymap, services: OutsideServices): Promise<number> => {
    await terminalGuarded();
    for (;;) {
      turning = new AbortController();
      turned = false;
      const { bench, store } = labs.onScreen();
      const { input, output } = terminal();
      const code = await runPlain({ bench, store, keymap, services, input, output, signal: turning.signal });
      if (!turned) return code;
    }
  };

  return {
    /** Resolves with the exit status. */
    run,
    /** Another bench is to be told of from now on. */
    turn: () => {
      turned = true;
      turning?.abort();
    },
  };
};
