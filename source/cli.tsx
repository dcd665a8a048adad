import { setTimeout as pause } from 'node:timers/promises';
import { leaveLookups } from './cli/leave-lookups.ts';
import { complain, endWithOutput, written } from './cli/print.ts';
import { nameProcess } from './cli/process-name.ts';
import { run } from './cli/program.ts';

/** How long a reader that does not read may hold up a program that a signal ended, in ms. */
const lastWait = 500;

/** The exit status where standard output failed: what was to be said did not arrive. */
let broken: number | undefined;

/** Ends once what was printed has left: a pipe's reader may be slow. */
const end = async (code: number): Promise<never> => {
  const left = written();
  await (code > 128 ? Promise.race([left, pause(lastWait)]) : left);
  leaveLookups(broken ?? code);
  process.exit(broken ?? code);
};

endWithOutput(code => {
  broken = code;
  void end(code);
});

/** What nobody caught: while the screen is drawn it has a listener of its own, which restores the terminal first. */
process.on('uncaughtException', error => {
  if (process.listenerCount('uncaughtException') > 1) return;
  complain(`sockbench: ${error instanceof Error ? error.stack : String(error)}`);
  void end(1);
});

nameProcess();
await end(await run(process.argv));
