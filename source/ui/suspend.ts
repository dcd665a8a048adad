import { type Context, say } from '../commands/calling/command.ts';
import { keysHere } from '../commands/calling/hint-keys.ts';
import { doneBy } from '../commands/calling/keymap.ts';
import { humanDuration } from '../core/language/units.ts';
import { t } from '../core/words/translate.ts';

/** A stop shorter than this was none: the shell has no job control. In ms. */
const leastStop = 400;

/** Waits until SIGCONT comes, or a moment if nothing stopped this process. */
const continued = (): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      process.off('SIGCONT', done);
      resolve();
    };
    const timer = setTimeout(done, leastStop / 2);
    process.once('SIGCONT', done);
  });

/**
 * Gives the terminal back to the shell, stops the whole job as a shell's Ctrl-Z does, and says after fg how long it stood.
 * `away` gives the terminal away and takes it back; the mouse rests meanwhile.
 */
export const suspend = async (
  context: Pick<Context, 'source' | 'store' | 'keysFrom'>,
  away: (use: () => Promise<void>) => Promise<void>,
  restMouse: () => () => void,
): Promise<void> => {
  if (process.platform === 'win32')
    return say(context, t`${doneBy(keysHere(context), 'suspend')} suspends nothing on Windows`);
  const before = Date.now();
  await away(async () => {
    const wakeMouse = restMouse();
    const resumed = continued();
    process.kill(0, 'SIGTSTP');
    await resumed;
    wakeMouse();
  });
  const stood = Date.now() - before;
  if (stood < leastStop) return say(context, t('Not stopped: this terminal has no shell with job control'));
  const words = stood < 60_000 ? `${Math.round(stood / 1000)} s` : humanDuration(stood);
  say(context, t`stopped ${words}: nothing was read`);
};
