import { createWatch } from '../../../source/bench/processes/create-watch.ts';
import { startLooker } from '../../../source/cli/looking/look-worker.ts';
import type { Looker } from '../../../source/core/model/looks.ts';

/** `LOOKS PID...`: prints the ms of CPU that a look with news costs the main thread, and how many sockets there were. */
const [looks = 0, ...pids] = process.argv.slice(2).map(Number);

const looker = startLooker(pids, error => {
  throw error;
});
let seen = 0;
let began = process.threadCpuUsage();
const counted: Looker = {
  start: report =>
    looker.start(news => {
      report(news);
      seen++;
      // The first tells all, and starts a thread.
      if (seen === 1) began = process.threadCpuUsage();
    }),
  stop: looker.stop,
};
const watch = createWatch({ looker: counted });
watch.subscribe(() => {
  if (seen <= looks) return;
  const { user, system } = process.threadCpuUsage(began);
  console.log('sockets', watch.state().sockets.size, 'entries', watch.journal.last());
  console.log('result', (user + system) / 1_000 / (seen - 1));
  process.exit(0);
});
