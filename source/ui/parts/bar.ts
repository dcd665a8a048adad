import type { Theme } from '../theme.ts';

/** A bar of `width` cells and its ends, filled from 0 to 1. */
export const bar = (part: number, width: number, { bar: look }: Theme): string => {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width);
  return look.left + look.full.repeat(full) + look.empty.repeat(width - full) + look.right;
};
