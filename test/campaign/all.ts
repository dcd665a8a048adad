import type { Campaign } from './campaign.ts';
import { parsers } from './parsers/parsers.ts';

/** Every campaign, in the order of the table. */
export const campaigns: readonly Campaign[] = [parsers];
