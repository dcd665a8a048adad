import { readdirSync, readFileSync } from 'node:fs';
import { startLooker } from '../../source/cli/looking/look-worker.ts';

/*
 * A program that ends its looks, or itself, in the moment in which their thread loads koffi: its pages are among those of the
 * process from then on. Arguments: `stop` or `exit`, and a process that waits in a call on a socket.
 */

const [, , how, pid] = process.argv;

const threads = () => readdirSync('/proc/self/task').length;

const before = threads();
const looker = startLooker([Number(pid)], error => {
  throw error;
});
looker.start(() => {});
while (!readFileSync('/proc/self/maps', 'latin1').includes('koffi.node'));
if (how === 'stop') {
  looker.stop();
  while (threads() > before) await new Promise(setImmediate);
}
console.log('ended');
process.exit();
