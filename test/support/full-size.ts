import fc from 'fast-check';
import { seedOf } from './sizes.ts';

/** Properties that name no size of their own, in `npm run test:full`: ten times fast-check's. */
fc.configureGlobal({ numRuns: 1_000, seed: seedOf() });
console.log(`SEED=${seedOf()}`);
