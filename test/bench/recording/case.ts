import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import type { BenchCase, Contender } from '../case.ts';
import { startFastPeer } from '../peers/peers.ts';
import { portOf, resultOf, stopping, subject } from '../subject.ts';

let folder = '';
let recordings = 0;

/** `fileOf`: where it is recorded; [] for nowhere. */
const contender = (name: string, fileOf: () => readonly string[]): Contender => ({
  name,
  run: async size => {
    const receiver = subject('one-way/sockbench.ts', fileOf());
    return stopping([receiver], async () => {
      const source = await startFastPeer('tcp-source', [await portOf(receiver), size, pieceSize]);
      return stopping([source], async () => {
        const figure = await resultOf(receiver);
        await receiver.exited;
        return figure;
      });
    });
  },
});

/** Each into a file of its own, the last one gone. */
const nextFile = (): string[] => {
  rmSync(join(folder, String(recordings)), { force: true });
  recordings++;
  return [join(folder, String(recordings))];
};

const plain = contender('sockbench', () => []);
const recorded = contender('sockbench, recorded', nextFile);

export const recording: BenchCase = {
  name: 'recording',
  what: 'one-way TCP into the receive loop as in one-way, without a recording and with one of every byte',
  unit: 'GB/s',
  better: 'more',
  rounds: 7,
  size: 2 ** 30,
  tinySize: 2 ** 20,
  contenders: [plain, recorded],
  aims: [{ of: recorded.name, beside: plain.name, ratio: 0.7 }],
  before: async () => {
    folder = mkdtempSync(join(tmpdir(), 'sockbench-bench-'));
  },
  after: async () => rmSync(folder, { recursive: true, force: true }),
};
