import { headlessBench } from '../../source/cli/labs/headless.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { findLab } from '../../source/labs/catalogue.ts';
import { runLab } from '../../source/labs/run-lab.ts';

/** The session of a built-in lab, run now on real sockets and read back from its file; null where it was skipped here. */
export const labSession = async (name: string): Promise<Session | null> => {
  const found = await findLab(name);
  if (!found.ok) throw new Error(found.message);
  const bench = headlessBench();
  const lines = [encodeHeader(headerOf(bench.began, name))];
  const detach = bench.record({
    take: entries => lines.push(...entries.map(encodeEntry)),
    hasRoom: () => true,
    onRoom: () => {},
  });
  const report = await runLab({
    lab: found.lab,
    bench,
    signal: new AbortController().signal,
    lacks,
    freePort: async () => (await freePort('127.0.0.1'))!,
    readFile: async () => {
      throw new Error('no file is read here');
    },
  });
  detach();
  await bench.dispose();
  const read = readSession(Buffer.from(`${lines.join('\n')}\n`), name);
  if (!read.ok) throw new Error(read.message);
  return report.passed > 0 ? read.session : null;
};
