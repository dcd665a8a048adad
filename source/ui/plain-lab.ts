import type { LabLineView, LabView } from '../bench/view/lab-view.ts';
import type { Overlay } from '../bench/view/overlay.ts';
import type { KeyOf } from '../commands/calling/command.ts';
import { withKeys } from '../commands/calling/key-text.ts';

const isOver = ({ status }: LabLineView): boolean =>
  status === 'done' || status === 'passed' || status === 'failed' || status === 'skipped';

/** What became of a line, as a sentence. */
const resultOf = ({ call, expectation, status, found }: LabLineView): string => {
  const wanted = expectation.replace(/^=>\s*/, '');
  const word = status === 'passed' ? 'ok' : status;
  if (status === 'failed') return `${word}: ${call}: ${found}`;
  if (wanted !== '' && wanted === found) return `${word}: ${call} = ${found}, as expected`;
  return `${word}: ${call}${wanted === '' ? '' : `, expected ${wanted}`}${found === '' ? '' : `, found ${found}`}`;
};

const nextOf = ({ phase, lines, stage, stages, passed, failed, note }: LabView): string[] => {
  const said = note === '' ? [] : [note];
  if (phase === 'over')
    return [...said, `The lab is over: ${passed} as expected, ${failed} not. lab-again, lab-leave.`];
  if (phase !== 'waiting') return said;
  const next = lines.find(({ status }) => status === 'next');
  if (next) return [...said, `Next: ${next.call}. lab-step runs it, lab-run-on the rest of the stage.`];
  return [...said, `Stage ${stage} of ${stages} is done: lab-step goes on.`];
};

/** What is new in a lesson, told in lines: its words with each stage, then how each line went and which is next. */
export const labNews = (now: LabView, before: LabView | null, keyOf: KeyOf): string[] => {
  const turned = before?.stage !== now.stage || before.name !== now.name;
  const words = turned
    ? [
        `Lab ${now.name}, stage ${now.stage} of ${now.stages}: ${now.title}.`,
        ...withKeys(now.say, keyOf).split(/\n+/),
        ...now.lines.flatMap(({ call, source }) => (source ? [`${call}:`, ...source] : [])),
      ]
    : [];
  const results = now.lines.filter((line, index) => {
    const was = turned ? undefined : before?.lines[index];
    return isOver(line) && !line.call.startsWith('#') && (!was || !isOver(was));
  });
  return [...words, ...results.map(resultOf), ...nextOf(now)].filter(text => text !== '');
};

/** The list of labs, once it is there. */
export const labList = (overlay: Overlay | undefined): string[] =>
  overlay?.kind === 'labs' && overlay.labs
    ? [...overlay.labs.map(({ name, title }) => `${name}: ${title}`), 'lab NAME opens one.']
    : [];
