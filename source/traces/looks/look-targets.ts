import { safeText } from '../../core/bytes/printable.ts';
import { nearest } from '../../core/language/suggest.ts';
import { t } from '../../core/words/translate.ts';
import type { Machine } from '../proc/machine.ts';
import { orElse } from '../proc/proc-files.ts';
import { hasEnded, isKernels } from '../proc/process-reader.ts';
import { statusField } from '../proc/status-fields.ts';
import { livingThread } from '../proc/through-threads.ts';
import { waitOf } from '../verdict/thread-waits.ts';

/** Whom a look is about: processes, or what is wrong with the word that names them. */
export type Targets =
  | { readonly ok: true; readonly pids: readonly number[] }
  | { readonly ok: false; readonly message: string };

const bad = (message: string): Targets => ({ ok: false, message });

const good = (pids: readonly number[]): Targets => ({ ok: true, pids });

/** Who looks, by which command: a name never means itself, and root has nobody to ask. */
export type Looker = {
  readonly pid: number;
  readonly uid: number;
  readonly command?: 'why' | 'watch';
};

const wayOut = ({ uid, command = 'why' }: Looker, word: string): string =>
  uid === 0 ? t('not even root may, here') : `sudo sockbench ${command} ${word}`;

/** The number of a thread stands for its process. */
const byPid = (machine: Machine, word: string, looker: Looker): Targets => {
  const status = orElse(machine.status(Number(word)), '');
  if (status === '') return bad(t`${word}: there is no process of that number (pid); ps -e lists them`);
  if (isKernels(status))
    return bad(t`${word}: this is a thread of the kernel, which is in no program's call`);
  const pid = Number(statusField(status, 'Tgid')) || Number(word);
  const { name, uid, parent } = machine.process(pid) ?? { name: 'it', uid: '?', parent: '?' };
  if (hasEnded(status) && livingThread(machine.proc, pid) === pid)
    return bad(
      t`${word}: ${safeText(name)} has ended; its parent, pid ${parent}, has not yet asked how (wait)`,
    );
  if (!machine.closed.has(pid)) return good([pid]);
  return bad(
    t`${word}: ${safeText(name)} runs as uid ${uid}, and the kernel does not let you look into it: ${wayOut(looker, word)}`,
  );
};

const byPort = (machine: Machine, word: string, looker: Looker): Targets => {
  const port = Number(word.slice(1));
  if (!/^:\d{1,5}$/.test(word) || port > 65_535)
    return bad(t`${safeText(word)} is no port: write :8000, between :1 and :65535`);
  const inodes = machine.worlds().flatMap(world => world.onPort(port));
  if (inodes.length === 0)
    return bad(
      t`${word}: no socket of this machine has this local port; ss -tulnp lists those that have one`,
    );
  const pids = [...new Set(inodes.flatMap(inode => machine.holders(inode).map(({ pid }) => pid)))];
  if (pids.length > 0) return good(pids);
  return bad(
    looker.uid === 0
      ? t`${word}: no process that is seen here holds it: one of another container, or the kernel itself`
      : t`${word}: whoever holds it is another user's process: ${wayOut(looker, word)}`,
  );
};

const basename = (path: string): string => path.split('/').at(-1)!;

/** What people call a process: its name, its program, and the script that an interpreter runs, with their folders or without. */
const namesOf = (machine: Machine, pid: number): string[] => {
  const facts = machine.process(pid);
  if (!facts) return [];
  const script = facts.argv.slice(1).find(word => !word.startsWith('-')) ?? '';
  const [program = ''] = facts.argv;
  return [facts.name, program, script, basename(program), basename(script)].filter(name => name !== '');
};

const byName = (machine: Machine, word: string, looker: Looker): Targets => {
  const named = machine.pids
    .filter(pid => pid !== looker.pid)
    .map(pid => ({ pid, names: namesOf(machine, pid) }))
    .filter(({ names }) => names.length > 0);
  const pids = named.filter(({ names }) => names.includes(word)).map(({ pid }) => pid);
  const open = pids.filter(pid => !machine.closed.has(pid));
  if (open.length > 0) return good(open);
  const name = safeText(word);
  if (pids.length > 0)
    return bad(
      t`${name}: the kernel does not let you look into its processes, which are another's: ${wayOut(looker, name)}`,
    );
  const near = nearest(word, [...new Set(named.map(({ names }) => names[0]!))]);
  return bad(
    t`${name}: no process has this name${near ? t`: did you mean ${safeText(near)}?` : t('; ps -e lists them')}`,
  );
};

/** The processes that one word of the command line names: PID, :PORT or NAME. */
export const targetsOf = (machine: Machine, word: string, looker: Looker): Targets => {
  if (word === '') return bad(t('an empty word names no process: write a PID, a NAME or :PORT'));
  if (/^\d+$/.test(word)) return byPid(machine, word, looker);
  return (word.startsWith(':') ? byPort : byName)(machine, word, looker);
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
