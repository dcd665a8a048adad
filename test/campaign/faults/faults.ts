import { type Campaign, eachInput } from '../campaign.ts';
import { clientFaults } from './client-faults.ts';
import { can, type Fault } from './fault.ts';
import { networkFaults } from './network-faults.ts';
import { programFaults } from './program-faults.ts';
import { relayFaults } from './relay-faults.ts';
import { systemFaults } from './system-faults.ts';
import { terminalFaults } from './terminal-faults.ts';

const faults: readonly Fault[] = [
  ...systemFaults,
  ...clientFaults,
  ...terminalFaults,
  ...relayFaults,
  ...networkFaults,
  ...programFaults,
];

const tried = faults.map(({ name, lacks, meet }) => ({ name, meet, why: lacks?.() ?? null }));
const playable = tried.filter(({ why }) => why === null);

/** Whatever fails around it, keys are answered, and the sockets that are not concerned go on. */
export const faultCampaign: Campaign = {
  name: 'faults',
  is: 'whatever fails around it, it says so, keys are answered and the other sockets go on',
  small: playable.length,
  full: 20 * playable.length,
  share: 3,
  patience: 600,
  lacks: () => (can('python3', '-c', '') ? null : 'no python3 here'),
  skips: tried.flatMap(({ name, why }) => (why === null ? [] : [{ name, why }])),
  run: eachInput(async input => {
    const { name, meet } = playable[input.seed % playable.length]!;
    try {
      await meet(input);
    } catch (error) {
      throw new Error(name, { cause: error });
    }
  }),
};
