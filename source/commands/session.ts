import { foreignConnections } from '../bench/selectors-sockets.ts';
import { formatEndpoint } from '../core/address.ts';
import { safeText } from '../core/payload.ts';
import { type Context, canAct, command, everyPane, everywhere, listPlaces, readerPlaces } from './command.ts';
import { closeOverlay, openOverlay } from './overlays.ts';

/**
 * Peers outside, of this bench or of the one that waits behind a lab, that quitting would cut off, in words; '' where
 * there are none. What is only shown is not cut off.
 */
export const foreignPeers = (context: Context): string => {
  if (!canAct(context)) return '';
  const benches = new Set([context.source.state(), context.app.labs?.own() ?? context.source.state()]);
  const foreign = [...benches].flatMap(foreignConnections);
  const [first] = foreign;
  if (!first?.peer) return '';
  const peer = safeText(formatEndpoint(first.peer));
  return foreign.length === 1
    ? `${peer} is connected to ${first.name}`
    : `${foreign.length} foreign peers are connected`;
};

const quit = command({
  id: 'quit',
  title: 'Quit; asks where a foreign peer is connected',
  short: 'quit',
  keys: ['q'],
  where: everyPane,
  footer: 88,
  run: context => {
    const peers = foreignPeers(context);
    if (peers === '') return context.app.quit(0);
    openOverlay(context, {
      kind: 'confirm',
      question: `Quit? ${peers} and will be cut off.`,
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
