import { rmSync } from 'node:fs';
import { endStartedWith } from './started.ts';

/** `guard.ts FOLDER`: see `guardFolder`. Its input ends with whoever started it. */
const [folder = ''] = process.argv.slice(2);

process.stdin.resume().once('close', () => {
  endStartedWith(folder);
  rmSync(folder, { recursive: true, force: true });
});
