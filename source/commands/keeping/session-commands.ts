import { marked } from '../../core/words/translate.ts';
import { command, everyPane, everywhere, listPlaces, readerPlaces } from '../calling/command.ts';
import { closeOverlay } from '../calling/overlays.ts';
import { quitCommands } from './quitting.ts';

const back = command({
  id: 'back',
  title: marked('Back: close what lies on top; never quits'),
  short: marked('back'),
  keys: ['escape'],
  where: everywhere.filter(place => !everyPane.includes(place)),
  footer: 80,
  listed: false,
  run: closeOverlay,
});

export const sessionCommands = [
  back,
  command({
    id: 'leave',
    title: marked('Back'),
    keys: ['q'],
    where: [...readerPlaces, ...listPlaces],
    listed: false,
    run: closeOverlay,
  }),
  command({
    id: 'redraw',
    title: marked('Redraw the screen'),
    keys: ['ctrl-l'],
    where: everywhere,
    run: context => context.app.redraw(),
  }),
  command({
    id: 'suspend',
    title: marked('Suspend: back to the shell, fg comes back'),
    keys: ['ctrl-z'],
    where: everywhere,
    run: async context => {
      await context.app.suspend();
      return null;
    },
  }),
  ...quitCommands,
];
