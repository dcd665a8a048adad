import type { Lab } from '../../source/labs/lab.ts';
import { limits } from './limits.ts';

/** The lab, given up no sooner than a wait of a test is: how long it takes is the machine's affair. */
export const patient = (lab: Lab): Lab => ({ ...lab, timeout: Math.max(lab.timeout, limits.wait) });
