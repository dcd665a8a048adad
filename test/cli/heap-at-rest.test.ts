import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'vitest';
import { startPeer } from '../e2e/foreign.ts';

const module = pathToFileURL(resolve(import.meta.dirname, '../../source/cli/heap-at-rest.ts')).href;

/** Makes half a million objects that survive, 48 MB, lets go of them, and says when half of that is no longer resident. */
const program = `
  import { giveBackAtRest } from ${JSON.stringify(module)};
  import { setImmediate as turn } from 'node:timers/promises';
  giveBackAtRest(200);
  let kept = [];
  for (let n = 0; n < 500_000; n++) {
    kept.push({ n, of: [n, [n]] });
    if (n % 5_000 === 0) await turn();
  }
  const made = process.memoryUsage.rss();
  console.log('made', kept.length);
  kept = [];
  setInterval(() => made - process.memoryUsage.rss() > 24e6 && console.log('given back'), 50);`;

test('what a flood has left in the heap is given back once the program rests', async () => {
  const peer = startPeer(process.execPath, ['--input-type=module', '--eval', program]);
  await peer.until(/^made 500000$/m);
  await peer.until(/^given back$/m);
  await peer.stop();
});
