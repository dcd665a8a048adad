import { foreignConnections } from '../../bench/view/selectors-sockets.ts';
import { unsavedEntries } from '../../bench/view/store.ts';
import { stands } from '../../bench/view/view.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Context, canAct, command, everyPane, look, say } from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { closeOverlay, openOverlay, overlayOf } from '../calling/overlays.ts';

/**
 * What quitting does to others, in words; '' where it does nothing. Peers outside, of this bench or of the one that waits behind a
 * lab, are cut off, and programs that were started for the screen are ended. What is only shown goes on.
 */
const quitDoes = (context: Context): string => {
  if (!canAct(context)) return context.app.ends?.() ?? '';
  const benches = new Set([context.source.state(), context.app.labs?.own() ?? context.source.state()]);
  const foreign = [...benches].flatMap(foreignConnections);
  const [first] = foreign;
  if (!first?.peer) return '';
  const peer = safeText(formatEndpoint(first.peer));
  return foreign.length === 1
    ? t`${peer} is connected to ${first.name} and will be cut off`
    : t`${foreign.length} foreign peers are connected and will be cut off`;
};

/**
 * What of the session is in no file, and how to keep it; '' where it is recorded, saved, or nothing happened. A replay is a
 * file already, and what a lab does it does again: of a lab the person's own bench behind it counts.
 */
const unsaved = (context: Context): string => {
  const { view, source } = context.store.getState();
  if (source === 'replay') return '';
  const save = doneBy(keysHere(context), 'save');
  const own = view.lab ? context.app.labs?.ownUnsaved() : unsavedEntries(context.source, view);
  if (!own) return '';
  const entries = own === 1 ? t('1 entry') : t`${own} entries`;
  if (!view.lab) return t`${entries} not saved: ${save} saves the session`;
  return t`${entries} of your own bench not saved: ${doneBy(keysHere(context), 'lab-leave')} leaves the lab, then ${save} saves the session`;
};

/** Everything that quitting loses, in words; '' where it loses nothing. */
export const quitLoses = (context: Context): string =>
  [quitDoes(context), unsaved(context)].filter(words => words !== '').join(t('; '));

const quit = command({
  id: 'quit',
  title: marked('Quit; where the session is in no file, or a foreign peer is connected: at the second time'),
  short: marked('quit'),
  keys: ['q'],
  where: everyPane,
  footer: 88,
  run: context => {
    const { view } = context.store.getState();
    const loses = quitLoses(context);
    const wasSaid = view.quitSaid !== null && view.quitSaid === view.message;
    if (loses === '' || (wasSaid && stands(view.message, context.source.now()))) return context.app.quit(0);
    if (quitDoes(context) !== '') {
      const question = t`Quit? ${loses}.`;
      return openOverlay(context, { kind: 'confirm', question, command: 'quit-now', values: {} });
    }
    say(context, t`${loses}, ${doneBy(keysHere(context), 'quit')} again quits`, 'info', true);
    look(context, ({ message }) => ({ quitSaid: message }));
  },
});

/** The key that quits, at a question: it is the answer to its own, and a no to any other. */
const again = command({
  id: 'quit-again',
  title: marked('At the question whether to quit: yes; at any other: no'),
  keys: ['q'],
  where: ['confirm'],
  listed: false,
  run: context => {
    const question = overlayOf(context.store.getState(), 'confirm');
    closeOverlay(context);
    if (question?.command === 'quit-now') context.app.quit(0);
  },
});

export const quitCommands = [
  quit,
  again,
  command({
    id: 'quit-now',
    title: marked('Quit without asking'),
    keys: [],
    where: [],
    listed: false,
    run: context => context.app.quit(0),
  }),
];
