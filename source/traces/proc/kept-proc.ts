import type { Link, ProcFiles, Told } from './proc-files.ts';

/** What says who has which socket open: a process's descriptors, its namespace and who forked it. */
const holding = /^(\d+)\/(?:fd|ns\/net|stat)$/;

export type KeptProc = ProcFiles & { readonly forget: () => void };

/**
 * /proc, of which descriptors are kept until they are forgotten: those of a whole machine take longer to read than all that is
 * looked at ten times a second. `isWatched` says whose are read anew each time.
 */
export const keptProc = (proc: ProcFiles, isWatched: (pid: number) => boolean): KeptProc => {
  const links = new Map<string, Told<string>>();
  const folders = new Map<string, Told<readonly Link[]>>();
  const reads = new Map<string, Told<string>>();
  const kept =
    <T>(known: Map<string, Told<T>>, ask: (path: string) => Told<T>) =>
    (path: string): Told<T> => {
      const pid = holding.exec(path)?.[1];
      if (pid === undefined || isWatched(Number(pid))) return ask(path);
      const before = known.get(path);
      if (before) return before;
      const now = ask(path);
      known.set(path, now);
      return now;
    };
  return {
    read: kept(reads, proc.read),
    list: proc.list,
    link: kept(links, proc.link),
    links: kept(folders, proc.links),
    memory: proc.memory,
    forget: () => {
      links.clear();
      folders.clear();
      reads.clear();
    },
  };
};
