import type { World } from '../../bench/view/store.ts';
import { fieldOf, fieldText } from '../../bench/view/text-field.ts';
import { marked, t } from '../../core/words/translate.ts';
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

const failures = (): Sought => ({
  words: 'failed',
  title: t('failed calls'),
  none: t('No call of the log has failed'),
});

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
  if (turned)
    say(
      context,
      by === -1 ? t`${title}: went round the start of the log` : t`${title}: went round the end of the log`,
    );
  if (found === from) say(context, t`${title}: this is the only match`);
  showLog(context);
  chooseEntry(context, found);
};

const jump = (context: Context, by: 1 | -1): void => {
  const { search } = context.store.getState().view.log;
  goToSought(
    context,
    { words: search, title: `"${search}"`, none: t`"${search}" is nowhere in the log` },
    by,
  );
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
  view.log.search === ''
    ? t`Nothing was searched for yet: ${doneBy(keyOf, 'search')} searches the log`
    : null;

/** A footer's priority while the log has the focus, and else. */
const onLog =
  (there: number, elsewhere: number) =>
  ({ view }: World): number =>
    view.focus === 'log' ? there : elsewhere;

export const findCommands = [
  command({
    id: 'search',
    title: marked('Search the log'),
    short: marked('search'),
    keys: ['/'],
    where: everyPane,
    footer: onLog(66, 32),
    run: opener('search'),
  }),
  command({
    id: 'next-match',
    title: marked('Next match, towards the start of the log'),
    short: marked('next match'),
    keys: ['n'],
    where: panePlaces,
    footer: onLog(67, 0),
    listed: false,
    disabled: nothingSought,
    run: context => jump(context, -1),
  }),
  command({
    id: 'previous-match',
    title: marked('Previous match, towards the end of the log'),
    keys: ['N'],
    where: panePlaces,
    listed: false,
    disabled: nothingSought,
    run: context => jump(context, 1),
  }),
  command({
    id: 'failure-before',
    title: marked('The failed call before this one, towards the start of the log'),
    short: marked('failure'),
    keys: ['{'],
    where: panePlaces,
    footer: onLog(40, 0),
    run: context => goToSought(context, failures(), -1),
  }),
  command({
    id: 'failure-after',
    title: marked('The failed call after this one, towards the end of the log'),
    keys: ['}'],
    where: panePlaces,
    run: context => goToSought(context, failures(), 1),
  }),
  command({
    id: 'filter',
    title: marked('Filter the log: words, a socket, failed, -word to leave out; empty shows all'),
    short: marked('filter'),
    keys: ['&'],
    where: everyPane,
    footer: onLog(65, 18),
    run: opener('filter'),
  }),
];
