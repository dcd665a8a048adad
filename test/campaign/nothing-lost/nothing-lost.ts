import { peerLanguage } from '../../bench/peers/peers.ts';
import { type Campaign, eachInput } from '../campaign.ts';
import { ways } from './ways.ts';

const list = Object.entries(ways);

const language = await peerLanguage();

/** Whatever goes through it arrives, and what was recorded of it is what went through. */
export const nothingLost: Campaign = {
  name: 'nothing-lost',
  is: '1 GiB each way over 8 connections: what is sent, received, recorded and exported is the same',
  small: list.length,
  full: list.length,
  share: 3,
  patience: 1_800,
  lacks: () => (language === 'C' ? null : 'no C compiler here'),
  run: eachInput(async input => {
    const [name, way] = list[input.seed % list.length]!;
    try {
      await way(input);
    } catch (error) {
      throw new Error(name, { cause: error });
    }
  }),
};
