import type { Program } from '../../../source/core/model/actors.ts';
import { key } from '../keys.ts';
import { type Pane, panes } from './live-world.ts';
import { all, farAbove, farBelow, gone, rowAbove, rowBelow, type Scenario, type Step } from './scenario.ts';

const chosen = />.[csau]\d+ (CLOSED|ESTAB|LISTEN|UNCONN)/;

/** Rows of sockets, of which there are four in each program. */
const rowsOfSockets: readonly Scenario[] = [
  { command: 'up', setup: ['G', chosen], shows: rowAbove(chosen), after: [key.escape, gone(chosen)] },
  { command: 'down', setup: ['g', chosen], shows: rowBelow(chosen), after: [key.escape, gone(chosen)] },
  ...['page-up', 'start'].map(
    (command): Scenario => ({
      command,
      setup: ['G', chosen],
      shows: farAbove(chosen),
      after: [key.escape, gone(chosen)],
    }),
  ),
  ...['page-down', 'end'].map(
    (command): Scenario => ({
      command,
      setup: ['g', chosen],
      shows: farBelow(chosen),
      after: [key.escape, gone(chosen)],
    }),
  ),
  { command: 'let-go', setup: ['g', chosen], hides: chosen },
];

/** All panes again. */
const unzoomed: readonly Step[] = ['z', gone(/(?:name|state)[↓↑]/)];

/** The table of a zoomed pane. */
const tableScenarios = (pane: Pane): readonly Scenario[] => {
  // The listeners, and what was opened first, come first.
  const first = { client: 'c1', 'tcp-server': 's1', 'udp-server': 'u1' }[pane.place as Program];
  const below = new RegExp(`name↑[\\s\\S]*${pane.socket}[\\s\\S]*${first} `);
  return [
    {
      command: 'sort-reverse',
      setup: ['z', /name↓/],
      shows: below,
      after: ['<', /name↓/, ...unzoomed],
    },
    {
      command: 'sort-next',
      setup: ['z', /name↓/],
      shows: all(/ state↓/, /by state, as it was at/),
      // Once through the nine columns that there are.
      after: ['>>>>>>>>', /name↓/, ...unzoomed],
    },
    ...['sort-next', 'sort-reverse'].map(
      (command): Scenario => ({
        command,
        shows: /Only a zoomed pane is a table/,
        after: [key.escape, gone(/Only a zoomed/)],
      }),
    ),
  ];
};

const sideways = ({ sight, place, back }: Pane): readonly Scenario[] => {
  const { client, tcp, udp } = panes;
  const to = (pane: Pane): Partial<Scenario> => ({ shows: pane.sight, hides: sight, after: back });
  return [
    {
      command: 'left',
      ...(place === 'client' ? { keeps: true } : to(place === 'tcp-server' ? client : tcp)),
    },
    { command: 'right', ...(place === 'udp-server' ? { keeps: true } : to(place === 'client' ? tcp : udp)) },
  ];
};

/** What only a program's pane has. */
export const programScenarios = (pane: Pane): readonly Scenario[] => {
  const { socket } = pane;
  const stream = socket.startsWith('u') ? /═ u4 stream/ : /═ (c4 and a1|a1 and c4) /;
  return [
    ...rowsOfSockets,
    ...tableScenarios(pane),
    ...sideways(pane),
    { command: 'inspect', shows: stream, after: [key.escape, gone(stream)] },
    {
      command: 'copy',
      shows: new RegExp(`${socket}'s address: \\d+ bytes handed`),
      copies: /^127\.0\.0\.1:\d+$/,
    },
    { command: 'follow', shows: /5 Log .*not following/, after: ['F', gone(/not following/)] },
    {
      command: 'follow',
      setup: ['[', /a screen/],
      shows: /5 Log .*not following/,
      after: ['F', gone(/not following/)],
    },
    ...otherTab,
  ];
};

const otherTab: readonly Scenario[] = [
  { command: 'other-tab', shows: /4 Timeline {2}following, 10 s a screen/, after: [']', gone(/a screen/)] },
];
