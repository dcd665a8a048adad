import type { SuspendTerminal } from 'ink';
import type { Bench } from '../bench/bench.ts';
import type { WorldStore } from '../bench/store.ts';
import { humanDuration } from '../core/units.ts';

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

/** Gives the terminal back to the shell, stops the whole job as Ctrl-Z does, and says after fg how long it stood. */
export const suspend = async (
  bench: Bench,
  store: WorldStore,
  suspendTerminal: SuspendTerminal,
): Promise<void> => {
  const say = (text: string) =>
    store.setState(({ view }) => ({
      view: { ...view, message: { text, level: 'info', until: bench.now() + 5_000 } },
    }));
  if (process.platform === 'win32') return say('Ctrl-Z suspends nothing on Windows');
  const before = Date.now();
  await suspendTerminal(async () => {
    const resumed = continued();
    process.kill(0, 'SIGTSTP');
    await resumed;
  });
  const stood = Date.now() - before;
  if (stood < leastStop) say('Not stopped: this terminal has no shell with job control');
  else
    say(
      `stopped ${stood < 60_000 ? `${Math.round(stood / 1000)} s` : humanDuration(stood)}: nothing was read`,
    );
};
