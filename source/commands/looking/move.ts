import { initialTimeline } from '../../bench/view/timeline-window.ts';
import {
  isActorPane,
  isStrip,
  openPanes,
  type PaneId,
  type StripId,
  shownActors,
  stripIds,
  stripTable,
  withRow,
} from '../../bench/view/view.ts';
import { isProgram, type Program, programs } from '../../core/model/actors.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type Context,
  command,
  everyPane,
  listPlaces,
  look,
  type Place,
  panePlaces,
  programPlaces,
  readerPlaces,
  refusal,
} from '../calling/command.ts';
import { doneBy } from '../calling/keymap.ts';
import { focusPane, placeOf, topOverlay } from '../calling/overlays.ts';
import type { Step } from '../calling/step.ts';
import { scrollLab } from '../keeping/lab-scroll.ts';
import { moveSocket } from '../sockets/select-socket.ts';
import { moveChoice } from './choices.ts';
import { scrollLog } from './log-window.ts';
import { scrollReader } from './readers.ts';
import { moveTimeline } from './timeline.ts';

/** Moves in whatever has the keys. */
const move =
  (step: Step) =>
  (context: Context): void => {
    const world = context.store.getState();
    const place = placeOf(world);
    const focus = topOverlay(world.view) ? 'log' : world.view.focus;
    if (place === 'log') scrollLog(context, step);
    else if (place === 'lab') scrollLab(context, step);
    else if (place === 'timeline') moveTimeline(context, step);
    else if (place === 'entry' || place === 'stream' || place === 'code') scrollReader(context, step);
    else if (isActorPane(focus)) moveSocket(context, focus, step);
    else moveChoice(context, step);
  };

const movers: readonly Place[] = [...panePlaces, 'lab', ...readerPlaces, ...listPlaces];
const pagers: readonly Place[] = [...panePlaces, 'lab', ...readerPlaces];

const mover = (id: string, title: string, keys: readonly string[], step: Step, where = movers) =>
  command({ id, title, keys, where, listed: false, run: move(step) });

/** Where processes are shown, a program's key goes to the one in its place; null where there is none. */
const paneNow = (context: Context, pane: PaneId): PaneId | null => {
  const actors = shownActors(context.store.getState());
  return isProgram(pane) ? (actors[programs.indexOf(pane)] ?? null) : pane;
};

const goTitles: Readonly<Record<Program | StripId, string>> = {
  client: marked('Go to the Client pane'),
  'tcp-server': marked('Go to the TCP server pane'),
  'udp-server': marked('Go to the UDP server pane'),
  timeline: marked('Go to the Timeline pane'),
  log: marked('Go to the Log pane'),
};

const focusCommand = (pane: Program | StripId, key: string) =>
  command({
    id: `focus-${pane}`,
    title: goTitles[pane],
    keys: [key],
    where: everyPane,
    run: context => {
      const to = paneNow(context, pane);
      if (to === null) return refusal(t('No process is in this place'));
      focusPane(context, to);
      return null;
    },
  });

const cycle =
  (by: number) =>
  (context: Context): void => {
    const world = context.store.getState();
    const panes = openPanes(world);
    focusPane(context, panes[(panes.indexOf(world.view.focus) + by + panes.length) % panes.length]!);
  };

/** Left and right go between the program panes, which stand side by side. */
const sideways =
  (by: number) =>
  (context: Context): void => {
    const world = context.store.getState();
    const { focus } = world.view;
    const actors = shownActors(world);
    const next = isActorPane(focus) ? actors[actors.indexOf(focus) + by] : undefined;
    if (next) focusPane(context, next);
  };

const letGo = command({
  id: 'let-go',
  title: marked('Let go: leave the zoom, the selected row, the place in the log; never quits'),
  short: marked('let go'),
  keys: ['escape'],
  where: panePlaces,
  listed: false,
  run: context => {
    const { view } = context.store.getState();
    const message = null;
    if (view.zoomed) look(context, { zoomed: false, message });
    else if (view.focus === 'log') {
      look(context, { log: { ...view.log, bottom: null, selected: null, search: '' }, message });
    } else if (isStrip(view.focus)) {
      look(context, { timeline: { ...initialTimeline, span: view.timeline.span }, message });
    } else if (isActorPane(view.focus)) {
      look(context, { programs: withRow(view, view.focus, ''), message });
    }
  },
});

const zoom = command({
  id: 'zoom',
  title: marked('Zoom the pane in focus, or show all panes again'),
  short: marked('zoom'),
  keys: ['z'],
  where: [...panePlaces, 'lab'],
  footer: 12,
  run: context => look(context, view => ({ zoomed: !view.zoomed })),
});

const keys: Readonly<Record<Program, string>> = { client: '1', 'tcp-server': '2', 'udp-server': '3' };

export const moveCommands = [
  ...programs.map(program => focusCommand(program, keys[program])),
  ...stripIds.map(id => focusCommand(id, stripTable[id].key)),
  command({
    id: 'focus-guest',
    title: marked('Go to the lesson of a lab, or to the time of a replay'),
    keys: ['6'],
    where: everyPane,
    disabled: ({ view }, keyOf) =>
      view.lab || view.replay
        ? null
        : t`Neither a lab nor a replay is open: ${doneBy(keyOf, 'labs')} lists labs`,
    run: context => focusPane(context, context.store.getState().view.lab ? 'lab' : 'time'),
  }),
  command({
    id: 'next-pane',
    title: marked('Next pane'),
    short: marked('pane'),
    keys: ['tab'],
    where: everyPane,
    footer: 20,
    listed: false,
    run: cycle(1),
  }),
  command({
    id: 'previous-pane',
    title: marked('Previous pane'),
    keys: ['shift-tab'],
    where: everyPane,
    listed: false,
    run: cycle(-1),
  }),
  mover('up', marked('Up a row'), ['up', 'k'], { rows: -1 }),
  mover('down', marked('Down a row'), ['down', 'j'], { rows: 1 }),
  command({
    id: 'left',
    title: marked('The pane to the left'),
    keys: ['left', 'h'],
    where: programPlaces,
    listed: false,
    run: sideways(-1),
  }),
  command({
    id: 'right',
    title: marked('The pane to the right'),
    keys: ['right', 'l'],
    where: programPlaces,
    listed: false,
    run: sideways(1),
  }),
  mover('page-up', marked('Up a page'), ['pageup', 'ctrl-b'], { pages: -1 }, pagers),
  mover('page-down', marked('Down a page'), ['pagedown', 'ctrl-f'], { pages: 1 }, pagers),
  mover('start', marked('To the start'), ['g', 'home'], 'start', pagers),
  mover('end', marked('To the end, and follow it'), ['G', 'end'], 'end', pagers),
  zoom,
  letGo,
];
