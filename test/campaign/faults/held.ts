import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../e2e/terminal.ts';
import { isAlive, type Opened, type World } from './world.ts';

/** The program, in which something happens on SIGUSR2. */
export const asked = (way: string): Opened => ({
  options: {
    env: { WAY: way, NODE_OPTIONS: `--require ${join(projectFolder, 'test/e2e/break-off.cjs')}` },
  },
});

/** Bytes that the program holds, without its garbage. */
export const heldBy = async (world: World): Promise<number> => {
  await isAlive(world);
  const file = join(world.terminal.folder, 'held');
  rmSync(file, { force: true });
  world.terminal.kill('SIGUSR2');
  while (!existsSync(file)) await isAlive(world);
  return Number(readFileSync(file, 'utf8'));
};
