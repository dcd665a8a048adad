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
  enter('form', 'Do what the form is for', 'do it', later(submitForm)),
  enter('palette', 'Run the chosen command or call', 'run', later(submitPalette)),
  enter('send', 'Send the line', 'send', onBench(later(submitSend))),
  enter('search', 'Search, or filter', 'search', submitSearch),
  enter('help', 'Run the chosen command', 'run', submitHelp),
  enter('labs', 'Open the chosen lab', 'open', later(submitLabs)),
  enter('menu', 'Do what is chosen', 'do it', submitMenu),
];
