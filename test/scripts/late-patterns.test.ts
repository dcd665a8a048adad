import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, onTestFinished, test, vi } from 'vitest';
import { projectFolder } from '../../scripts/bundle.ts';
import { latePatterns, withLatePatterns } from '../../scripts/late-patterns.ts';

test('a pattern and a segmenter are made when they are first used, once', () => {
  const text = withLatePatterns(
    [
      String.raw`const letters = /^\p{L}+$/u;`,
      'const digits = /^[0-9]+$/;',
      'const parts = new Intl.Segmenter();',
      'export const words = text => letters.test(text) && !digits.test(text) && it.letters;',
      'export const first = text => parts.segment(text);',
    ].join('\n'),
  );
  expect(text).toContain('late_letters().test(text) && !digits.test(text) && it.letters;');
  expect(text).toContain('late_parts().segment(text)');
  expect(text.match(/\\p\{/g)).toHaveLength(1);
  expect(text).toMatch(/^const late_letters = \(\) => /m);
  expect(text).toMatch(/^const digits = /m);
});

type Measures = {
  readonly width: (text: string) => number;
  readonly wrap: (text: string, columns: number) => string;
  readonly slice: (text: string, from: number, to: number) => string;
};

const measuring = `
  import width from 'string-width';
  import wrap from 'wrap-ansi';
  import slice from 'slice-ansi';
  export { width, wrap, slice };
`;

/** A module of these words as it is bundled, and how many segmenters were made while it loaded. */
const loaded = async <T>(contents: string, from: string, plugins: (typeof latePatterns)[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-late-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const outfile = join(folder, 'module.mjs');
  await build({
    stdin: { contents, resolveDir: join(projectFolder, from) },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    alias: { 'react-devtools-core': join(projectFolder, 'scripts/no-devtools.ts') },
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    plugins,
    logLevel: 'error',
  });
  const made = vi.spyOn(Intl, 'Segmenter');
  const module: T = await import(pathToFileURL(outfile).href);
  const early = made.mock.calls.length;
  made.mockRestore();
  return { module, early };
};

const texts = [
  'plain',
  '中文，字',
  'e\u0301a\u0308',
  '👩‍👩‍👧 a 🇩🇪 1️⃣',
  '\u001b[31mred 中\u001b[39m',
  'ก็ำ',
  '\u0600\u0661',
  'ᄀ\u1160',
  '☎\ufe0e',
];

test('what Ink measures with is the same, but makes no segmenter while it loads', async () => {
  const plain = await loaded<Measures>(measuring, 'node_modules/ink', []);
  const late = await loaded<Measures>(measuring, 'node_modules/ink', [latePatterns]);
  expect([plain.early > 0, late.early]).toEqual([true, 0]);
  for (const text of texts) {
    expect(late.module.width(text)).toBe(plain.module.width(text));
    expect(late.module.wrap(`${text} ${text}`, 5)).toBe(plain.module.wrap(`${text} ${text}`, 5));
    expect(late.module.slice(text, 1, 4)).toBe(plain.module.slice(text, 1, 4));
  }
});

test('the screen, Ink and all that it draws with make none either', async () => {
  const screen = "export { render } from 'ink'; export { App } from './source/ui/app.tsx';";
  const { module, early } = await loaded<{ render: unknown; App: unknown }>(screen, '.', [latePatterns]);
  expect([typeof module.render, typeof module.App, early]).toEqual(['function', 'function', 0]);
});
