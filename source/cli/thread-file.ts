import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/** Where a thread's program is: in a file of its own beside the parts of a build, else in the module that starts it. */
export const threadFile = (built: string | undefined, module: string): URL =>
  new URL(built ?? module, module);

/**
 * The environment of a thread, which finds there where compiled code is kept: module.enableCompileCache is for the thread that calls it
 * alone, and what it answers lies a folder deeper than what it was asked for (Node docs, module compile cache).
 */
export const threadEnv = (): NodeJS.ProcessEnv => {
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
};
