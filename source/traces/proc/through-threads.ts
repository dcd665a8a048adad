import { orElse, type ProcFiles, type Told } from './proc-files.ts';

/** What the threads of a process have in common, and a first thread that has ended has no more: its files are empty, or refused. */
const common = /^(\d+)(\/(?:fd|fdinfo|ns|net|cmdline|timers|maps)(?:\/.*)?)$/;

/** The state of a process or thread: field 3 of its stat, behind a name that may hold anything (proc(5)). */
const stateOf = (proc: ProcFiles, path: string): string => {
  const stat = orElse(proc.read(`${path}/stat`), '');
  return stat.charAt(stat.lastIndexOf(')') + 2);
};

const hasEnded = (state: string): boolean => state === '' || 'ZX'.includes(state);

/**
 * The number by which a process is asked: of one whose first thread has ended (pthread_exit(3) in main), and is a zombie until the
 * last one has, that of another thread, which /proc takes as well, though it lists none.
 */
export const livingThread = (proc: ProcFiles, pid: number): number => {
  if (stateOf(proc, String(pid)) !== 'Z') return pid;
  const tids = orElse(proc.list(`${pid}/task`), []);
  return Number(tids.find(tid => !hasEnded(stateOf(proc, `${pid}/task/${tid}`))) ?? pid);
};

/** /proc, in which a process goes on as long as one of its threads does. */
export const throughThreads = (proc: ProcFiles): ProcFiles => {
  const otherPath = (path: string): string | null => {
    const [, pid, rest] = common.exec(path) ?? [];
    if (pid === undefined) return null;
    const tid = livingThread(proc, Number(pid));
    return tid === Number(pid) ? null : `${tid}${rest}`;
  };
  const through =
    <T extends { readonly length: number }>(ask: (path: string) => Told<T>) =>
    (path: string): Told<T> => {
      const answer = ask(path);
      if (answer.ok && answer.value.length > 0) return answer;
      const other = otherPath(path);
      return other === null ? answer : ask(other);
    };
  return {
    read: through(proc.read),
    list: through(proc.list),
    link: through(proc.link),
    links: through(proc.links),
    memory: (pid, address, length) => {
      const answer = proc.memory(pid, address, length);
      const tid = answer.ok ? pid : livingThread(proc, pid);
      return tid === pid ? answer : proc.memory(tid, address, length);
    },
  };
};
