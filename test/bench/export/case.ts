import { join } from 'node:path';
import { projectFolder } from '../../e2e/terminal.ts';
import type { Aim, BenchCase, Contender } from '../case.ts';
import { stopping, subject } from '../subject.ts';
import { ofMillion, sessionOf } from './session.ts';

const sockbench = [process.execPath, join(projectFolder, 'bin/sockbench.cjs')];

/** Of a command's run. */
type Took = { readonly seconds: number; readonly megabytes: number };

/** Its output goes nowhere. */
const tookBy = async (command: readonly string[]): Promise<Took> => {
  const peer = subject('export/timed.py', command);
  return stopping([peer], async () => {
    const [, seconds, megabytes] = await peer.until(/^took (\S+) (\S+)$/m);
    return { seconds: Number(seconds), megabytes: Number(megabytes) };
  });
};

const formats = ['jsonl', 'strace', 'pcapng'] as const;

const contendersOf = (figure: (took: Took) => number): readonly Contender[] => [
  ...formats.map(format => ({
    name: format,
    run: async (entries: number) =>
      figure(await tookBy([...sockbench, 'export', await sessionOf(entries), '--to', format])),
  })),
  { name: 'cat', run: async entries => figure(await tookBy(['cat', await sessionOf(entries)])) },
];

const aimsOf = (limit: number): readonly Aim[] => formats.map(of => ({ of, limit }));

export const exporting: BenchCase = {
  ...ofMillion,
  name: 'export',
  what: 'sockbench export of a session of 1 million entries, 64 bytes each, to nowhere',
  unit: 's',
  contenders: contendersOf(({ seconds }) => seconds),
  aims: aimsOf(5),
};

export const exportMemory: BenchCase = {
  ...ofMillion,
  name: 'export-memory',
  what: 'what the same has resident at its most',
  unit: 'MB',
  contenders: contendersOf(({ megabytes }) => megabytes),
  aims: aimsOf(250),
};
