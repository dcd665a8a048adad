import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import type { Observed } from '../../source/traces/looks/observe.ts';
import { familyOf, startProgram } from './programs.ts';
import { seeUntil, textOf } from './seeing.ts';

const script = join(import.meta.dirname, 'knots.py');
const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const canSee = needs.every(lack => lack === null);

/** Each as often as this; `SOCKBENCH_WHY_RUNS=20` for a proof. */
const runs = Number(process.env.SOCKBENCH_WHY_RUNS ?? 1);

/** Starts it, waits until all its processes have said so and the answer is as it should be. */
const withKnot = async (
  kind: string,
  processes: number,
  holds: (seen: Observed, text: string) => boolean,
): Promise<{ readonly seen: Observed; readonly text: string }> => {
  const running = startProgram('python3', [script, kind]);
  try {
    await running.printed(new RegExp(`(?:process \\d+\\s+){${processes}}`));
    const seen = await seeUntil(() => familyOf(running.pid), holds);
    return { seen, text: textOf(seen) };
  } finally {
    await running.stop();
  }
};

const verdictOf = (seen: Observed): string => seen.knots[0]?.kind ?? 'none';

describe.runIf(canSee)('DEADLOCK, by program, pid, thread and call', () => {
  describe.each(Array.from({ length: runs }, (_, run) => run + 1))('run %i', () => {
    test.each([
      ['both-recv', 2, 'recvfrom'],
      ['both-send', 2, 'sendto'],
      ['ring', 3, 'recvfrom'],
      ['threads', 2, 'recvfrom'],
      ['poll', 2, 'poll'],
      ['unix', 2, 'recvfrom'],
      ['udp', 2, 'recvfrom'],
    ])('%s', async (kind, processes, call) => {
      const { seen, text } = await withKnot(kind, processes, one => verdictOf(one) === 'deadlock');
      const [knot] = seen.knots;
      const pids = new Set(knot!.cycle.map(id => id.split('/')[0]!));
      expect(pids.size).toBe(processes);
      expect(text).toContain(` in ${call}`);
      for (const pid of pids) expect(text).toMatch(new RegExp(`DEADLOCK:.*python3? ?[\\d.]*\\(pid ${pid}`));
    });
  });
});

describe.runIf(canSee)('never DEADLOCK', () => {
  test.each([
    ['sleep', 'none', /in (?:clock_)?nanosleep: sleeps/],
    ['settimeout', 'until', /in poll\(1000000000 ms at most\): waits until fd \d+ is readable/],
    ['SO_RCVTIMEO', 'until', /until its SO_RCVTIMEO, 1000000s at most/],
    ['accept', 'none', /in accept4\(fd \d+\): waits for a client to connect/],
    ['accept-beside', 'suspected', /in accept4\(fd \d+\): waits for a client to connect/],
    ['sleep-beside', 'suspected', /It may end: .* sleeps/],
    ['stdin', 'none', /in read\(fd 0, 1\): (?:waits for|reads) /],
    ['terminal', 'none', /in read\(fd 0, 1\): reads its terminal, fd 0/],
    ['udp-half', 'none', /in recvfrom\(fd \d+, 100\): waits for a datagram from anybody/],
    ['child', 'none', /in wait4: waits for a child process/],
    ['alarm', 'suspected', /handles SIGALRM/],
    ['reused', 'suspected', /may be in a call on a socket that was closed since/],
  ])('%s: %s', async (kind, verdict, says) => {
    let certain = false;
    await withKnot(kind, kind === 'reused' ? 3 : 2, (seen, text) => {
      certain ||= verdictOf(seen) === 'deadlock';
      return verdictOf(seen) === verdict && says.test(text);
    });
    expect(certain).toBe(false);
  });
});
