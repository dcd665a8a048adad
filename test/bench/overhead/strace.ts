import { execFileSync } from 'node:child_process';

/** With a filter in the kernel (strace(1), --seccomp-bpf) only these stop the process: all else runs as it does alone. */
export const straceWords = (traced: readonly string[], file: string): readonly string[] => [
  '-f',
  '--seccomp-bpf',
  '-T',
  '-o',
  file,
  '-e',
  `trace=${traced.join()}`,
];

/** Why nothing can be traced here, '' where it can. */
export const straceTrouble = (): string => {
  try {
    execFileSync('strace', [...straceWords(['bind'], '/dev/null'), 'true'], { stdio: 'pipe' });
    return '';
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    return code === 'ENOENT' ? 'there is no strace here' : `strace: ${String(stderr).split('\n')[0]}`;
  }
};

/** One system call: its name, what it returned, and its time in microseconds. */
export type Traced = { readonly name: string; readonly returned: number; readonly us: number };

const line = /^(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>).* = (-?\d+)\b.* <([\d.]+)>$/;

/** The calls of the thread that the file begins with, which is the process's first. */
export const readTrace = (text: string): readonly Traced[] => {
  const calls: Traced[] = [];
  const main = /^\d+/.exec(text)?.[0];
  for (const row of text.split('\n')) {
    const [, thread, name = '', returned, seconds] = line.exec(row) ?? [];
    if (thread === undefined || thread !== main) continue;
    calls.push({ name, returned: Number(returned), us: Number(seconds) * 1e6 });
  }
  return calls;
};
