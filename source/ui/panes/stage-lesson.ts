import type { LabLineView, LabView } from '../../bench/view/lab-view.ts';
import { hidesNext } from '../../bench/view/stage.ts';
import type { View } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { doneBy } from '../../commands/calling/keymap.ts';
import { t } from '../../core/words/translate.ts';

const hidden = (line: LabLineView, keyOf: KeyOf): LabLineView => ({
  ...line,
  text: '?',
  comment: t`${doneBy(keyOf, 'stage-reveal')} shows it, ${doneBy(keyOf, 'lab-step')} makes it`,
  found: '',
  source: [],
  beside: [],
});

/** A lesson as a class sees it: nothing of what is ahead, and of the next step only that there is one. */
export const stageLesson = (lab: LabView, view: View, keyOf: KeyOf): LabView => {
  if (!view.stage) return lab;
  const hides = hidesNext(view);
  const lines = lab.lines.filter(({ status }) => status !== 'ahead');
  if (!hides) return { ...lab, lines };
  // What is hidden is not predicted yet.
  const shown = lines.map(line => (line.status === 'next' ? hidden(line, keyOf) : line));
  return { ...lab, question: null, lines: shown };
};
