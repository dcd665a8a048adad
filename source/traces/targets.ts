import { safeText } from '../core/printable.ts';
import { nearest } from '../core/suggest.ts';
import type { Machine } from './machine.ts';
import { waitOf } from './waits.ts';

/** Whom a look is about: processes, or what is wrong with the word that names them. */
export type Targets =
  | { readonly ok: true; readonly pids: readonly number[] }
  | { readonly ok: false; readonly message: string };

const bad = (message: string): Targets => ({ ok: false, message });

const good = (pids: readonly number[]): Targets => ({ ok: true, pids });

const byPid = (machine: Machine, word: string): Targets => {
  const pid = Number(word);
  const facts = machine.process(pid);
  if (!facts) return bad(`${word}: there is no process of that number (pid); ps -e lists them`);
  if (!machine.closed.has(pid)) return good([pid]);
  return bad(
    `${word}: ${safeText(facts.name)} runs as uid ${facts.uid}, and the kernel does not let you look into it: sudo sockbench why ${word}`,
  );
};

const byPort = (machine: Machine, word: string): Targets => {
  const port = Number(word.slice(1));
  if (!/^:\d{1,5}$/.test(word) || port > 65_535)
    return bad(`${safeText(word)} is no port: write :8000, between :1 and :65535`);
  const inodes = machine.worlds().flatMap(world => world.onPort(port));
  if (inodes.length === 0)
    return bad(`${word}: no socket of this machine has this local port; ss -tulnp lists those that have one`);
  const pids = [...new Set(inodes.flatMap(inode => machine.holders(inode).map(({ pid }) => pid)))];
  if (pids.length > 0) return good(pids);
  return bad(`${word}: whoever holds it is another user's process: sudo sockbench why ${word}`);
};

const basename = (path: string): string => path.split('/').at(-1)!;

/** What people call a process: its name, its program, and the script that an interpreter runs. */
const namesOf = (machine: Machine, pid: number): string[] => {
  const facts = machine.process(pid);
  if (!facts) return [];
  const script = facts.argv.slice(1).find(word => !word.startsWith('-')) ?? '';
  return [facts.name, basename(facts.argv[0] ?? ''), basename(script)].filter(name => name !== '');
};

const byName = (machine: Machine, word: string, self: number): Targets => {
  const named = machine.pids
    .filter(pid => pid !== self)
    .map(pid => ({ pid, names: namesOf(machine, pid) }))
    .filter(({ names }) => names.length > 0);
  const pids = named.filter(({ names }) => names.includes(word)).map(({ pid }) => pid);
  const open = pids.filter(pid => !machine.closed.has(pid));
  if (open.length > 0) return good(open);
  const name = safeText(word);
  if (pids.length > 0)
    return bad(
      `${name}: the kernel does not let you look into its processes, which are another's: sudo sockbench why ${name}`,
    );
  const near = nearest(word, [...new Set(named.map(({ names }) => names[0]!))]);
  return bad(
    `${name}: no process has this name${near ? `: did you mean ${safeText(near)}?` : '; ps -e lists them'}`,
  );
};

/** The processes that one word of the command line names: PID, :PORT or NAME. `self` is never meant by a name. */
export const targetsOf = (machine: Machine, word: string, self: number): Targets => {
  if (/^\d+$/.test(word)) return byPid(machine, word);
  return word.startsWith(':') ? byPort(machine, word) : byName(machine, word, self);
};

/** Every process of a user that is in a call on a socket; of all users where `uid` is null. */
export const blockedProcesses = (machine: Machine, uid: number | null, self: number): number[] =>
  machine.pids.filter(pid => {
    if (pid === self || machine.closed.has(pid)) return false;
    if (!machine.descriptors(pid).some(({ kind }) => kind === 'socket')) return false;
    const facts = machine.process(pid);
    if (!facts || (uid !== null && facts.uid !== uid)) return false;
    return machine.threads(pid).some(thread => {
      if (thread.call.kind === 'hidden') return true;
      return waitOf(machine, thread).needs.some(({ socket }) => socket !== null);
    });
  });
