import type { LastDrawn } from '../looking/last-drawn.ts';

/** How far a key moves: rows, pages, or to an end. */
export type Step = { readonly rows: number } | { readonly pages: number } | 'start' | 'end';

/** The rows of a step. A page leaves one row of the page before in sight. */
export const rowsOf = (step: Exclude<Step, string>, { page }: Pick<LastDrawn, 'page'>): number =>
  'rows' in step ? step.rows : step.pages * Math.max(1, page - 1);
