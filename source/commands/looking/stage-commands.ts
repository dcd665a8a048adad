import { hidesNext, nextStep } from '../../bench/view/stage.ts';
import { marked, t } from '../../core/words/translate.ts';
import { command, look, panePlaces, say } from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';

const stage = command({
  id: 'stage',
  title: marked('Stage, on or off: rows apart, no entry numbers, the next step of a lab hidden; for a class'),
  short: ({ view }) => (view.stage ? t('off stage') : t('stage')),
  keys: ['Z'],
  where: [...panePlaces, 'lab'],
  footer: ({ view }) => (view.stage ? 18 : 0),
  run: context => {
    const { stage: on } = context.store.getState().view;
    look(context, { stage: !on, revealed: '' });
    say(
      context,
      on
        ? t('Off stage')
        : t`On stage: rows apart, no entry numbers, the next step of a lab hidden; ${doneBy(context.keyOf, 'stage')} again ends it`,
    );
  },
});

const reveal = command({
  id: 'stage-reveal',
  title: marked('On stage: show the next step of the lab before it is made'),
  short: marked('show the step'),
  keys: [';'],
  where: ['lab'],
  footer: ({ view }) => (hidesNext(view) ? 98 : 0),
  listed: false,
  disabled: ({ view }, keyOf) => {
    if (!view.stage) return t`Only on stage is the next step hidden: ${doneBy(keyOf, 'stage')} goes there`;
    return hidesNext(view) ? null : t('No step is hidden');
  },
  run: context => look(context, view => ({ revealed: nextStep(view) })),
});

export const stageCommands = [stage, reveal];
