import { foreignConnections } from '../../bench/view/selectors-sockets.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import {
  type Context,
  canAct,
  command,
  everyPane,
  everywhere,
  listPlaces,
  readerPlaces,
} from '../calling/command.ts';
import { closeOverlay, openOverlay } from '../calling/overlays.ts';

/**
 * What quitting does to others, in words; '' where it does nothing. Peers outside, of this bench or of the one that waits behind a
 * lab, are cut off, and programs that were started for the screen are ended. What is only shown goes on.
 */
export const quitDoes = (context: Context): string => {
  if (!canAct(context)) return context.app.ends?.() ?? '';
  const benches = new Set([context.source.state(), context.app.labs?.own() ?? context.source.state()]);
  const foreign = [...benches].flatMap(foreignConnections);
  const [first] = foreign;
  if (!first?.peer) return '';
  const peer = safeText(formatEndpoint(first.peer));
  const who =
    foreign.length === 1
      ? `${peer} is connected to ${first.name}`
      : `${foreign.length} foreign peers are connected`;
  return `${who} and will be cut off`;
};

const quit = command({
  id: 'quit',
  title: 'Quit; asks where a foreign peer is connected',
  short: 'quit',
  keys: ['q'],
  where: everyPane,
  footer: 88,
  run: context => {
    const done = quitDoes(context);
    if (done === '') return context.app.quit(0);
    openOverlay(context, {
      kind: 'confirm',
      question: `Quit? ${done}.`,
      command: 'quit-now',
      values: {},
    });
  },
});

const back = command({
  id: 'back',
  title: 'Back: close what lies on top; never quits',
  short: 'back',
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
    title: 'Back',
    keys: ['q'],
    where: [...readerPlaces, ...listPlaces],
    listed: false,
    run: closeOverlay,
  }),
  command({
    id: 'redraw',
    title: 'Redraw the screen',
    keys: ['ctrl-l'],
    where: everywhere,
    run: context => context.app.redraw(),
  }),
  command({
    id: 'suspend',
    title: 'Suspend: back to the shell, fg comes back',
    keys: ['ctrl-z'],
    where: everywhere,
    run: async context => {
      await context.app.suspend();
      return null;
    },
  }),
  quit,
  command({
    id: 'quit-now',
    title: 'Quit without asking',
    keys: [],
    where: [],
    listed: false,
    run: context => context.app.quit(0),
  }),
];
