import type { Place } from '../../../source/commands/calling/command.ts';
import { ctrl, key } from '../keys.ts';
import { connects, inClient } from './live-world.ts';
import { farAbove, farBelow, gone, rowAbove, rowBelow, type Scenario, type Step } from './scenario.ts';

/** A place with a text field: what stands before its text, and how one comes to it from the Client's pane. */
export type TextPlace = {
  readonly place: Place;
  readonly label: string;
  readonly enter: readonly Step[];
  readonly sight: RegExp;
  readonly own: readonly Scenario[];
};

const empty = ctrl('e') + ctrl('u');

/** What readline does to a field; `‸` is the cursor. */
export const editing = (label: string): readonly Scenario[] => {
  const field = (text: string): RegExp => new RegExp(`${label}${text}(?![a-z])`);
  const typed: readonly Step[] = [`${empty}one two`, field('one two‸')];
  const at = (keys: string, text: string): readonly Step[] => [...typed, keys, field(text)];
  const atStart = at(ctrl('a'), '‸one two');
  const atLast = at(key.left, 'one tw‸o');
  const atWord = at('\x1bb', 'one ‸two');
  const each = (command: string, setup: readonly Step[], text: string): Scenario => ({
    command: `text-${command}`,
    setup,
    shows: field(text),
    after: [empty, field('‸')],
  });
  return [
    each('left', typed, 'one tw‸o'),
    each('right', atLast, 'one two‸'),
    each('start', typed, '‸one two'),
    each('end', atStart, 'one two‸'),
    each('word-left', typed, 'one ‸two'),
    each('word-right', atStart, 'one‸ two'),
    each('backspace', typed, 'one tw‸'),
    each('delete', atLast, 'one tw‸'),
    each('delete-or-end', atLast, 'one tw‸'),
    each('cut-word', typed, 'one ‸'),
    each('cut-to-start', atWord, '‸two'),
    each('cut-to-end', atWord, 'one ‸'),
    each('yank', at(ctrl('w'), 'one ‸'), 'one two‸'),
  ];
};

const chosen = /║ > \S/;

/** Rows to choose from under a field. */
const choosing = (reset: readonly Step[]): readonly Scenario[] => [
  { command: 'previous-line', setup: [key.down, rowBelow(chosen)], shows: rowAbove(chosen) },
  { command: 'next-line', shows: rowBelow(chosen), after: reset },
  {
    command: 'page-list-up',
    setup: [key.pageDown, farBelow(chosen)],
    shows: farAbove(chosen),
    after: reset,
  },
  { command: 'page-list-down', shows: farBelow(chosen), after: reset },
];

/** Esc, and the place anew. */
const anew = (sight: RegExp, enter: readonly Step[]): readonly Step[] => [key.escape, gone(sight), ...enter];

const place = (
  name: Place,
  label: string,
  keys: string,
  sight: RegExp,
  own: (reset: readonly Step[]) => readonly Scenario[],
  opened = sight,
): TextPlace => {
  const enter = [...inClient, keys, opened];
  return {
    place: name,
    label,
    enter,
    sight,
    own: [...own(anew(sight, enter)), { command: 'back', hides: sight, after: enter }],
  };
};

const help = place('help', 'filter: ', '?', /═ Keys in the Client pane/, reset => [
  ...choosing(reset),
  {
    command: 'enter-help',
    setup: ['zoom', /filter: zoom‸/],
    hides: /3 UDP server|═ Keys in/,
    after: ['z', /3 UDP server/, '?', /═ Keys in the Client pane/],
  },
]);

const labs = place(
  'labs',
  'lab: ',
  'e',
  /═ Labs/,
  reset => [
    ...choosing(reset),
    {
      command: 'enter-labs',
      setup: ['half', /> half-close/],
      shows: /═ 6 Lab half-close 1\/3 \*/,
      after: [key.escape, gone(/6 Lab/), 'e', /> tour/],
    },
  ],
  /> tour/,
);

const commands = /═ Commands and calls/;

const palette = place('palette', ' : ', ':', commands, reset => [
  ...choosing(reset),
  {
    command: 'previous-line',
    setup: ['policy duplex\r', gone(commands), ':', / : ‸/],
    shows: / : policy duplex‸/,
    after: reset,
  },
  {
    command: 'next-line',
    setup: [
      'policy duplex\r',
      gone(commands),
      ':',
      / : ‸/,
      key.up,
      / : policy duplex‸/,
      key.up,
      gone(/policy duplex‸/),
    ],
    shows: / : policy duplex‸/,
    after: reset,
  },
  { command: 'next-field', setup: ['timeo', / : timeo‸/], shows: / : timeout ‸/, after: reset },
  {
    command: 'enter-palette',
    setup: ['c4.getpeername', / : c4\.getpeername‸/],
    shows: /c4\.getpeername = 127/,
    hides: commands,
    after: [':', commands],
  },
]);

const newListener = /s(?![1-3] )\d+ LISTEN/;
const listenForm = /═ Listen for TCP clients/;

const form = place('form', 'address {2}', 'L', listenForm, () => {
  const first = /> address/;
  const second = /> backlog {2}128‸/;
  return [
    { command: 'previous-line', setup: [key.down, second], shows: first, hides: second },
    { command: 'next-line', shows: second, after: [key.up, first] },
    { command: 'next-field', shows: second, after: [key.tab, first] },
    {
      command: 'saved-next',
      shows: /address {2}127\.0\.0\.1:9‸/,
      after: [key.escape, gone(listenForm), 'L', listenForm],
    },
    { command: 'previous-field', setup: [key.tab, second], shows: first, hides: second },
    {
      command: 'enter-form',
      setup: [`${empty}127.0.0.1:0`, /:0‸/],
      shows: newListener,
      hides: listenForm,
      after: ['2', /2 TCP server \*/, 'dc', gone(newListener), ...inClient, 'L', listenForm],
    },
    {
      command: 'text-yank',
      setup: [
        { types: screen => `${empty}${/s1 LISTEN (\S+)/.exec(screen)?.[1]}\r` },
        /Ctrl-Y takes 127\.0\.0\.1:\d+, which is free/,
      ],
      hides: /Ctrl-Y takes/,
      after: [empty, /address {2}‸/],
    },
  ];
});

const search = place('search', 'search the log: ', '/', /\/ search the log: /, () => [
  { command: 'find-mode', shows: /The log is searched by its words alone/ },
  {
    command: 'enter-search',
    setup: ['bind', /search the log: bind‸/],
    shows: /search: bind/,
    hides: /\/ search the log: /,
    after: [key.escape, gone(/search: bind/), '/', /search the log: ‸/],
  },
]);

const toU4 = /send u4 to/;
const notU4 = gone(toU4);
const inDatagrams: readonly Step[] = ['3', /3 UDP server \*/, 's', toU4];

const send: TextPlace = {
  place: 'send',
  label: ' > ',
  enter: inDatagrams,
  sight: toU4,
  own: [
    { command: 'back', hides: toU4, after: inDatagrams },
    {
      command: 'enter-send',
      setup: [`${empty}ping`, / > ping‸/],
      shows: /u4\.sendto "ping" 127\.0\.0\.1:\d+ = 4/,
      after: ['one\rtwo\r', /sendto "one" .*\n.*sendto "two" /, / > ‸/],
    },
    {
      command: 'previous-line',
      setup: ['pong\r', /sendto "pong"/],
      shows: / > pong‸/,
      after: [empty, / > ‸/],
    },
    {
      command: 'next-line',
      setup: ['three\rfour\r', key.up, / > four‸/, key.up, / > three‸/],
      shows: / > four‸/,
      after: [empty, / > ‸/],
    },
    { command: 'next-field', shows: /send u4 to \S+\d‸/, after: [key.tab, / > ‸/] },
    { command: 'previous-field', shows: /send u4 to \S+\d‸/, after: [key.tab, / > ‸/] },
    { command: 'saved-next', shows: / > hi there‸/, after: [empty, / > ‸/] },
    {
      command: 'send-mode',
      shows: / hex, 0 bytes/,
      after: [ctrl('t'), /file, sent/, ctrl('t'), /text, no ending/],
    },
    {
      command: 'send-ending',
      shows: / > ‸\\r\\n .*text, ends CRLF, 2 bytes/,
      after: [ctrl('o'), / > ‸\\n .*ends LF, 1 byte/, ctrl('o'), /text, no ending/],
    },
    {
      command: 'text-delete-or-end',
      setup: [key.escape, notU4, ...inClient, 's', /send to c[45] > ‸/],
      shows: /c[45] half-closed: its peer reads EOF/,
      after: inDatagrams,
    },
    {
      command: 'repeat-line',
      setup: ['hey', / > hey‸/],
      shows: /═ Send the same again and again[\s\S]*"hey" to \S+ every 1s 10 times‸/,
      after: [key.escape, gone(/═ Send the same/), empty, / > ‸/],
    },
    {
      command: 'send-to-all',
      setup: [key.escape, notU4, ...inClient, ...connects, 's', /send to c5 > ‸/],
      shows: /send to all 2 connections > ‸/,
      after: [ctrl('g'), /send to c5 > ‸/, key.escape, gone(/send to c5/), ...inDatagrams],
    },
  ],
};

export const textPlaces: readonly TextPlace[] = [help, palette, form, send, search, labs];
