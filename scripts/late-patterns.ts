import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/** The modules of packages that make patterns of Unicode's classes, or a segmenter, while they load: milliseconds each before the first frame. */
export const modules =
  /node_modules\/(?:string-width|wrap-ansi|slice-ansi|@alcalzone\/ansi-tokenize\/build|ink\/build)\/.*\.js$/;

/** A constant on a line of its own that is such a pattern, or a segmenter. */
const early = /^const (\w+) = (\/.*\\p\{.*\/[a-z]*|new RegExp\(.*\\p\{.*\)|new Intl\.Segmenter\(.*\));$/gm;

/** The same module, which makes each of them when it is first used. */
export const withLatePatterns = (text: string): string => {
  const names = [...text.matchAll(early)].map(([, name]) => name!);
  const declared = text.replace(
    early,
    (_, name, made) => `let made_${name};\nconst late_${name} = () => made_${name} ??= ${made};`,
  );
  return names.reduce(
    (all, name) => all.replace(new RegExp(`(?<![\\w.$])${name}\\b`, 'g'), `late_${name}()`),
    declared,
  );
};

export const latePatterns: Plugin = {
  name: 'late patterns',
  setup: ({ onLoad }) => {
    onLoad({ filter: modules }, ({ path }) => ({
      contents: withLatePatterns(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
};
