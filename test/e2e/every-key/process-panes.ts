import { key } from '../keys.ts';
import { type Pane, panes } from './live-world.ts';
import { paneViewScenarios } from './pane-views.ts';
import {
  all,
  farAbove,
  farBelow,
  gone,
  rowAbove,
  rowBelow,
  type Scenario,
  type Station,
} from './scenario.ts';

/** Panes of processes, whose keys are those of the Client's place. */
const first = /1 p1 python\S* \d+ \*/;
const second = /2 p2 python\S* \d+ \*/;

const pane: Pane = {
  ...panes.client,
  sight: first,
  back: ['1', first],
  next: second,
  socket: 'p1.4',
  sought: 'ESTAB',
  filter: 'p1.4',
};

/** What acts on sockets, or opens a bench for a lesson: not on processes that others have started. */
const acts = [
  'accept',
  'accept-loop',
  'receive-loop',
  'policy',
  'send',
  'receive',
  'open',
  'connect',
  'listen-or-stop',
  'close-menu',
  'close-ended',
  'timeout',
  'backlog',
  'cancel',
  'options',
  'fault',
  'repeat-or-stop',
  'labs',
];

const refused = (how: 'watched' | 'traced'): readonly Scenario[] => {
  const says = new RegExp(`These programs are ${how}, not acted on`);
  return acts.map(command => ({
    command,
    setup: [key.escape, gone(says)],
    shows: says,
    after: [key.escape, gone(says)],
  }));
};

const chosen = />.p1\.\d+ (LISTEN|ESTAB)/;

const letGo = [key.escape, gone(chosen)];

const rowsOfSockets: readonly Scenario[] = [
  { command: 'up', setup: ['G', chosen], shows: rowAbove(chosen), after: letGo },
  { command: 'down', setup: ['G', chosen, 'k', rowAbove(chosen)], shows: rowBelow(chosen), after: letGo },
  { command: 'page-up', setup: ['G', chosen], shows: farAbove(chosen), after: letGo },
  { command: 'start', setup: ['G', chosen], shows: farAbove(chosen), after: letGo },
  { command: 'page-down', setup: ['g', chosen], shows: farBelow(chosen), after: letGo },
  { command: 'end', setup: ['g', chosen], shows: farBelow(chosen), after: letGo },
  { command: 'let-go', setup: ['g', chosen], hides: chosen },
  { command: 'left', keeps: true },
  { command: 'right', shows: second, hides: first, after: pane.back },
];

const noRules = /No socket has a rule|not acted on/;

const others: readonly Scenario[] = [
  { command: 'focus-tcp-server', shows: second, hides: first, after: pane.back },
  {
    command: 'focus-udp-server',
    shows: /No process is in this place/,
    after: [key.escape, gone(/No process is/)],
  },
  { command: 'why', shows: /═ Why: who waits for whom/, after: [key.escape, gone(/═ Why/)] },
  {
    command: 'inspect',
    setup: ['g', chosen],
    shows: /═ p1\.\d+ /,
    after: [key.escape, gone(/═ p1\.\d+ /), ...letGo],
  },
  {
    command: 'code',
    // A listener that nobody was seen to ask has made no call.
    setup: ['g', chosen, 'j', rowBelow(chosen)],
    shows: /═ p1\.\d+'s life so far as Python/,
    after: [key.escape, gone(/as Python/), ...letGo],
  },
  {
    command: 'copy',
    setup: ['G', chosen],
    shows: /p1\.\d+'s address: \d+ bytes handed/,
    copies: /^127\.0\.0\.1:\d+$/,
    after: letGo,
  },
  {
    command: 'rules',
    setup: [key.escape, gone(noRules)],
    shows: noRules,
    after: [key.escape, gone(noRules)],
  },
  { command: 'follow', shows: /5 Log .*not following/, after: ['F', gone(/not following/)] },
  { command: 'other-tab', shows: /4 Timeline {2}following, 10 s a screen/, after: [']', gone(/a screen/)] },
  // Of names that are kept nothing is read here: nothing would be done with them.
  {
    command: 'saved',
    shows: /Nothing is kept under a name yet/,
    after: [key.escape, gone(/Nothing is kept/)],
  },
  { command: 'zoom', hides: /2 p2 python/, after: ['z', /2 p2 python/] },
  {
    command: 'sort-next',
    setup: ['z', /name↓/],
    shows: / state↓/,
    after: ['z', /2 p2 python/],
  },
  {
    command: 'sort-reverse',
    setup: ['z', / state↓/],
    shows: / state↑/,
    after: ['z', /2 p2 python/],
  },
];

const own: ReadonlySet<string> = new Set([
  ...acts,
  ...[...rowsOfSockets, ...others].map(({ command }) => command),
]);

const station = (
  how: 'watched' | 'traced',
  launch: string,
  everywhere: readonly Scenario[],
  quits: Scenario,
): Station => ({
  place: 'client',
  name: `a process that is ${how}`,
  launch,
  open: [],
  // With both receives told: of one alone a deadlock is said too, until the look after that.
  enter: [all(first, /2 p2 python/), /DEADLOCK/, / 2 blocked /, ...pane.back],
  sight: first,
  scenarios: [
    ...refused(how),
    ...rowsOfSockets,
    ...others,
    ...paneViewScenarios(pane).filter(({ command }) => !own.has(command) && command !== 'quit'),
    ...everywhere,
    quits,
  ],
});

/** Python itself: a script that finds it would be a process of its own. */
const python = `"$(python3 -c 'import sys; print(sys.executable)')"`;

export const processStations = (everywhere: readonly Scenario[]): readonly Station[] => [
  // Once all its processes are there.
  station(
    'watched',
    `rm -f held; ${python} "$HERE/held.py" & until [ -e held ]; do :; done; sockbench watch $!`,
    everywhere,
    {
      command: 'quit',
      // Its session was saved before, and nothing has happened since.
      shows: /left 0 > ‸/,
      leaves: true,
    },
  ),
  station('traced', `sockbench trace -- ${python} "$HERE/held.py"`, everywhere, {
    command: 'quit',
    shows: /Quit\? the 2 programs that were started here will be ended/,
    after: ['y', /left 0 > ‸/],
    leaves: true,
  }),
];
