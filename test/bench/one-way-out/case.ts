import { pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import type { BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';

import { portOf, receivedOf, stopping, subject } from '../subject.ts';

const language = await peerLanguage();

/** The sender fills a sink of full speed, which says how fast it came: from the first byte to the EOF. */
const contender = (name: string, file: string): Contender => ({
  name,
  run: async size => {
    const sink = await startFastPeer('tcp-sink', [pieceSize]);
    return stopping([sink], async () => {
      const sender = subject(`one-way-out/${file}`, [await portOf(sink), size, pieceSize]);
      return stopping([sender], async () => {
        await sender.until(/^sent$/m);
        const { bytes, seconds } = await receivedOf(sink);
        if (bytes !== size) throw new Error(`${size} sent, ${bytes} received`);
        return bytes / seconds / 1e9;
      });
    });
  },
});

export const oneWayOut: BenchCase = {
  name: 'one-way-out',
  what: `one-way TCP by sendall, journal on, 128 KiB a call and a read; into a sink ${inLanguage(language)}`,
  unit: 'GB/s',
  better: 'more',
  rounds: 9,
  size: 2 ** 33,
  tinySize: 2 ** 20,
  contenders: [
    contender('sockbench', 'sockbench.ts'),
    contender('Python sendall', 'python.py'),
    contender('raw node:net', 'node.ts'),
  ],
  aims: [],
};
