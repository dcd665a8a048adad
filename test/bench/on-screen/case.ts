import { pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import { ensureBuilt, start } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';
import { portOf, stopping, subject } from '../subject.ts';

const language = await peerLanguage();

/** GB/s by the source's clock: from its connect to its last write. */
const rateInto = async (port: number, size: number): Promise<number> => {
  const source = await startFastPeer('tcp-source', [port, size, pieceSize]);
  return stopping([source], async () => {
    const [, seconds] = await source.until(/^sent \d+ (\S+)$/m);
    return size / Number(seconds) / 1e9;
  });
};

const headless = (name: string, ...args: string[]): Contender => ({
  name,
  run: async size => {
    const receiver = subject('one-way/sockbench.ts', args);
    return stopping([receiver], async () => rateInto(await portOf(receiver), size));
  },
});

/** What the workbench does without its screen: what the journal lets go of goes to a spool on disk. */
const spooled = headless('headless, spooled', 'spooled');

const drawn: Contender = {
  name: 'on screen',
  run: async size => {
    const terminal = start({ args: ['listen', '127.0.0.1:0'] });
    try {
      await terminal.ready();
      await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
      return await rateInto(Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]), size);
    } finally {
      await terminal.dispose();
    }
  },
};

export const onScreen: BenchCase = {
  name: 'on-screen',
  what: `one-way TCP into the receive loop while the screen of 120x36 draws it, and without a screen; from a source ${inLanguage(language)}`,
  unit: 'GB/s',
  better: 'more',
  rounds: 7,
  size: 2 ** 33,
  tinySize: 2 ** 20,
  contenders: [drawn, spooled, headless('headless')],
  aims: [{ of: drawn.name, beside: spooled.name, ratio: 0.9 }],
  before: async () => ensureBuilt(),
};
