import { late } from './late.ts';

/** ICU reads its rules for it, which takes milliseconds. */
export const segmenter = late(() => new Intl.Segmenter(undefined, { granularity: 'grapheme' }));

/** ASCII, box drawing and blocks, the ellipsis and the arrows: each is a grapheme, and takes one column. */
export const narrow = /^[\x20-\x7e\u2500-\u259f\u2026\u2191-\u2193]*$/;

export const graphemes = (text: string): string[] =>
  narrow.test(text) ? [...text] : [...segmenter().segment(text)].map(({ segment }) => segment);
