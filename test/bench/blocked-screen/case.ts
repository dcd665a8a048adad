import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ensureBuilt, start, type Terminal } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';
import { portOf, stopping, subject } from '../subject.ts';

/** Seconds of CPU that a process has had, all threads (proc_pid_stat(5): utime and stime, in clock ticks of 10 ms). */
const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

/** Percent of a processor that the program takes for `ms` from now on. */
const shareOver = async (terminal: Terminal, ms: number): Promise<number> => {
  const before = { cpu: cpuOf(terminal.pid()!), at: performance.now() };
  await pause(ms);
  const seconds = (performance.now() - before.at) / 1000;
  return ((cpuOf(terminal.pid()!) - before.cpu) / seconds) * 100;
};

/**
 * Clients of a server that accepts and says nothing: each is in a recv of its loop. A Python program: Node collects garbage some eight
 * seconds after its start, in several threads, and the workbench tells what the threads at the other end do.
 */
const blocked = async (count: number, use: (terminal: Terminal) => Promise<number>): Promise<number> => {
  const silent = subject('blocked-screen/silent.py');
  return stopping([silent], async () => {
    const address = `127.0.0.1:${await portOf(silent)}`;
    const terminal = start({ args: ['connect', ...Array<string>(count).fill(address)] });
    try {
      await terminal.ready();
      await terminal.until(new RegExp(` ${count} blocked `));
      return await use(terminal);
    } finally {
      await terminal.dispose();
    }
  });
};

const first: Contender = {
  name: 'four calls, the first ten seconds',
  run: ms => blocked(4, terminal => shareOver(terminal, ms)),
};

const later: Contender = {
  name: 'four calls, after that',
  run: ms =>
    blocked(4, async terminal => {
      await pause(ms);
      return shareOver(terminal, ms);
    }),
};

/** A listener on screen which has accepted so many connections, a receive of its loop in each. */
export const acceptedOnScreen = async (
  count: number,
  use: (terminal: Terminal) => Promise<number>,
): Promise<number> => {
  const terminal = start({ args: ['listen', '127.0.0.1:0'] });
  try {
    await terminal.ready();
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    const client = subject('accepts/connector.py', [port, count]);
    return await stopping([client], async () => {
      await client.until(/^connected$/m);
      // And the accept that waits for the next one.
      await terminal.until(new RegExp(` ${count + 1} blocked `));
      return use(terminal);
    });
  } finally {
    await terminal.dispose();
  }
};

/** 10,000 where ten seconds are measured, in proportion where it is less. */
const many: Contender = {
  name: '10,000 connections, after that',
  run: ms =>
    acceptedOnScreen(ms, async terminal => {
      await pause(ms);
      return shareOver(terminal, ms);
    }),
};

export const blockedScreen: BenchCase = {
  name: 'blocked-screen',
  what: 'CPU of the workbench in a pty of 120x36 while its calls are blocked and nothing else happens, of one processor',
  unit: '%',
  better: 'less',
  rounds: 7,
  size: 10_000,
  tinySize: 40,
  contenders: [first, later, many],
  aims: [
    { of: first.name, limit: 6 },
    { of: later.name, limit: 2 },
    { of: many.name, limit: 5 },
  ],
  before: async () => ensureBuilt(),
};
