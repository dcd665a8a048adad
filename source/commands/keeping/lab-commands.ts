import { isStageOver } from '../../bench/view/lab-view.ts';
import type { World } from '../../bench/view/store.ts';
import { emptyField } from '../../bench/view/text-field.ts';
import { parsed } from '../../core/language/parsed.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Command,
  type Context,
  command,
  type KeyOf,
  look,
  panePlaces,
  refusal,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { openOverlay } from '../calling/overlays.ts';
import { anyText } from '../calling/parameters.ts';
import { closedWords, loadLabs, openLab, openLabNow, socketsOpen } from './lab-list.ts';

const noLab = ({ view }: World, keyOf: KeyOf): string | null =>
  view.lab ? null : t`No lab is open: ${doneBy(keyOf, 'labs')} lists them`;

/** Why the lesson cannot go on from where it stands. */
const cannotGoOn = (world: World, keyOf: KeyOf): string | null => {
  const { lab } = world.view;
  if (!lab) return noLab(world, keyOf);
  const [again, leave] = [doneBy(keyOf, 'lab-again'), doneBy(keyOf, 'lab-leave')];
  if (lab.phase === 'over') return t`The lab is over: ${again} runs it again, ${leave} leaves it`;
  return lab.phase === 'stopped'
    ? t`The lab has stopped, its note says why: ${again} runs it again, ${leave} leaves it`
    : null;
};

const labs = command({
  id: 'labs',
  title: marked('Labs: the course, lessons to step through, with what is done of it'),
  short: marked('labs'),
  keys: ['e'],
  where: [...panePlaces, 'lab'],
  footer: ({ bench }) => (bench.sockets.size === 0 ? 67 : 34),
  run: context => {
    if (!context.app.labs) return refusal(t('Labs cannot be opened here'));
    openOverlay(context, {
      kind: 'labs',
      labs: null,
      trouble: '',
      filter: emptyField,
      at: 0,
      refusal: null,
      busy: false,
    });
    return loadLabs(context);
  },
});

const lab = command<{ name: string }>({
  id: 'lab',
  title: marked('Open a lab by its name, or from a file'),
  keys: [],
  where: [...panePlaces, 'lab'],
  parameters: {
    name: {
      ...anyText(marked('name'), marked('a built-in lab, or a file: tour, backlog, my-lab.yaml')),
      isPath: true,
    },
  },
  run: (context, { name }) => openLab(context, name.trim()),
});

/** What a confirmation runs. */
const openNow = command<{ name: string; goOn: boolean }>({
  id: 'lab-open-now',
  title: marked('Open a lab without asking'),
  keys: [],
  where: [],
  listed: false,
  parameters: {
    name: anyText(marked('name'), 'tour'),
    goOn: {
      title: marked('go on'),
      hint: marked('yes, or nothing'),
      fallback: () => '',
      parse: text => parsed(text !== ''),
    },
  },
  run: (context, { name, goOn }) => openLabNow(context, name, goOn),
});

/** A command of the lesson, for as long as one is open. */
const lessonCommand = (declared: Omit<Parameters<typeof command>[0], 'where'>): Command =>
  command({ where: ['lab'], disabled: noLab, ...declared });

const lesson = (context: Context) => context.app.labs?.current;

const step = lessonCommand({
  id: 'lab-step',
  title: marked('Next step of the lab; while it runs on: stop after this line'),
  short: world => {
    const { lab: open } = world.view;
    if (open?.runningOn) return t('stop after this line');
    return open && isStageOver(open) ? t('next stage') : t('next step');
  },
  keys: ['space'],
  footer: 99,
  disabled: cannotGoOn,
  run: context => {
    const open = context.store.getState().view.lab;
    if (open?.runningOn) say(context, t('The lab stops after this line'));
    else if (open?.phase === 'running')
      return refusal(
        t`This line has not ended yet: the lab goes on when it has; ${doneBy(keysHere(context), 'cancel')} cancels its call`,
      );
    lesson(context)?.step();
    return null;
  },
});

const runOn = lessonCommand({
  id: 'lab-run-on',
  title: marked('Run on to the end of the stage; there: the next stage'),
  short: ({ view }) => (view.lab && isStageOver(view.lab) ? t('next stage') : t('run on')),
  keys: ['enter'],
  footer: 97,
  disabled: cannotGoOn,
  run: context => lesson(context)?.runOn(),
});

const again = lessonCommand({
  id: 'lab-again',
  title: marked('Run the lab again from its start, on a fresh bench'),
  short: marked('again'),
  keys: ['r'],
  footer: 94,
  run: context =>
    asking(
      context,
      closes => t`Run the lab again from its start? ${closes}`,
      'lab-again-now',
      () => lesson(context)?.again(),
    ),
});

/** What a confirmation runs. */
const againNow = command({
  id: 'lab-again-now',
  title: marked('Run the lab again without asking'),
  keys: [],
  where: [],
  listed: false,
  disabled: noLab,
  run: context => lesson(context)?.again(),
});

const noNext = (world: World, keyOf: KeyOf): string | null => {
  const { lab: open } = world.view;
  if (!open) return noLab(world, keyOf);
  if (open.phase !== 'over') return t('The next lab comes at the end of this one');
  return open.next === '' ? t`No lab comes next: ${doneBy(keyOf, 'labs')} lists them all` : null;
};

const next = lessonCommand({
  id: 'lab-next',
  title: marked('The next lab of the course, at the end of this one'),
  short: marked('next lab'),
  keys: ['n'],
  footer: ({ view }) => (view.lab?.phase === 'over' ? 98 : 0),
  disabled: noNext,
  run: async context => {
    const trouble = (await lesson(context)?.next()) ?? '';
    return trouble === '' ? null : refusal(trouble);
  },
});

const leaveNow = command({
  id: 'lab-leave-now',
  title: marked('Leave the lab without asking'),
  keys: [],
  where: [],
  listed: false,
  disabled: noLab,
  run: context => lesson(context)?.leave(),
});

/** What a confirmation runs. */
const allow = command({
  id: 'lab-allow',
  title: marked('Let the line of the lab run'),
  keys: [],
  where: [],
  listed: false,
  disabled: noLab,
  run: context => lesson(context)?.allow(),
});

const leave = lessonCommand({
  id: 'lab-leave',
  title: marked('Leave the lab: its sockets are closed, your own bench comes back'),
  short: marked('leave'),
  keys: ['escape'],
  footer: 93,
  run: context => {
    const { view } = context.store.getState();
    if (view.zoomed) look(context, { zoomed: false });
    else askToLeave(context);
  },
});

const askToLeave = (context: Context): void =>
  asking(
    context,
    closes => t`Leave the lab? ${closes} Your own bench comes back as it was.`,
    'lab-leave-now',
    () => lesson(context)?.leave(),
  );

/** Asks where sockets of the lab are open, which it closes, and runs the command on a yes; else does it at once. */
const asking = (
  context: Context,
  question: (closes: string) => string,
  confirmed: string,
  now: () => void,
): void => {
  const open = socketsOpen(context);
  if (open === 0) return now();
  openOverlay(context, {
    kind: 'confirm',
    question: question(closedWords(open)),
    command: confirmed,
    values: {},
  });
};

export const labCommands = [step, runOn, next, again, againNow, leave, leaveNow, allow, labs, lab, openNow];
