import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStrace } from '../../../source/cli/tracing/strace-check.ts';
import { straceFlags } from '../../../source/cli/tracing/strace-program.ts';
import { startPeer } from '../../e2e/foreign.ts';
import { ensureBuilt, projectFolder } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';
import { resultOf, stopping } from '../subject.ts';

const program = join(projectFolder, 'bin/sockbench.cjs');
const pair = join(import.meta.dirname, '../peers/echo-pair.py');

/** So many times more where nothing stops the programs: a run lasts about as long then. */
const more = 20;

const run = async (command: string, args: readonly string[], count: number): Promise<number> => {
  const peer = startPeer(command, [...args, pair, String(count)]);
  return stopping([peer], () => resultOf(peer));
};

const alone: Contender = { name: 'alone', run: size => run('python3', [], size * more) };

const strace: Contender = {
  name: 'under strace alone',
  run: size => run('strace', [...straceFlags, '-o', '/dev/null', 'python3'], size),
};

const sockbench: Contender = {
  name: 'under sockbench trace',
  run: async size => {
    const folder = mkdtempSync(join(tmpdir(), 'sockbench-bench-'));
    const args = [program, 'trace', '--no-screen', '-o', join(folder, 'lines'), '--', 'python3'];
    try {
      return await run(process.execPath, args, size);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const strain = checkStrace();

export const trace: BenchCase = {
  name: 'trace',
  what: strain.ok
    ? 'an echo pair of 64 bytes in CPython, two processes, and the same where each call is told'
    : 'skipped: nothing can be traced here',
  unit: 'exchanges/s',
  better: 'more',
  rounds: 7,
  size: 3_000,
  tinySize: 20,
  contenders: strain.ok ? [alone, strace, sockbench] : [],
  aims: [],
  before: async () => ensureBuilt(),
};
