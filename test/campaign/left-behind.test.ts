import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { checkStrace } from '../../source/cli/tracing/strace-check.ts';
import { realProc } from '../../source/traces/proc/real-proc.ts';
import { readThreads } from '../../source/traces/proc/thread-reader.ts';
import { limits } from '../support/limits.ts';
import { startedWith } from '../support/started.ts';
import { can } from './faults/fault.ts';
import { inPrograms, tracerOf } from './faults/program-faults.ts';
import { campaigns as faulty } from './faulty.ts';
import { played } from './played.ts';
import { clearScratch } from './scratch.ts';

afterAll(clearScratch);

const isLinux = process.platform === 'linux';
const strace = checkStrace();

const until = (what: () => void): Promise<void> => vi.waitFor(what, { timeout: limits.wait, interval: 20 });

/** With a thread that has not ended, if it is not the first one. */
const isThere = (pid: number): boolean => (readThreads(realProc, pid, 'x64') ?? []).length > 0;

test.runIf(isLinux && strace.ok && can('python3', '-c', ''))(
  'a fault that is lost leaves no program behind, also where its strace stands still',
  async () => {
    const pids: number[] = [];
    const fault = inPrograms('trace', async ({ terminal, victim, pidOf }) => {
      const echo = await pidOf('echo');
      const tracers = [echo, victim].map(tracerOf);
      pids.push(echo, victim, ...tracers, terminal.pid()!);
      // It holds the threads of what is killed, with all that they have open.
      for (const tracer of tracers) process.kill(tracer, 'SIGSTOP');
      throw new Error('lost');
    });
    await expect(fault).rejects.toThrow('lost');
    await until(() => expect(pids.filter(isThere)).toEqual([]));
  },
);

test.runIf(isLinux)('a campaign whose process dies leaves nothing behind', async () => {
  const dies = faulty.find(({ name }) => name === 'leaves a program')!;
  const mark = `sockbench-left-${process.pid}`;
  vi.stubEnv('MARK', mark);
  onTestFinished(() => void vi.unstubAllEnvs());
  const table = join(import.meta.dirname, 'faulty.ts');
  const tally = await played(dies, { table, deadline: Infinity, seed: 103, count: 1 });
  expect(tally.lost).toHaveLength(1);
  expect(startedWith(mark)).toEqual([]);
});

/** Guards the folder, starts a program with it, says who that is, and lives on. */
const starter = `
import { spawn } from 'node:child_process';
import { guardFolder } from ${JSON.stringify(join(import.meta.dirname, '../support/started.ts'))};
const folder = process.argv[1];
guardFolder(folder);
const { pid } = spawn('sleep', ['1000'], { env: { ...process.env, TMPDIR: folder }, detached: true, stdio: 'ignore' });
console.log(pid);
setInterval(() => {}, 1_000_000);
`;

test.runIf(isLinux)('what is killed with -9 leaves nothing behind where its folder is guarded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-guarded-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', starter, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>(resolve => child.stdout.once('data', said => resolve(Number(said))));
  expect([isThere(pid), existsSync(folder)]).toEqual([true, true]);
  child.kill('SIGKILL');
  await until(() => expect([isThere(pid), existsSync(folder)]).toEqual([false, false]));
});
