import { mkdtempSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { portHolder } from '../../source/drivers/kernel/port-holder.ts';
import { targetsOf } from '../../source/traces/looks/look-targets.ts';
import type { Observed } from '../../source/traces/looks/observe.ts';
import { realProc } from '../../source/traces/proc/real-proc.ts';
import { compile, hasGcc } from '../support/c-compiler.ts';
import { familyOf, type Running, startProgram } from './programs.ts';
import { seeUntil, textOf } from './seeing.ts';

const needs = [await lacks('linux'), await lacks('koffi')];
const canSee = hasGcc && needs.every(lack => lack === null);

/** From here on options of such a process's sockets can be asked for (linux/pidfd.h, PIDFD_THREAD). */
const [major = 0, minor = 0] = release().split('.').map(Number);
const canAsk = major > 6 || (major === 6 && minor >= 9);

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-threads-'));
  if (canSee) compile(join(import.meta.dirname, 'first-thread-ended.c'), join(folder, 'program'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const started = async (kind: string, processes: number): Promise<Running> => {
  const running = startProgram(join(folder, 'program'), [kind]);
  await running.printed(new RegExp(`(?:process \\d+\\s+){${processes}}`));
  return running;
};

const verdictOf = (seen: Observed): string => seen.knots[0]?.kind ?? 'none';

const stateOf = (pid: number): string => {
  const status = realProc.read(`${pid}/status`);
  return status.ok ? /^State:\t(\w)/m.exec(status.value)![1]! : 'gone';
};

const haveEnded = (pids: readonly number[]): boolean => pids.every(pid => stateOf(pid) === 'Z');

describe.runIf(canSee)('a process whose first thread has ended', () => {
  test.each([
    ['recv', canAsk ? 'deadlock' : 'suspected', ' in recvfrom'],
    ['poll', 'deadlock', ' in poll'],
    ['SO_RCVTIMEO', canAsk ? 'until' : 'suspected', canAsk ? 'until its SO_RCVTIMEO' : ' in recvfrom'],
  ])('waits for another such in %s: %s', async (kind, verdict, says) => {
    const running = await started(kind, 2);
    try {
      const pids = () => familyOf(running.pid);
      const seen = await seeUntil(
        pids,
        (one, text) => haveEnded(pids()) && verdictOf(one) === verdict && text.includes(says),
      );
      for (const pid of pids()) expect(textOf(seen)).toMatch(new RegExp(`program.*\\(pid ${pid}`));
    } finally {
      await running.stop();
    }
  });

  test('waits for a client: it is found by its port and by its number, and is told as who has the port', async () => {
    const running = await started('accept', 1);
    try {
      const [, port] = await running.printed(/port (\d+)/);
      const { pid } = running;
      const seen = await seeUntil(
        () => [pid],
        (_, text) => haveEnded([pid]) && /in accept4?\(fd \d+\): waits for a client to connect/.test(text),
      );
      const looker = { pid: process.pid, uid: 0 };
      for (const word of [`:${port}`, String(pid)])
        expect(targetsOf(seen.machine, word, looker)).toEqual({ ok: true, pids: [pid] });
      expect(await portHolder('tcp', Number(port))).toMatchObject({ pid, state: 'LISTEN' });
    } finally {
      await running.stop();
    }
  });
});
