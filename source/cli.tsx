import { setTimeout as pause } from 'node:timers/promises';
import { crashed, crashStatus } from './cli/crash.ts';
import { giveBackAtRest } from './cli/heap-at-rest.ts';
import { leaveLookups } from './cli/leave-lookups.ts';
import { boundNewSpace } from './cli/new-space.ts';
import { endWithOutput, written } from './cli/print.ts';
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

/** How long what a crash has left open may take to close, in ms. */
const lastClosing = 5_000;

/** What nobody caught, rejections too (Node's documentation, --unhandled-rejections). */
process.on('uncaughtException', error => {
  if (crashed(error)) setTimeout(() => void end(crashStatus), lastClosing);
  else void end(crashStatus);
});

nameProcess();
boundNewSpace();
giveBackAtRest();
await end(await run(process.argv));
