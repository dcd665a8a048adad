import { withKeys } from '../../commands/calling/key-text.ts';
import { firstKeys } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { findLab, labNames } from '../../labs/catalogue.ts';
import type { Lab, Language } from '../../labs/lab.ts';
import { chapterTitles, inCourse } from '../../labs/lessons/course.ts';
import { settingsPaths } from '../../settings/paths.ts';
import { changeProgress, forgotten, type Progress, readProgress } from '../../settings/progress.ts';
import { widthOf } from '../../ui/parts/styled-line.ts';
import { systemLanguage } from '../language.ts';
import { padded } from '../padded.ts';
import { complain, print, printJson } from '../print.ts';
import { prepare } from '../screen/keymap-settings.ts';

type Row = {
  readonly name: string;
  readonly title: string;
  readonly lesson: string;
  readonly chapter: Lab['chapter'];
  readonly level: Lab['level'];
  readonly minutes: Lab['minutes'];
  /** When it was gone through to its end; null where it was not. */
  readonly done: string | null;
  /** The stage, from 1, at which it was left half way through; null where it was not. */
  readonly left: number | null;
};

const rowOf = (
  lab: Lab,
  { done, at }: Progress,
  lang: Language,
  keyOf: (command: string) => string,
): Row => ({
  name: lab.name,
  title: lab.title[lang],
  lesson: withKeys(lab.stages[0]?.say[lang].trim() ?? '', keyOf),
  chapter: lab.chapter,
  level: lab.level,
  minutes: lab.minutes,
  done: done[lab.name] ?? null,
  left: at?.lab === lab.name ? at.stage + 1 : null,
});

const markOf = ({ done, left }: Row): string => {
  if (left !== null) return t`at ${left} `;
  return done === null ? '' : t('done');
};

/** The course, a chapter after the other. */
const human = (rows: readonly Row[], lang: Language): string => {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines: string[] = [];
  for (const [index, row] of rows.entries()) {
    const { chapter, name, title, level, minutes } = row;
    if (chapter !== null && chapter !== rows[index - 1]?.chapter)
      lines.push(...(index === 0 ? [] : ['']), chapterTitles[chapter][lang]);
    const time = minutes === null ? '' : t`${minutes} min`;
    lines.push(
      `  ${padded(markOf(row), 6)}${name.padEnd(width)}  ${padded(level ? t(level) : '', 6)} ${' '.repeat(Math.max(0, 6 - widthOf(time)))}${time}  ${title}`,
    );
  }
  return lines.join('\n');
};

/** `sockbench labs`: the course, with what is done of it. Keys in lessons are the person's, as far as settings are read. */
export const listLabs = async (
  json: boolean,
  config: string | undefined,
  lang: Language = systemLanguage(),
): Promise<number> => {
  const prepared = await prepare(config);
  const keyOf = prepared.ok ? firstKeys(prepared.keymap) : () => '';
  const { progress, trouble } = await readProgress(settingsPaths().progress);
  if (trouble !== '') complain(`sockbench labs: ${safeText(trouble)}`);
  const labs: Lab[] = [];
  for (const name of await labNames()) {
    const read = await findLab(name);
    if (!read.ok) {
      complain(`sockbench labs: ${read.message}`);
      return 1;
    }
    labs.push(read.lab);
  }
  const rows = inCourse(labs).map(lab => rowOf(lab, progress, lang, keyOf));
  if (json) printJson(rows);
  else print(human(rows, lang));
  return 0;
};

/** `sockbench labs --reset [NAME]`: what is done, and where one stopped, is forgotten, of one lab or of all. */
export const resetLabs = async (name: string | null): Promise<number> => {
  if (name !== null && !(await labNames()).includes(name)) {
    complain(t`sockbench labs: there is no lab ${safeText(name)}: sockbench labs lists them`);
    return 2;
  }
  const { ok, said } = await changeProgress(settingsPaths().progress, progress => forgotten(progress, name));
  if (said !== '') complain(`sockbench labs: ${safeText(said)}`);
  if (!ok) return 1;
  print(name === null ? t('All labs are as if never opened.') : t`${name} is as if never opened.`);
  return 0;
};
