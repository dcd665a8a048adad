import { pieceSize } from '../../../source/bench/behaviours/receiving.ts';
import type { Peer } from '../../e2e/foreign.ts';
import type { BenchCase, Contender } from '../case.ts';
import { inLanguage, peerLanguage, startFastPeer } from '../peers/peers.ts';

import { portOf, receivedOf, resultOf, stopping, subject } from '../subject.ts';

const language = await peerLanguage();

/** A source of full speed fills the connection; the receiver, or what it printed, says how fast it took it. */
const contender = (
  name: string,
  start: () => Peer | Promise<Peer>,
  figure: (receiver: Peer) => Promise<number>,
): Contender => ({
  name,
  run: async size => {
    const receiver = await start();
    return stopping([receiver], async () => {
      const source = await startFastPeer('tcp-source', [await portOf(receiver), size, pieceSize]);
      return stopping([source], async () => {
        await source.until(/^sent /m);
        return figure(receiver);
      });
    });
  },
});

/** The fastest there can be beside the same source: only where the sink is not the Python contender over again. */
const bare: readonly Contender[] =
  language === 'C'
    ? [
        contender(
          'C read',
          () => startFastPeer('tcp-sink', [pieceSize]),
          async receiver => {
            const { bytes, seconds } = await receivedOf(receiver);
            return bytes / seconds / 1e9;
          },
        ),
      ]
    : [];

export const oneWay: BenchCase = {
  name: 'one-way',
  what: `one-way TCP into the receive loop, journal on, 128 KiB a read and a write; from a source ${inLanguage(language)}`,
  unit: 'GB/s',
  better: 'more',
  rounds: 9,
  size: 2 ** 33,
  tinySize: 2 ** 20,
  contenders: [
    contender('sockbench', () => subject('one-way/sockbench.ts'), resultOf),
    contender('Python recv_into', () => subject('one-way/python.py', [pieceSize]), resultOf),
    contender("raw node:net 'data'", () => subject('one-way/node.ts'), resultOf),
    ...bare,
  ],
  aims: [
    { of: 'sockbench', beside: 'Python recv_into', ratio: 0.8 },
    { of: 'sockbench', beside: "raw node:net 'data'", ratio: 1 },
  ],
};
