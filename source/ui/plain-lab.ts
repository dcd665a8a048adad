import type { LabLineView, LabView } from '../bench/view/lab-view.ts';
import type { Overlay } from '../bench/view/overlay.ts';
import type { KeyOf } from '../commands/calling/command.ts';
import { withKeys } from '../commands/calling/key-text.ts';
import { marked, t } from '../core/words/translate.ts';
import { endWords, scoreWords } from './panes/lab-pane.ts';

const isOver = ({ status }: LabLineView): boolean =>
  status === 'done' || status === 'passed' || status === 'failed' || status === 'skipped';

const resultWords: Readonly<Partial<Record<LabLineView['status'], string>>> = {
  done: marked('done'),
  passed: marked('done'),
  failed: marked('differs'),
  skipped: marked('skipped'),
};

/** What became of a line, as a sentence. */
const resultOf = ({ kind, text, status, found, foretold }: LabLineView): string => {
  const word = kind === 'fact' && status === 'passed' ? t('now') : t(resultWords[status] ?? status);
  const result = found === '' ? '' : `${found.startsWith('= ') ? ' ' : t(': ')}${found}`;
  return `${t`${word}: ${text}`}${result}${foretold === '' ? '' : `${t('. ')}${foretold}`}`;
};

const nextOf = (now: LabView): string[] => {
  const { phase, lines, stage, stages, note } = now;
  const said = note === '' ? [] : [note];
  if (phase === 'over')
    return [
      ...said,
      `${endWords(now)}${scoreWords(now)}${now.next === '' ? '' : t`${'lab-next'} opens the next lab: ${now.next}. `}${t`${'lab-again'} runs it again, ${'lab-leave'} leaves.`}`,
    ];
  if (phase !== 'waiting') return said;
  const next = lines.find(({ status }) => status === 'next');
  const foretell =
    now.question === null
      ? ''
      : t('Predict by predict-returns, predict-blocks, predict-fails or predict-value TEXT; ');
  if (next)
    return [...said, t`Next: ${next.text}. ${foretell}lab-step runs it, lab-run-on the rest of the stage.`];
  return [...said, t`Stage ${stage} of ${stages} is done: lab-step goes on.`];
};

/** What is new in a lesson, told in lines: its words with each stage, then how each line went and which is next. */
export const labNews = (now: LabView, before: LabView | null, keyOf: KeyOf): string[] => {
  const turned = before?.stage !== now.stage || before.name !== now.name;
  const words = turned
    ? [
        t`Lab ${now.name}, stage ${now.stage} of ${now.stages}: ${now.title}.`,
        ...withKeys(now.say, keyOf).split(/\n+/),
        ...now.lines.flatMap(({ text, source, beside = [] }) => [
          ...beside,
          ...(source || beside.length > 0 ? [`${text}:`.replace(/^:$/, '')] : []),
          ...(source ?? []),
        ]),
      ]
    : [];
  const results = now.lines.filter(line => {
    const was = turned ? undefined : before?.lines.find(({ row }) => row === line.row);
    const runs = line.kind === 'call' || line.kind === 'fact';
    return isOver(line) && runs && (!was || !isOver(was));
  });
  const after = now.after === (turned ? '' : before?.after) ? [] : withKeys(now.after, keyOf).split(/\n+/);
  return [...words, ...results.map(resultOf), ...after, ...nextOf(now)].filter(text => text !== '');
};

/** The list of labs, once it is there. */
export const labList = (overlay: Overlay | undefined): string[] =>
  overlay?.kind === 'labs' && overlay.labs
    ? [
        ...overlay.labs.map(({ name, title, done }) =>
          done ? t`${name}: ${title}, done` : t`${name}: ${title}`,
        ),
        t('lab NAME opens one.'),
      ]
    : [];
