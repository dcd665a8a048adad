import { writeFileSync } from 'node:fs';

/**
 * What `ss -p`, `top` and the message of a taken port call this process: Node names its main thread "MainThread"
 * (proc(5), comm). The command line stays as it is.
 */
export const nameProcess = (): void => {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/comm', 'sockbench');
  } catch {
    // Where /proc is not writable the name stays.
  }
};
