import type { World } from '../../bench/view/store.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { type Context, command, everyPane, type KeyOf, look, panePlaces, say } from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';
import { closeOverlay, focusPane, openOverlay, overlayOf } from '../calling/overlays.ts';
import { submitFind } from './find-bytes-commands.ts';
import { chooseEntry, chosenEntry, logRange } from './log-window.ts';

/** The log comes to the front where the timeline stands in its place. */
const showLog = (context: Context): void => {
  const { focus } = context.store.getState().view;
  if (focus === 'timeline') focusPane(context, 'log');
  else look(context, { strip: 'log' });
};

/** What is gone to, as the log's filter has it and in words, and what is said where there is none. */
type Sought = { readonly words: string; readonly title: string; readonly none: string };

const failures: Sought = { words: 'failed', title: 'failed calls', none: 'No call of the log has failed' };

const goToSought = (context: Context, { words, title, none }: Sought, by: 1 | -1): void => {
  const world = context.store.getState();
  const { filter } = world.view.log;
  const range = logRange(world);
  const from = chosenEntry(context, world);
  const found = context.log.search(words, filter, range, from, by);
  if (found === null) {
    say(context, none, 'warning');
    return;
  }
  const turned = by === -1 ? found > from : found < from;
  if (turned) say(context, `${title}: went round ${by === -1 ? 'the start' : 'the end'} of the log`);
  if (found === from) say(context, `${title}: this is the only match`);
  showLog(context);
  chooseEntry(context, found);
};

const jump = (context: Context, by: 1 | -1): void => {
  const { search } = context.store.getState().view.log;
  goToSought(context, { words: search, title: `"${search}"`, none: `"${search}" is nowhere in the log` }, by);
};

/** Enter in the search line: the nearest older entry with it, or the filter set. */
export const submitSearch = (context: Context): void => {
  const overlay = overlayOf(context.store.getState(), 'search');
  if (!overlay) return;
  if (overlay.what === 'find') return void submitFind(context);
  const text = fieldText(overlay.input).trim();
  closeOverlay(context);
  if (overlay.what === 'filter') {
    look(context, view => ({ log: { ...view.log, filter: text, bottom: null, selected: null } }));
    return;
  }
  look(context, view => ({ log: { ...view.log, search: text } }));
  if (text !== '') jump(context, -1);
};

const opener = (what: 'search' | 'filter') => (context: Context) => {
  focusPane(context, 'log');
  const { log } = context.store.getState().view;
  const input = fieldOf(what === 'filter' ? log.filter : '');
  openOverlay(context, { kind: 'search', what, input });
};

const nothingSought = ({ view }: World, keyOf: KeyOf): string | null =>
  view.log.search === '' ? `Nothing was searched for yet: ${doneBy(keyOf, 'search')} searches the log` : null;

/** A footer's priority while the log has the focus, and else. */
const onLog =
  (there: number, elsewhere: number) =>
  ({ view }: World): number =>
    view.focus === 'log' ? there : elsewhere;

export const findCommands = [
  command({
    id: 'search',
    title: 'Search the log',
    short: 'search',
    keys: ['/'],
    where: everyPane,
    footer: onLog(66, 32),
    run: opener('search'),
  }),
  command({
    id: 'next-match',
    title: 'Next match, towards the start of the log',
    short: 'next match',
    keys: ['n'],
    where: panePlaces,
    footer: onLog(67, 0),
    listed: false,
    disabled: nothingSought,
    run: context => jump(context, -1),
  }),
  command({
    id: 'previous-match',
    title: 'Previous match, towards the end of the log',
    keys: ['N'],
    where: panePlaces,
    listed: false,
    disabled: nothingSought,
    run: context => jump(context, 1),
  }),
  command({
    id: 'failure-before',
    title: 'The failed call before this one, towards the start of the log',
    short: 'failure',
    keys: ['{'],
    where: panePlaces,
    footer: onLog(40, 0),
    run: context => goToSought(context, failures, -1),
  }),
  command({
    id: 'failure-after',
    title: 'The failed call after this one, towards the end of the log',
    keys: ['}'],
    where: panePlaces,
    run: context => goToSought(context, failures, 1),
  }),
  command({
    id: 'filter',
    title: 'Filter the log: words, a socket, failed, -word to leave out; empty shows all',
    short: 'filter',
    keys: ['&'],
    where: everyPane,
    footer: onLog(65, 18),
    run: opener('filter'),
  }),
];
