import { marked } from '../../core/words/translate.ts';
import { submitLabs } from '../keeping/lab-list.ts';
import { submitSearch } from '../looking/find.ts';
import { submitHelp } from '../looking/help-commands.ts';
import { menuChoices } from '../looking/menu-choices.ts';
import { submitPalette } from '../looking/palette-commands.ts';
import { submitSend } from '../sockets/transfer.ts';
import { onBench } from './acting.ts';
import { type Command, type Context, command, type Place } from './command.ts';
import { submitForm } from './forms.ts';
import { pressNamed } from './invoke.ts';
import { overlayOf } from './overlays.ts';

const submitMenu = (context: Context): void => {
  const menu = overlayOf(context.store.getState(), 'menu');
  const id = menu ? menuChoices[menu.at] : undefined;
  if (id) pressNamed(context, id);
};

/** Enter, by the place it is pressed in. */
const enter = (place: Place, title: string, short: string, run: Command['run']): Command =>
  command({
    id: `enter-${place}`,
    title,
    short,
    keys: ['enter'],
    where: [place],
    footer: 90,
    listed: false,
    run,
  });

const later =
  <C>(work: (context: C) => Promise<void>) =>
  async (context: C): Promise<null> => {
    await work(context);
    return null;
  };

export const enterCommands = [
  enter('form', marked('Do what the form is for'), marked('do it'), later(submitForm)),
  enter('palette', marked('Run the chosen command or call'), marked('run'), later(submitPalette)),
  enter('send', marked('Send the line'), marked('send'), onBench(later(submitSend))),
  enter('search', marked('Search, or filter'), marked('search'), submitSearch),
  enter('help', marked('Run the chosen command'), marked('run'), submitHelp),
  enter('labs', marked('Open the chosen lab'), marked('open'), later(submitLabs)),
  enter('menu', marked('Do what is chosen'), marked('do it'), submitMenu),
];
