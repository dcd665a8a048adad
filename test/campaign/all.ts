import type { Campaign } from './campaign.ts';
import { faultCampaign } from './faults/faults.ts';
import { hostile } from './hostile/hostile.ts';
import { terminals } from './hostile/terminal.ts';
import { datagrams } from './nothing-lost/datagrams.ts';
import { killed } from './nothing-lost/killed.ts';
import { nothingLost } from './nothing-lost/nothing-lost.ts';
import { parsers } from './parsers/parsers.ts';
import { soakCampaign } from './soak/soak.ts';

/** Every campaign, in the order of the table. */
export const campaigns: readonly Campaign[] = [
  hostile,
  terminals,
  parsers,
  faultCampaign,
  nothingLost,
  datagrams,
  killed,
  soakCampaign,
];
