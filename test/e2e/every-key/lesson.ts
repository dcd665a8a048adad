import { key } from '../keys.ts';
import { type Pane, panes } from './live-world.ts';
import { paneViewScenarios } from './pane-views.ts';
import { all, gone, less, line, type Scenario, type Station, type Step } from './scenario.ts';

const sight = /6 Lab lesson \d\/2 \*/;

const pane: Pane = {
  ...panes.client,
  place: 'lab',
  digit: '6',
  sight,
  back: ['6', sight],
  next: panes.client.sight,
  previous: panes.log.sight,
  sought: 'policy',
  filter: 'client policy',
};

const fresh = all(sight, /║ Row 1 of/, /\d below/, /#3 .*policy/, gone(/above|done/));
/** The lesson from its start on, of which no line has run. */
const again: readonly Step[] = ['r', fresh];
/** The same once its socket is open. */
const closing: readonly Step[] = [
  'r',
  /Run the lab again from its start\? Its one socket is closed\./,
  'y',
  fresh,
];

const bound: readonly Step[] = [' ', /> next +u1\.bind/];
/** bind comes next, and may be foretold. */
const asked: readonly Step[] = [' ', /Predict: o it returns/];
const foretold = (command: string, shows: RegExp): Scenario => ({
  command,
  setup: asked,
  shows,
  after: closing,
});
/** recvfrom is in flight. */
const waiting: readonly Step[] = [
  ...bound,
  ' ',
  /> next +u1\.recvfrom/,
  ' ',
  all(/> next +u1\.getsockname/, /BLOCKED/),
];

const below = /═ .*?(\d+) below ═/;
const above = /═ (\d+) above/;
const cancels: Scenario = {
  command: 'cancel',
  setup: waiting,
  shows: /Cancelled u1\.recvfrom \(KeyboardInterrupt\)/,
  hides: /BLOCKED/,
  after: closing,
};

const scenarios: readonly Scenario[] = [
  { command: 'lab-step', shows: all(/done +u1 = socket/, /> next +u1\.bind/), after: closing },
  {
    command: 'lab-run-on',
    shows: all(/done +u1\.getsockname/, /Space goes on with stage 2 of 2/),
    after: closing,
  },
  { command: 'lab-again', setup: ['jjj', /3 above/], shows: fresh },
  { command: 'lab-again', setup: bound, shows: /Run the lab again from its start\?/, after: ['y', fresh] },
  foretold('predict-returns', /You said: it returns\. So/),
  foretold('predict-blocks', /You said: it blocks\. Not/),
  foretold('predict-fails', /You said: it fails\. Not/),
  {
    command: 'predict-value',
    setup: asked,
    shows: /it returns .*5, hello/s,
    after: [key.escape, gone(/5, hello/), ...closing],
  },
  { command: 'lab-next', shows: /The next lab comes at the end of this one/ },
  {
    command: 'lab-leave',
    shows: /Nothing is open yet/,
    hides: /6 Lab/,
    after: line('lab lesson.lab.yaml', fresh),
  },
  {
    command: 'lab-leave',
    setup: bound,
    shows: /Leave the lab\? Its one socket is closed\. Your own bench comes back/,
    after: ['n', gone(/Leave the lab/), ...closing],
  },
  { command: 'lab-leave', setup: ['z', gone(/1 Client/)], shows: /1 Client/ },
  cancels,
  { ...cancels, command: 'interrupt' },
  {
    command: 'why',
    setup: waiting,
    shows: /═ Why: who waits for whom/,
    after: [key.escape, gone(/═ Why/), ...closing],
  },
  {
    command: 'stage-reveal',
    shows: /Only on stage is the next step hidden: Z goes there/,
    after: [key.escape, gone(/Only on stage/), ...line('lab lesson.lab.yaml', fresh)],
  },
  {
    command: 'stage-reveal',
    setup: ['Z', /On stage/, ' ', /> next +\?/],
    shows: /> next +u1\.bind/,
    after: ['Z', /Off stage/, ...closing],
  },
  { command: 'up', setup: ['jjj', /3 above/], shows: /2 above/, after: again },
  { command: 'down', shows: /1 above/, after: again },
  { command: 'page-up', setup: ['G', gone(below)], shows: all(less(above, 10), below), after: again },
  { command: 'page-down', shows: all(/1\d above/, below), after: again },
  { command: 'start', setup: ['G', gone(below)], hides: above },
  { command: 'end', shows: />? next +u1 = socket/, hides: below, after: again },
];

export const lessonStation = (everywhere: readonly Scenario[]): Station => ({
  place: 'lab',
  launch: 'cp "$HERE/lesson.lab.yaml" . && sockbench lab lesson.lab.yaml',
  open: [],
  enter: [fresh],
  sight,
  scenarios: [...scenarios, ...paneViewScenarios(pane), ...everywhere],
});
