import { hasForeignPeer } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Entry } from '../../core/model/entry.ts';
import { callLabel } from '../../core/model/wait.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  type KeyOf,
  look,
  type Place,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { closeOverlay, focusPane, openOverlay, overlayOf } from '../calling/overlays.ts';
import { socketOfEntry } from '../calling/targets.ts';
import { chooseEntry, logRange, toldEntry } from './log-window.ts';
import { chooseOnTimeline, shownTimeline } from './shown-timeline.ts';

/** The number of the entry that is looked at: opened, or under the cursor of log or timeline; 0: none. */
const lookedAt = (context: Context, world: World): number => {
  const opened = overlayOf(world, 'entry');
  if (opened) return opened.n;
  return world.view.focus === 'timeline' ? shownTimeline(context, world).entry : toldEntry(context, world);
};

export const shownEntry = (context: Context): Entry | undefined =>
  context.source.journal.at(lookedAt(context, context.store.getState()));

/** A filter that hides the entry gives way. */
const unhide = (context: Context, n: number): void => {
  const { log } = context.store.getState().view;
  const range = logRange(context.store.getState());
  const row = context.log.rowOf(range, n);
  if (log.filter === '' || context.log.step(log.filter, range, row, 0) === row) return;
  look(context, { log: { ...log, filter: '' } });
  say(context, t`The filter "${log.filter}" hid #${n}: it is off`);
};

/** Shows another entry where this one was shown. */
const goTo = (context: Context, n: number): Result => {
  const { journal } = context.source;
  const world = context.store.getState();
  const entry = journal.at(n);
  if (!entry) return refusal(t`That is #${n}: the journal no longer holds it`);
  if (n <= world.view.log.clearedTo) return refusal(t`That is #${n}: it was cleared from the log`);
  const onTimeline = world.view.focus === 'timeline' && chooseOnTimeline(context, entry);
  unhide(context, n);
  if (!onTimeline) focusPane(context, 'log');
  chooseEntry(context, n);
  if (!overlayOf(world, 'entry')) return null;
  closeOverlay(context);
  openOverlay(context, { kind: 'entry', n, top: 0 });
  return null;
};

/** That the peer of the socket that an entry is about is foreign; '' where it is not. */
const foreignWords = (world: World, entry: Entry): string => {
  const bench = shownBench(world);
  const channel = socketOfEntry(bench, entry);
  if (!channel?.peer || !hasForeignPeer(bench, channel)) return '';
  const peer = safeText(formatEndpoint(channel.peer));
  return t`${channel.name}'s peer ${peer} is foreign: a link to a foreign peer is never invented`;
};

/** Why no link leads on from an entry. */
const noLink = (world: World, entry: Entry, sought: 'cause' | 'effect', keyOf: KeyOf): string => {
  if (entry.kind === 'running' || entry.kind === 'queued') {
    const call = shownBench(world).calls.get(entry.id);
    if (call && sought === 'cause')
      return t`${callLabel(call)} has not ended: ${doneBy(keyOf, 'why')} says who must act`;
    if (sought === 'cause') return t('What ended this call is linked with its end, further down');
  }
  const foreign = foreignWords(world, entry);
  if (foreign !== '') return foreign;
  return sought === 'cause'
    ? t`No entry of this bench caused #${entry.n}`
    : t`#${entry.n} woke no call of this bench`;
};

const linkPlaces: readonly Place[] = ['log', 'timeline', 'entry'];

const follow =
  (sought: 'cause' | 'effect') =>
  (context: Context): Result => {
    const world = context.store.getState();
    const entry = shownEntry(context);
    if (!entry) return refusal(t('No entry is chosen: the log is empty'));
    const n = sought === 'cause' ? entry.by : entry.wakes;
    return n ? goTo(context, n) : refusal(noLink(world, entry, sought, keysHere(context)));
  };

export const causeCommands = [
  command({
    id: 'cause',
    title: marked('To the entry that caused this one'),
    short: marked('cause'),
    keys: ['<'],
    where: linkPlaces,
    footer: 20,
    run: follow('cause'),
  }),
  command({
    id: 'effect',
    title: marked('To the entry that this one woke'),
    short: marked('effect'),
    keys: ['>'],
    where: linkPlaces,
    footer: 19,
    run: follow('effect'),
  }),
];
