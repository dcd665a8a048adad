import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { startLab } from '../../source/cli/labs/lab-bench.ts';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { translateWith } from '../../source/core/words/translate.ts';
import { findLab, labNames } from '../../source/labs/catalogue.ts';
import { type Lab, type Language, languages } from '../../source/labs/lab.ts';
import { labRows } from '../../source/ui/panes/lab-pane.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { chinese } from '../../source/zh/chinese.ts';
import { isFull } from '../support/sizes.ts';
import { tableKeys } from '../support/words.ts';
import { giveAways } from './give-away.ts';

const names = await labNames();

const labOf = async (name: string): Promise<Lab> => {
  const read = await findLab(name);
  if (!read.ok) throw new Error(read.message);
  return read.lab;
};

/** The lesson as its pane has it at 80 columns. */
const shown = (view: LabView): string[] =>
  labRows(view, 78, tableKeys, themeFor(false)).lines.map(row => row.map(({ text }) => text).join(''));

/** A lesson from its start to its end, a press of Space at a time: what its pane showed all the while, and after each press. */
const walk = async (lab: Lab, language: Language): Promise<{ seen: LabView[]; pages: LabView[] }> => {
  const seen: LabView[] = [];
  const pages: LabView[] = [];
  let wake = () => {};
  const show = (view: LabView) => {
    seen.push(view);
    if (view.phase !== 'running') wake();
  };
  const { bench, player } = await startLab(lab, language, { show, prepare: async () => {} });
  try {
    while (true) {
      const view = seen.at(-1)!;
      pages.push(view);
      if (view.phase !== 'waiting') break;
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      player.step();
      await promise;
    }
    return { seen, pages };
  } finally {
    player.stop();
    await bench.dispose();
  }
};

/** Words of a test runner, and signs of the language of labs that nobody has explained. */
const puzzling = /\bexpect(?:ed)?\b|\bfinding\b|\$| &(?=\s|$)/;

/** In `npm test` each lesson is walked once: its texts are read in both languages below. */
const walked = isFull ? languages : (['en'] as const);

describe.each(walked)('a person steps through, in %s', language => {
  // One language for the whole process: lessons in the one are walked after those in the other.
  beforeAll(() => translateWith(language === 'zh' ? chinese : null));
  afterAll(() => translateWith(null));

  test.concurrent.each(names)('%s: in plain words, and every press shows', async name => {
    const lab = await labOf(name);
    for (const need of lab.needs) if ((await lacks(need)) !== null) return;
    const { seen, pages } = await walk(lab, language);
    expect(pages.at(-1)).toMatchObject({ phase: 'over', failed: 0 });
    const rows = new Set(seen.flatMap(shown));
    expect([...rows].filter(row => puzzling.test(row))).toEqual([]);
    const pictures = pages.map(page => shown(page).join('\n'));
    expect(pictures.filter((picture, at) => picture === pictures[at - 1])).toEqual([]);
    if (name === 'tour') expect(pages.length - 1).toBeLessThanOrEqual(25);
  });
});

describe.each(names)('%s', name => {
  test.each(languages)('tells nothing before a step of how it ends: %s', async language => {
    const { stages } = await labOf(name);
    expect(stages.flatMap(stage => giveAways(stage, stage.say[language]))).toEqual([]);
  });

  test.each(languages)('has no such word in its text either: %s', async language => {
    for (const { say, after } of (await labOf(name)).stages)
      for (const words of [say, after])
        expect(words[language]).not.toMatch(/\bexpect(?:ed)?\b|\bfinding\b|\$| & /);
  });
});
