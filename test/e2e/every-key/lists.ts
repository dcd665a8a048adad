import type { Place } from '../../../source/commands/calling/command.ts';
import { ctrl, key } from '../keys.ts';
import { connectForm, connects, inClient, inServer } from './live-world.ts';
import { all, gone, line, rowAbove, rowBelow, type Scenario, type Step } from './scenario.ts';

/** An overlay of the living bench: what its world has more, how one comes to it, and its keys. */
export type Overlay = {
  readonly place: Place;
  readonly open: readonly Step[];
  readonly enter: readonly Step[];
  readonly sight: RegExp;
  readonly scenarios: readonly Scenario[];
};

const chosen = /║ > \S/;

/** Esc and q leave it, ? helps; what leaves it comes back by `enter`. */
const leaving = (sight: RegExp, enter: readonly Step[], title: RegExp): readonly Scenario[] => [
  { command: 'back', hides: sight, after: enter },
  { command: 'leave', hides: sight, after: enter },
  { command: 'mouse', shows: /Mouse on: click focuses/, after: ['m', /Mouse off/] },
  { command: 'help', shows: title, after: [key.escape, gone(title)] },
];

const rowsOf = (row: RegExp): readonly Scenario[] => [
  { command: 'up', setup: ['j', rowBelow(row)], shows: rowAbove(row) },
  { command: 'down', shows: rowBelow(row), after: ['k', rowAbove(row)] },
];

const menuSight = /═ Close [ca]\d+ ═/;
const inMenu: readonly Step[] = [...inClient, 'd', menuSight];

/** The menu of another connection, which is the newest: its ends are c5 and a2, or later ones. */
const another: readonly Step[] = [
  key.escape,
  gone(menuSight),
  ...connects,
  'a',
  gone(/1 waiting/),
  'd',
  /═ Close c(?!4 )\d+ ═/,
];

const acted = (command: string, setup: readonly Step[], call: string): Scenario => ({
  command,
  setup: [...another, ...setup],
  shows: new RegExp(`c(?!4\\.)\\d+\\.${call} = ok .*\\n(.*\\n)?.*└`),
  hides: menuSight,
  after: [...inServer, 'd', menuSight, 'c', gone(menuSight), ...inMenu],
});

/** The menu of c1, which has no peer: it never acts on another socket than its own. */
const refused = (command: string): Scenario => ({
  command,
  setup: [key.escape, gone(menuSight), 'g', />.c1 CLOSED/, 'd', /═ Close c1 ═/],
  shows: / ! c1 is not connected/,
  after: [key.escape, gone(menuSight), key.escape, gone(/>.c1/), 'd', menuSight],
});

const menu: Overlay = {
  place: 'menu',
  open: [],
  enter: inMenu,
  sight: menuSight,
  scenarios: [
    acted('half-close', [], 'shutdown SHUT_WR'),
    acted('close', [], 'close'),
    acted('reset', [], 'reset'),
    refused('half-close'),
    refused('reset'),
    // Those of the rows above may have left one that has ended.
    {
      command: 'close-ended',
      shows: /( ! none has|Closed c\d)/,
      after: [key.escape, gone(menuSight), ...inMenu],
    },
    acted('enter-menu', ['j', rowBelow(chosen)], 'close'),
    ...rowsOf(chosen),
    ...leaving(menuSight, inMenu, /═ Keys in the close menu/),
  ],
};

const whySight = /═ Why: who waits for whom/;
/** With all that is said only once a call has been blocked for a while. */
const whyWhole = all(whySight, /BLOCKED .*, waits for/, /a blocked call uses no CPU/);
const inWhy: readonly Step[] = [...inClient, 'w', whyWhole];
const waiting: readonly Step[] = [...inClient, 'r', /c4\.recv 4KiB BLOCKED/];
const call = /║> +(c4|a1|u4)\.recv/;

const why: Overlay = {
  place: 'why',
  open: [
    ...inServer,
    'r',
    /a1\.recv 4KiB BLOCKED/,
    '3',
    /3 UDP server \*/,
    'r',
    /u4\.recvfrom 4KiB BLOCKED/,
    ...waiting,
  ],
  enter: inWhy,
  sight: whySight,
  scenarios: [
    ...rowsOf(call),
    {
      command: 'why-go',
      setup: ['kk', /║> +a1\.recv/],
      shows: all(/2 TCP server \*/, />.a1 ESTAB/),
      hides: whySight,
      after: [key.escape, gone(/>.a1 ESTAB/), ...inWhy],
    },
    {
      command: 'why-cancel',
      setup: ['kk', /║> +a1\.recv/, 'j', /║> +c4\.recv/],
      shows: /Cancelled c4\.recv \(KeyboardInterrupt\)/,
      after: [key.escape, gone(whySight), ...waiting, ...inWhy],
    },
    {
      command: 'glossary',
      shows: all(/═ Words: who waits for whom/, /> DEADLOCK/),
      after: [key.escape, gone(/═ Words/)],
    },
    ...leaving(whySight, inWhy, /═ Keys while it is shown who waits for whom/),
  ],
};

const optionsSight = /═ Options of c4/;
const inOptions: readonly Step[] = [...inClient, 'O', all(/ SO_REUSEADDR +\d/, gone(/\(asking\)/))];
const setForm = /═ Set a socket option/;

const options: Overlay = {
  place: 'options',
  open: [],
  enter: inOptions,
  sight: optionsSight,
  scenarios: [
    ...rowsOf(chosen),
    { command: 'options-read', shows: /c4: every option asked again/ },
    {
      command: 'options-set',
      setup: ['k'.repeat(9), / > SO_KEEPALIVE +0 /],
      shows: all(setForm, /option +SO_KEEPALIVE/),
      after: [`${ctrl('u')}1\r`, all(gone(setForm), /c4: SO_KEEPALIVE is 1 now/, / > SO_KEEPALIVE +1 /)],
    },
    ...leaving(optionsSight, inOptions, /═ Keys in a socket's options/),
  ],
};

const savedSight = /═ Kept under names/;
const inSaved: readonly Step[] = [...inClient, 'B', savedSight];

const saved: Overlay = {
  place: 'saved',
  open: [],
  enter: inSaved,
  sight: savedSight,
  scenarios: [
    ...rowsOf(chosen),
    {
      command: 'saved-use',
      shows: all(connectForm, /address +127\.0\.0\.1:9‸/),
      hides: savedSight,
      after: [key.escape, gone(connectForm), ...inSaved],
    },
    {
      command: 'saved-use',
      setup: ['j', / > hi +message/],
      shows: /send to c4 > hi there‸/,
      hides: savedSight,
      after: [key.escape, gone(/send to c4/), ...inSaved],
    },
    { command: 'saved-forget', shows: /Forget db: 127\.0\.0\.1:9\?/, after: ['n', gone(/Forget db/)] },
    ...leaving(savedSight, inSaved, /═ Keys in the list of kept names/),
  ],
};

const rulesSight = /═ Rules/;
const inRules: readonly Step[] = [...inClient, 'U', rulesSight];
const named = (number: number): RegExp => new RegExp(`> u4 +${number} `);

const rules: Overlay = {
  place: 'rules',
  open: [
    ...line('u4.on recv "one" discard', /rule 1/),
    ...line('u4.on recv "two" discard', /rules 1 and 2/),
    ...line('u4.on recv "three" discard', /rules 1, 2 and 3/),
  ],
  enter: inRules,
  sight: rulesSight,
  scenarios: [
    ...rowsOf(chosen),
    {
      command: 'rule-switch',
      setup: ['gg', named(1)],
      shows: / u4 +1 +off /,
      after: [' ', / u4 +1 +on /],
    },
    { command: 'rule-down', shows: rowBelow(named(1)), after: ['K', rowAbove(named(1))] },
    { command: 'rule-up', setup: ['J', rowBelow(named(1))], shows: rowAbove(named(1)) },
    {
      command: 'rule-edit',
      shows: all(/═ Edit a rule/, /recv "one" discard‸/),
      after: [key.escape, gone(/═ Edit a rule/)],
    },
    {
      command: 'rule-remove',
      shows: /Rule 1 of u4 is gone: on recv "one" discard/,
      hides: / u4 +1 +on /,
    },
    ...leaving(rulesSight, inRules, /═ Keys in the list of rules/),
  ],
};

const wordsSight = /═ Words: c4/;
const inWords: readonly Step[] = [...inClient, 'i', wordsSight];

const glossary: Overlay = {
  place: 'glossary',
  open: [],
  enter: inWords,
  sight: wordsSight,
  scenarios: [
    ...rowsOf(chosen),
    {
      command: 'glossary-lab',
      shows: / lab connect 1\/\d/,
      hides: wordsSight,
      after: [key.escape, gone(/ lab connect /), ...inWords],
    },
    ...leaving(wordsSight, inWords, /═ Keys among the words/),
  ],
};

const question = /Clear the log\? \d+ entr/;
const asked: readonly Step[] = ['C', question];

const confirm: Overlay = {
  place: 'confirm',
  open: [],
  enter: [...inClient, ...asked],
  sight: question,
  scenarios: [
    {
      command: 'yes',
      shows: all(gone(question), gone(/#\d+ +\d+\.\d{6} /)),
      after: [/5 Log .*cleared to #\d+/, 'P', /client policy/, ...asked],
    },
    { command: 'no', hides: question, after: asked },
    { command: 'quit-again', hides: question, after: asked },
    { command: 'back', hides: question, after: asked },
  ],
};

export const listOverlays: readonly Overlay[] = [menu, why, options, rules, saved, glossary, confirm];
