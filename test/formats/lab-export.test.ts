import { describe, expect, it } from 'vitest';
import { headlessBench } from '../../source/cli/labs/headless.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { exportLab } from '../../source/formats/lab/export-lab.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { findLab, labNames } from '../../source/labs/catalogue.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { readLab } from '../../source/labs/read-lab.ts';
import { runLab } from '../../source/labs/run-lab.ts';
import { isFull } from '../support/sizes.ts';

/** Labs that a person waits for; at full size they are made again too. */
const long = [
  'remedy-recv',
  'remedy-threads',
  'connect-timeout',
  'backlog',
  'tour',
  'deadlock-echo',
  'slow-reader',
];

const localPort = async (): Promise<number> => (await freePort('127.0.0.1'))!;

const readFile = async (): Promise<Uint8Array> => {
  throw new Error('no file is read here');
};

/** Runs a lab and answers its session as a file would have it, and how it went. */
const played = async (lab: Lab) => {
  const bench = headlessBench();
  const lines = [encodeHeader(headerOf(bench.began, lab.name))];
  const detach = bench.record({
    take: entries => lines.push(...entries.map(encodeEntry)),
    hasRoom: () => true,
    onRoom: () => {},
  });
  const { signal } = new AbortController();
  const report = await runLab({ lab, bench, signal, lacks, freePort: localPort, readFile });
  detach();
  await bench.dispose();
  return { report, file: `${lines.join('\n')}\n` };
};

const labOf = async (name: string): Promise<Lab> => {
  const read = await findLab(name);
  if (!read.ok) throw new Error(read.message);
  return read.lab;
};

const names = (await labNames()).filter(name => isFull || !long.includes(name));

describe('a session exported as a lab passes when it is run', () => {
  it.concurrent.each(names)('%s', async name => {
    const { report, file } = await played(await labOf(name));
    if (report.passed === 0) return;
    const session = readSession(new TextEncoder().encode(file), name);
    if (!session.ok) throw new Error(session.message);
    const exported = exportLab(projectionOf(session.session));
    if (!exported.ok) throw new Error(exported.message);
    const again = await readLab(exported.text, `${name}.yaml`);
    if (!again.ok) throw new Error(`${again.message}\n${exported.text}`);
    const second = await played(again.lab);
    if (again.lab.needs.includes('peer')) {
      // Its programs are somebody outside to the one who runs it again: comments say what they do.
      expect(second.report).toMatchObject({ passed: 0, failed: 0 });
      return;
    }
    expect(second.report.messages).toEqual([]);
    expect(second.report.passed).toBeGreaterThan(0);
  });
});
