import { ctrl, key } from '../keys.ts';
import { type Pane, panes } from './live-world.ts';
import { all, gone, less, line, more, type Scenario, type Sight, type Step } from './scenario.ts';

/** A box of this title opens, and Esc closes it again. */
const opens = (command: string, title: RegExp, ...more: readonly RegExp[]): Scenario => ({
  command,
  shows: all(title, ...more),
  after: [key.escape, gone(title)],
});

/** What keys show, not what they do. */
const lookScenarios = ({ place, digit }: Pane): readonly Scenario[] => [
  {
    command: 'bytes',
    shows: /Bytes: text and hex/,
    after: ['v', /Bytes: raw text/, 'v', /Bytes: text with escapes/],
  },
  {
    command: 'timestamps',
    shows: all(/Timestamps: time of day/, place === 'timeline' ? /./ : /#\d+ +\d\d:\d\d:\d\d\.\d{3} /),
    after: [
      'T',
      /Timestamps: seconds since the entry before/,
      'T',
      /Timestamps: seconds since the bench began/,
    ],
  },
  {
    command: 'fold-calls',
    shows: /A call and its end are two rows, as strace prints them/,
    after: ['u', /A call and its end are one row, where the call began/],
  },
  {
    command: 'freeze',
    shows: all(/The view is frozen, the capture goes on/, /FROZEN at/),
    after: ['p', all(/The view goes on/, gone(/FROZEN/))],
  },
  {
    command: 'clear-log',
    shows: /Clear the log\? \d+ entries leave the screen/,
    after: ['n', gone(/Clear the log/)],
  },
  {
    command: 'save',
    shows: /═ Save the session so far/,
    after: [`${ctrl('u')}kept-${digit}.jsonl\r`, /kept-\d\.jsonl: \d+ entries saved, the whole session/],
  },
  opens('code', /═ .* as Python/),
  opens('copy-as', /═ Copy bytes as text, hex, base64/, /form +hex/),
  opens('keep', /═ Keep an address, a message or a rule under a name/, /> name/),
  opens('saved', /═ Kept under names/, /> db +address +127/),
  {
    command: 'rules',
    setup: [...line('u4.on recv "rule" discard', / rule \d/)],
    shows: /═ Rules/,
    after: ['d', / is gone: on recv "rule"/, key.escape, gone(/═ Rules/)],
  },
  opens('glossary', /═ Words/),
  { command: 'stage', shows: /On stage: rows apart/, after: ['Z', /Off stage/] },
  opens('labs', /═ Labs/, /> tour +A tour of the bench/),
];

/** Going to panes. */
const focusScenarios = ({ digit, sight, next, previous, back }: Pane): readonly Scenario[] => {
  const focus = Object.values(panes).map((pane): Scenario => {
    const command = `focus-${pane.place}`;
    return pane.digit === digit
      ? { command, keeps: true }
      : { command, shows: pane.sight, hides: sight, after: back };
  });
  const isGuest = digit === '6';
  const other = digit === '3' ? /1 Client/ : /3 UDP server/;
  return [
    ...focus,
    isGuest
      ? { command: 'focus-guest', keeps: true }
      : { command: 'focus-guest', shows: /Neither a lab nor a replay is open: e lists labs/ },
    { command: 'next-pane', shows: next, hides: sight, after: back },
    { command: 'previous-pane', shows: previous, hides: sight, after: back },
    { command: 'zoom', hides: other, after: ['z', other] },
    { command: 'let-go', setup: ['z', gone(other)], shows: other },
  ];
};

/** Finding in the log. The log has the focus then, so that what is found is seen. */
const findScenarios = ({ place, back, sought: word, filter }: Pane): readonly Scenario[] => {
  const entry = '[│║].{2}#\\d+ +\\d+\\.\\d{6} ';
  const kept = new RegExp(`${entry}.*${filter}`);
  const left = new RegExp(`${entry}(?!.*${filter})`);
  const found = new RegExp(`>.#(\\d+) .*${word}`);
  const sought: readonly Step[] = ['/', /search the log: ‸/, `${word}\r`, found, ...back];
  /** Where the timeline stood in its place the log comes to the front. */
  const jumped = (sight: Sight): Sight => (place === 'timeline' ? all(panes.log.sight, found) : sight);
  const letGo: readonly Step[] = ['5', /5 Log \*/, key.escape, gone(/>.#\d+ /), ...back];
  /** In panes of programs of somebody's own nothing can be made to fail. */
  const failed = />!#\d+ |No call of the log has failed/;
  return [
    {
      command: 'search',
      shows: /\/ search the log: ‸/,
      after: [`${word}\r`, found, ...letGo],
    },
    { command: 'next-match', setup: sought, shows: jumped(less(found)), after: letGo },
    {
      command: 'previous-match',
      setup: [...sought, 'n', jumped(less(found)), ...back],
      shows: jumped(more(found)),
      after: letGo,
    },
    { command: 'failure-before', setup: [gone(failed)], shows: failed, after: letGo },
    { command: 'failure-after', setup: [gone(failed)], shows: failed, after: letGo },
    {
      command: 'filter',
      shows: /& show only: ‸/,
      after: [`${filter}\r`, all(kept, gone(left)), `&${ctrl('u')}\r`, left, ...back],
    },
  ];
};

/** Keys that change what is seen, in a pane. */
export const paneViewScenarios = (pane: Pane): readonly Scenario[] => [
  ...lookScenarios(pane),
  ...focusScenarios(pane),
  ...findScenarios(pane),
  opens('help', /═ Keys (in the .* pane|of the time bar)/),
  opens('palette', /═ Commands and calls/),
  { command: 'mouse', shows: /Mouse on: click focuses/, after: ['m', /Mouse off/] },
  pane.place === 'time' || pane.place === 'lab'
    ? { command: 'quit', shows: /left 0 > ‸/, leaves: true }
    : {
        command: 'quit',
        shows: /entries not saved: S saves the session, q again quits/,
        after: ['q', /left 0 > ‸/],
        leaves: true,
      },
];
