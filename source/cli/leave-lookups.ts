import { lookupsInFlight } from '../drivers/system/resolver.ts';

/** Node 22.15 and later, on Unix (Node's documentation, process.execve). */
type Execve = (file: string, args: readonly string[], environment: NodeJS.ProcessEnv) => void;

/**
 * Ends the process with a status where a look-up is in flight; returns where none is. process.exit waits for the threads
 * of libuv's pool, and with them for a resolver that does not answer: 10 s and more (resolv.conf(5), timeout and
 * attempts). Another image in this process's place does not; a shell that exits is the smallest that is everywhere.
 */
export const leaveLookups = (status: number): void => {
  const { execve } = process as { readonly execve?: Execve };
  if (lookupsInFlight() === 0 || !execve) return;
  process.emit('exit', status);
  try {
    execve('/bin/sh', ['sh', '-c', `exit ${status}`], {});
  } catch {
    // No shell: then the resolver is waited for.
  }
};
