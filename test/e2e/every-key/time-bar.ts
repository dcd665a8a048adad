import { ctrl } from '../keys.ts';
import { type Pane, panes } from './live-world.ts';
import { paneViewScenarios } from './pane-views.ts';
import { all, more, type Scenario, type Sight, type Station, type Step } from './scenario.ts';

const sight = /Time \*/;

const pane: Pane = {
  ...panes.client,
  place: 'time',
  digit: '6',
  sight,
  back: ['6', sight],
  next: panes.client.sight,
  previous: panes.log.sight,
  sought: 'socket',
  filter: 'recv',
};

/** Two receives that time out after a second and more each: a session of some entries and two seconds. */
const lines = [
  's1 = socket',
  's1.bind 127.0.0.1:0',
  's1.listen 1',
  'me = s1.getsockname',
  'c1 = socket',
  'c1.connect $me',
  'c1.settimeout 1100ms',
  'c1.recv 10',
  'c1.recv 10',
];
const recorded = `sockbench --record session.jsonl run -e ${lines.map(text => `'${text}'`).join(' ')} > run.txt`;

const n = /#(\d+) of #\d+/;
const t = / (\d+\.\d+) of \d+\.\d+ s/;
const last = /#(\d+) of #\1 /;
const first = /#1 of #/;
const toFirst: readonly Step[] = ['g', first];
const toLast: readonly Step[] = ['G', last];

/** Exactly one entry. */
const one = (way: -1 | 1): Sight => ({
  says: `one entry ${way < 0 ? 'back' : 'on'}`,
  holds: (screen, before) => Number(n.exec(screen)?.[1]) - Number(n.exec(before)?.[1]) === way,
});

const second = (way: -1 | 1): Sight => ({
  says: `one second ${way < 0 ? 'back' : 'on'}`,
  holds: (screen, before) =>
    Math.abs(Number(t.exec(screen)?.[1]) - Number(t.exec(before)?.[1]) - way) < 0.001,
});

const scenarios: readonly Scenario[] = [
  { command: 'entry-back', shows: one(-1), after: toLast },
  { command: 'entry-on', setup: toFirst, shows: one(1), after: toLast },
  { command: 'second-back', shows: second(-1), after: toLast },
  { command: 'second-on', setup: toFirst, shows: second(1), after: toLast },
  { command: 'play', setup: toFirst, shows: all(/playing/, more(t)), after: [' ', /paused/, ...toLast] },
  { command: 'faster', shows: / 2x speed/, after: ['-', / 1x speed/] },
  { command: 'slower', shows: / 1\/2 speed/, after: ['+', / 1x speed/] },
  { command: 'replay-start', shows: first, hides: last, after: toLast },
  { command: 'replay-end', setup: toFirst, shows: last, hides: first },
  { command: 'goto', shows: /═ Go to an entry/, after: [`${ctrl('u')}3\r`, /#3 of #/, ...toLast] },
];

export const timeStation = (everywhere: readonly Scenario[]): Station => ({
  place: 'time',
  launch: `rm -f session.jsonl; ${recorded}; sockbench replay session.jsonl`,
  open: [],
  enter: [sight, last],
  sight,
  scenarios: [...scenarios, ...paneViewScenarios(pane), ...everywhere],
});
