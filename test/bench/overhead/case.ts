import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPeer } from '../../e2e/foreign.ts';
import { type BenchCase, type Contender, median } from '../case.ts';
import { stopping } from '../subject.ts';
import { readTrace, straceTrouble, straceWords, type Traced } from './strace.ts';

/** The system call that each is named after; of read(2) and write(2) those of the case's 64-byte messages. */
const kinds = {
  recv: { traced: 'read', is: ({ returned }: Traced) => returned === 64 },
  send: { traced: 'write', is: ({ returned }: Traced) => returned === 64 },
  accept: { traced: 'accept4', is: ({ returned }: Traced) => returned >= 0 },
  connect: { traced: 'connect', is: () => true },
  bind: { traced: 'bind', is: () => true },
} as const;

type Name = keyof typeof kinds;

const program = join(import.meta.dirname, 'sockbench.ts');

/** Microseconds: the median of a call's durations in the log, less that of its system call in the same run. */
const overheadOf = async (name: Name, count: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-overhead-'));
  const file = join(folder, 'trace');
  const traced = Object.values(kinds).map(kind => kind.traced);
  const peer = startPeer('strace', [...straceWords(traced, file), process.execPath, program, String(count)]);
  try {
    return await stopping([peer], async () => {
      const [, words = ''] = await peer.until(/^durations (.*)\n/m);
      await peer.exited;
      const durations: number[] = JSON.parse(words)[name];
      const kind = kinds[name];
      const calls = readTrace(readFileSync(file, 'utf8'))
        .filter(call => call.name === kind.traced && kind.is(call))
        .slice(-count);
      if (durations.length !== count || calls.length !== count)
        throw new Error(`${name}: ${durations.length} in the log, ${calls.length} traced, of ${count}`);
      return median(durations) - median(calls.map(({ us }) => us));
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const trouble = straceTrouble();

const contenders = (Object.keys(kinds) as Name[]).map(
  (name): Contender => ({ name, run: count => overheadOf(name, count) }),
);

export const overhead: BenchCase = {
  name: 'overhead',
  what: trouble === '' ? 'a call in the log less its system call as strace -T has it' : `skipped: ${trouble}`,
  unit: 'us',
  better: 'less',
  rounds: 5,
  size: 500,
  tinySize: 5,
  contenders: trouble === '' ? contenders : [],
  aims: trouble === '' ? contenders.map(({ name }) => ({ of: name, limit: 100 })) : [],
};
