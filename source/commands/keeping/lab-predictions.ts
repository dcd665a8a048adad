import type { PredictedEnd, Prediction } from '../../bench/view/lab-view.ts';
import type { World } from '../../bench/view/store.ts';
import { parsed } from '../../core/language/parsed.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Command, type Context, command, type KeyOf } from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';

/** Why nothing can be predicted now. */
const nothingAsked = ({ view: { lab } }: World, keyOf: KeyOf): string | null => {
  if (!lab) return t`No lab is open: ${doneBy(keyOf, 'labs')} lists them`;
  if (lab.question !== null) return null;
  if (lab.phase === 'over') return t('The lab is over: there is nothing left to predict');
  return t`Nothing is asked of you at this step: ${doneBy(keyOf, 'lab-step')} makes it`;
};

const predict = (context: Context, prediction: Prediction): void =>
  context.app.labs?.current?.predict(prediction);

const asked = ({ view: { lab } }: World): number => (lab?.question ? 98 : 0);

const ending = (end: PredictedEnd, key: string, title: string, short: string): Command =>
  command({
    id: `predict-${end}`,
    title,
    short,
    keys: [key],
    where: ['lab'],
    footer: asked,
    disabled: nothingAsked,
    run: context => predict(context, { kind: 'end', end }),
  });

const value = command<{ text: string }>({
  id: 'predict-value',
  title: marked('Predict what the next step of the lab returns, and make it'),
  short: marked('what it returns'),
  keys: ['v'],
  where: ['lab'],
  footer: asked,
  ask: true,
  disabled: nothingAsked,
  parameters: {
    text: {
      title: marked('it returns'),
      hint: marked('as you would say it: 5, hello, 127.0.0.1:80; nothing, where it returns no bytes'),
      parse: parsed,
    },
  },
  run: (context, { text }) => predict(context, { kind: 'value', text }),
});

/** A step of a lesson may be predicted before it is made: one key an answer. */
export const labPredictions = [
  ending(
    'returns',
    'o',
    marked('Predict the next step of the lab, and make it: it returns'),
    marked('it returns'),
  ),
  ending(
    'blocks',
    'b',
    marked('Predict the next step of the lab, and make it: it blocks'),
    marked('it blocks'),
  ),
  ending('fails', 'f', marked('Predict the next step of the lab, and make it: it fails'), marked('it fails')),
  value,
];
