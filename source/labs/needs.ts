import type { Need } from './lab-schema.ts';

/** Why this machine lacks what a lab needs; null where it has it. */
export type Lacks = (need: Need) => Promise<string | null>;

/** The first thing that is lacking, in a sentence; null where all is there. */
export const firstLack = async (needs: readonly Need[], lacks: Lacks): Promise<string | null> => {
  for (const need of needs) {
    const lack = await lacks(need);
    if (lack !== null) return lack;
  }
  return null;
};
