import { readFile } from 'node:fs/promises';
import type { Clock } from '../../source/bench/engine/clock.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { findLab } from '../../source/labs/catalogue.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { runLab } from '../../source/labs/run-lab.ts';
import type { LabReport } from '../../source/labs/tally.ts';
import { patient } from '../support/patient.ts';

/** `beats`: when a timer of 5 ms came round, at most once a turn of the event loop; ms, as the entries have them. */
export type LabRun = {
  readonly lab: Lab;
  readonly session: Session;
  readonly report: LabReport;
  readonly beats: readonly number[];
};

const beatMs = 5;

export const labOf = async (name: string): Promise<Lab> => {
  const read = await findLab(name);
  if (!read.ok) throw new Error(read.message);
  return read.lab;
};

const localPort = async (): Promise<number> => {
  const port = await freePort('127.0.0.1');
  if (port === null) throw new Error('127.0.0.1 has no free port');
  return port;
};

const sessionOf = (lines: readonly Buffer[], name: string): Session => {
  const read = readSession(Buffer.concat(lines), name);
  if (!read.ok) throw new Error(read.message);
  return read.session;
};

/** Something put between the bench and its driver or its clock, to see that it is found out. */
export type Fault = {
  readonly driver?: (driver: Driver) => Driver;
  readonly clock?: Clock;
  /** The end of the call that lies: the lab goes no further, for a bench that lies may hang. */
  readonly told?: (ended: EndedEntry) => boolean;
};

/** Runs a lab on real sockets and reads its session back from the lines that `run --json` would print. */
export const runLabSession = async (
  lab: Lab,
  { driver, clock, told = () => false }: Fault = {},
): Promise<LabRun> => {
  const machine = nodeMachine();
  const bench = createBench({
    driver: notice => {
      const real = machine.driver(notice);
      return driver ? driver(real) : real;
    },
    ...(clock ? { clock } : {}),
    observer: machine.observer,
    loops: { accept: false, receive: false },
  });
  const beats: number[] = [];
  const heart = setInterval(
    () => beats.push(performance.timeOrigin + performance.now() - bench.began),
    beatMs,
  );
  const lines = [Buffer.from(`${encodeHeader(headerOf(bench.began, lab.name))}\n`)];
  const lie = new AbortController();
  let next = 1;
  const print = () => {
    for (; next <= bench.journal.last(); next++) {
      const entry = bench.journal.at(next);
      if (entry) lines.push(Buffer.from(`${encodeEntry(entry)}\n`));
      if (entry?.kind === 'ended' && told(entry)) lie.abort();
    }
  };
  bench.subscribe(print);
  const { signal } = new AbortController();
  const { timeout } = patient(lab);
  const deadline = {
    signal: AbortSignal.any([lie.signal, AbortSignal.timeout(timeout)]),
    after: `${timeout / 1000}s, or the lie told`,
  };
  try {
    const report = await runLab({ lab, bench, signal, deadline, lacks, freePort: localPort, readFile });
    await bench.dispose();
    print();
    return { lab, report, session: sessionOf(lines, lab.name), beats };
  } finally {
    clearInterval(heart);
    await bench.dispose();
  }
};
