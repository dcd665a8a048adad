import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../../scripts/bundle.ts';
import { ensureBuilt, projectFolder, type StartOptions, start, type Terminal } from '../../e2e/terminal.ts';
import { type BenchCase, type Contender, percentile } from '../case.ts';
import { pressKeys } from './press.ts';

let folder = '';

/** Entries so far, as the log's title tells. */
const entriesOf = (terminal: Terminal): number =>
  Number(/([\d,.]+) entries/.exec(terminal.picture())?.[1]?.replace(/\D/g, '') ?? 0);

/** Milliseconds from a key's leaving to its being seen on the screen: the time that 95 of 100 keys stay below. */
const keysToFrames = async (options: StartOptions, keys: number, least: number): Promise<number> => {
  const terminal = start(options);
  try {
    await terminal.ready();
    await terminal.until(/u1 UNCONN/);
    const began = { at: performance.now(), entries: entriesOf(terminal) };
    const times = await pressKeys(terminal, keys);
    const rate = ((entriesOf(terminal) - began.entries) / (performance.now() - began.at)) * 1000;
    if (rate < least) throw new Error(`${Math.round(rate)} entries/s instead of ${least}`);
    return percentile(times, 0.95);
  } finally {
    await terminal.dispose();
  }
};

const args = ['listen', 'udp://127.0.0.1:0'];

const idle: Contender = { name: 'idle', run: keys => keysToFrames({ args }, keys, 0) };

const flooded: Contender = {
  name: '100,000 entries/s',
  run: keys => keysToFrames({ args, program: join(folder, 'flooded.mjs') }, keys, keys > 50 ? 90_000 : 1),
};

export const keys: BenchCase = {
  name: 'keys',
  what: 'key to frame in a pty of 120x36, the time that 95 of 100 keys stay below',
  unit: 'ms',
  better: 'less',
  rounds: 5,
  size: 100,
  tinySize: 6,
  contenders: [idle, flooded],
  aims: [
    { of: idle.name, limit: 33 },
    { of: flooded.name, limit: 50 },
  ],
  before: async () => {
    ensureBuilt();
    const cache = join(projectFolder, 'node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    folder = mkdtempSync(join(cache, 'flooded-'));
    await bundle({
      entry: 'source/cli.tsx',
      outfile: join(folder, 'flooded.mjs'),
      plugins: [
        {
          name: 'flood',
          setup: build => {
            build.onResolve({ filter: /\/node-machine\.ts$/ }, () => ({
              path: join(projectFolder, 'test/bench/keys/flood-machine.ts'),
            }));
          },
        },
      ],
    });
  },
  after: async () => rmSync(folder, { recursive: true, force: true }),
};
