import type { ReplayControl } from '../../bench/view/replay-view.ts';
import type { World } from '../../bench/view/store.ts';
import { parsed, refused } from '../../core/language/parsed.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Command, type Context, command, type Parameter, type Place } from '../calling/command.ts';

const noReplay = ({ view }: World): string | null =>
  view.replay ? null : t('This is no replay: sockbench replay FILE shows one');

const onTimeBar: readonly Place[] = ['time'];

type TimeCommand = Pick<Command, 'id' | 'title' | 'keys'> & Partial<Command>;

const timeCommand = (declared: TimeCommand, act: (control: ReplayControl) => void): Command =>
  command({
    where: onTimeBar,
    listed: false,
    disabled: noReplay,
    ...declared,
    run: (context: Context) => {
      if (context.app.replay) act(context.app.replay);
    },
  });

/** How far Up and Down move, in ms. */
const second = 1_000;

const entryNumber: Parameter<number> = {
  title: marked('entry'),
  hint: marked('the number of an entry, as the log shows it: 57 or #57'),
  fallback: ({ view }) => String(view.replay?.n ?? 1),
  parse: (text, { view }) => {
    const match = /^#?(\d{1,15})$/.exec(text.trim());
    if (!match) return refused(t`"${text}" is no entry's number: write 57 or #57`);
    const n = Number(match[1]);
    const { first, last } = view.replay ?? { first: n, last: n };
    if (n < first || n > last)
      return refused(t`there is no entry #${n}: this session has #${first} to #${last}`);
    return parsed(n);
  },
};

const goto = command<{ entry: number }>({
  id: 'goto',
  title: marked('Go to an entry of the replay by its number'),
  short: marked('go to'),
  keys: ['enter'],
  where: onTimeBar,
  ask: true,
  footer: 89,
  disabled: noReplay,
  parameters: { entry: entryNumber },
  run: (context, { entry }) => context.app.replay?.seek(entry),
});

export const replayCommands = [
  timeCommand(
    {
      id: 'entry-back',
      title: marked('An entry back'),
      short: marked('entry back'),
      keys: ['left', 'h'],
      footer: 96,
    },
    control => control.step(-1),
  ),
  timeCommand(
    {
      id: 'entry-on',
      title: marked('An entry on'),
      short: marked('entry on'),
      keys: ['right', 'l'],
      footer: 96,
    },
    control => control.step(1),
  ),
  timeCommand(
    {
      id: 'second-back',
      title: marked('A second back'),
      keys: ['up', 'k', 'pageup'],
      short: marked('second back'),
      footer: 60,
    },
    control => control.skip(-second),
  ),
  timeCommand(
    {
      id: 'second-on',
      title: marked('A second on'),
      keys: ['down', 'j', 'pagedown'],
      short: marked('second on'),
      footer: 60,
    },
    control => control.skip(second),
  ),
  timeCommand(
    {
      id: 'play',
      title: marked('Play on from here, or pause'),
      short: ({ view }) => (view.replay?.playing ? t('pause') : t('play')),
      keys: ['space'],
      where: onTimeBar,
      listed: true,
      footer: 97,
    },
    control => control.togglePlay(),
  ),
  timeCommand(
    {
      id: 'faster',
      title: marked('Play twice as fast'),
      short: marked('faster'),
      keys: ['+', '='],
      footer: 50,
    },
    control => control.faster(2),
  ),
  timeCommand(
    { id: 'slower', title: marked('Play half as fast'), short: marked('slower'), keys: ['-'], footer: 50 },
    control => control.faster(0.5),
  ),
  timeCommand(
    {
      id: 'replay-start',
      title: marked('To the start'),
      short: marked('start'),
      keys: ['g', 'home'],
      footer: 40,
    },
    control => control.seek(control.view().first),
  ),
  timeCommand(
    { id: 'replay-end', title: marked('To the end'), short: marked('end'), keys: ['G', 'end'], footer: 40 },
    control => control.seek(control.view().last),
  ),
  goto,
];
