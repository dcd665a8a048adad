import { key } from '../keys.ts';
import { inClient, inServer } from './live-world.ts';
import {
  all,
  farAbove,
  farBelow,
  gone,
  less,
  more,
  rowAbove,
  rowBelow,
  type Scenario,
  type Step,
} from './scenario.ts';

/** a1 waits in recv, c4 sends: each of the two entries names the other. The Client has the focus then. */
export const linked: readonly Step[] = [
  ...inServer,
  'r',
  /recv 4KiB +BLOCKED/,
  ...inClient,
  's',
  /send to c4 >/,
  'ping\r',
  all(gone(/BLOCKED/), /send to c4 > ‸/),
  key.escape,
  gone(/send to c4 >/),
];

const entryOpened: Scenario = { command: '', shows: /═ Entry #\d+/, after: [key.escape, gone(/═ Entry/)] };

/** The row of the log with the cursor, by its entry. */
const at = />.#(\d+) /;
const follows: Step = gone(/not following/);
const ended: readonly Step[] = ['G', follows];
const inLog: readonly Step[] = ['5', /5 Log \*/];
const sent = />.#\d+ .*c4\.send "ping/;
const received = />.#\d+ .*a1\.recv[^=\n]* = "ping/;

/** A page is some dozen rows. */
const page = 10;

/** The cursor of the log, and what follows it. */
export const logScenarios: readonly Scenario[] = [
  { command: 'up', setup: ['k', at], shows: rowAbove(at), after: ended },
  { command: 'down', setup: ['k', at, 'k', rowAbove(at)], shows: rowBelow(at), after: ended },
  { command: 'page-up', setup: ['k', at], shows: all(less(at, page), gone(/>.#1 /)), after: ended },
  { command: 'page-down', setup: ['g', />.#1 /], shows: all(more(at, page), /not following/), after: ended },
  { command: 'start', setup: ['k', at], shows: />.#1 /, after: ended },
  { command: 'end', setup: ['g', />.#1 /], hides: /not following/ },
  { command: 'let-go', setup: ['g', />.#1 /], hides: /not following/ },
  { command: 'follow', shows: /not following/, after: ['F', follows] },
  { ...entryOpened, command: 'inspect', after: [key.escape, gone(/═ Entry/), ...ended] },
  {
    command: 'copy',
    setup: [...linked, ...inLog],
    shows: /entry #\d+: \d+ bytes handed to the terminal/,
    copies: /c4\.send "ping/,
  },
  // The receive stands where it began: a row above the send that woke it.
  { command: 'cause', setup: [...linked, ...inLog, 'k', received], shows: sent, after: ended },
  { command: 'effect', setup: [...linked, ...inLog], shows: received, after: ended },
  { command: 'other-tab', shows: /4 Timeline \*/, after: ['[', /5 Log \*/] },
];

/** The thread with the cursor, and the call on its border. */
const thread = />.[csau]\d+ (reader|writer)/;
const call = /═ #(\d+) {2}c4\.send/;
const onWriter: readonly Step[] = ['k'.repeat(20), />.c4 reader/, 'j', all(/>.c4 writer/, call)];
const onLast: readonly Step[] = ['j'.repeat(20), /> u4 reader/];

/** What opens the timeline's world: two exchanges, on a screen so long that they stay on it. */
export const timelineOpen: readonly Step[] = [...linked, ...linked, '4---', /100 s a screen/];

/** A screen of half a second moves with now, and its first time with it. */
const near: readonly Step[] = ['=======', /, 500 ms a screen/];
const tick = /┊(\d+\.\d+)s/;
const whole: readonly Step[] = ['G', follows, '-------', /100 s a screen/];

export const timelineScenarios: readonly Scenario[] = [
  { ...entryOpened, command: 'timeline-inspect' },
  {
    command: 'timeline-zoom-in',
    shows: /, 50 s a screen/,
    hides: /100 s a screen/,
    after: ['-', /100 s a screen/],
  },
  { command: 'timeline-zoom-out', shows: /, 200 s a screen/, after: ['=', /100 s a screen/] },
  { command: 'timeline-earlier', setup: [...near, 'F', /not following/], shows: less(tick), after: whole },
  {
    command: 'timeline-later',
    setup: [...near, 'h', /not following/, 'h', less(tick)],
    shows: all(/not following/, more(tick)),
    after: whole,
  },
  { command: 'timeline-call-before', setup: onWriter, shows: less(call), after: ['G'] },
  {
    command: 'timeline-call-after',
    setup: [...onWriter, ',', less(call)],
    shows: more(call),
  },
  { command: 'timeline-follow', shows: /not following/, after: ['F', follows] },
  { command: 'let-go', setup: ['F', /not following/], hides: /not following/ },
  { command: 'up', setup: onLast, shows: rowAbove(thread) },
  { command: 'down', setup: onWriter, shows: rowBelow(thread) },
  { command: 'page-up', setup: onLast, shows: farAbove(thread) },
  { command: 'page-down', setup: onWriter, shows: farBelow(thread) },
  { command: 'start', setup: near, shows: all(/not following/, less(tick, 0.5)), after: whole },
  {
    command: 'end',
    setup: [...near, 'g', /not following/],
    shows: more(tick),
    hides: /not following/,
    after: whole,
  },
  { command: 'copy', setup: onWriter, shows: /entry #\d+: \d+ bytes handed/, copies: /c4\.send "ping/ },
  { command: 'effect', setup: onWriter, shows: all(/>.a1 reader/, /═ #\d+ {2}a1\.recv 4KiB = /) },
  { command: 'cause', setup: [...onWriter, '>', />.a1 reader/], shows: all(/>.c4 writer/, call) },
  { command: 'other-tab', shows: /5 Log \*/, after: [']', /4 Timeline \*/] },
];
