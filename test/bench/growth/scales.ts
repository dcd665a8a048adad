import { acceptedOnScreen } from '../blocked-screen/case.ts';
import { type BenchCase, percentile } from '../case.ts';
import { connections } from '../connections/case.ts';
import { exporting } from '../export/case.ts';
import { pressKeys } from '../keys/press.ts';
import { looks } from '../looks/case.ts';
import { replay } from '../replay/case.ts';
import { resultOf, stopping, subject } from '../subject.ts';
import type { Scale } from './growth.ts';

/** A run of one of a case's contenders. */
const runOf = ({ contenders }: BenchCase, name: string) => {
  const contender = contenders.find(one => one.name === name);
  if (!contender) throw new Error(`no contender ${name}`);
  return contender.run;
};

const exported = runOf(exporting, 'jsonl');
const opened = runOf(replay, 'first frame');
const looked = runOf(looks, 'koffi');
const resident = runOf(connections, 'sockbench, 10,000');

const entries = [10_000, 100_000, 1_000_000, 10_000_000];
const tinyEntries = [500, 1_000] as const;
const connected = [10, 100, 1_000, 10_000];
const tinyConnected = [5, 10] as const;

/** What a subject prints of so many entries. */
const journalled = async (size: number, figure: RegExp): Promise<number> => {
  const peer = subject('memory/sockbench.ts', [size]);
  return stopping([peer], async () => Number((await peer.until(figure))[1]));
};

/** The time that half of the keys stay below. */
const keyAmong = (count: number): Promise<number> =>
  acceptedOnScreen(count, async terminal => percentile(await pressKeys(terminal, count < 10 ? 3 : 30), 0.5));

const startIsShared = 'the start of the program is shared by more of them; from a million on flat';

export const scales: readonly Scale[] = [
  {
    of: 'entries',
    rows: [
      {
        name: 'into the journal',
        unit: 'us each',
        sizes: entries,
        tinySizes: tinyEntries,
        cost: size => journalled(size, /^each (\S+) us$/m),
        because: 'the first ten thousand run before their code is compiled',
      },
      {
        name: 'resident after them',
        unit: 'MB',
        sizes: entries,
        tinySizes: tinyEntries,
        cost: size => journalled(size, /^result (\S+)$/m),
        because: 'they are kept up to the cap of the journal, and flat from there on',
      },
      {
        name: 'export as jsonl',
        unit: 'us each',
        sizes: entries,
        tinySizes: tinyEntries,
        cost: async size => ((await exported(size)) / size) * 1e6,
        because: startIsShared,
      },
      {
        name: 'replay, first frame',
        unit: 'us each',
        sizes: entries,
        tinySizes: tinyEntries,
        cost: async size => ((await opened(size)) / size) * 1e6,
        because: startIsShared,
      },
    ],
  },
  {
    of: 'connections',
    rows: [
      {
        name: 'resident',
        unit: 'KiB each',
        sizes: connected,
        tinySizes: tinyConnected,
        cost: size => resident(size),
        because: 'what the first ones bring to life is shared by more of them',
      },
      {
        name: 'a look at the kernel, main thread',
        unit: 'us each',
        // Both ends of each are the same process's, and 20,000 descriptors a usual limit.
        sizes: [10, 100, 1_000, 8_000],
        tinySizes: tinyConnected,
        cost: async size => ((await looked(size)) / size) * 1e3,
        because: "a look's own cost is shared by more of them",
      },
      {
        name: 'key to frame among them',
        unit: 'ms',
        sizes: connected,
        tinySizes: tinyConnected,
        cost: keyAmong,
      },
    ],
  },
  {
    of: 'payload',
    rows: [
      {
        name: 'sendall and recv of it',
        unit: 'ns a byte',
        sizes: [64, 2 ** 10, 2 ** 14, 2 ** 18, 2 ** 22, 2 ** 24],
        tinySizes: [64, 1024],
        cost: async size => {
          const peer = subject('growth/payloads.ts', [size]);
          return stopping([peer], () => resultOf(peer));
        },
        because:
          'the cost of a call is shared by more bytes; a recv of megabytes is then copied together of its parts',
      },
    ],
  },
];
