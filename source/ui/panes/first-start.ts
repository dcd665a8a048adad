import { defaultHost, defaultPort } from '../../core/address.ts';
import type { Program } from '../../core/names.ts';
import { type Line, line, span, widthOf } from '../parts/line.ts';

/** The key of a command for reading, '' where it has none. */
export type KeyOf = (command: string) => string;

type Hint = readonly [command: string, does: string];

const address = `${defaultHost}:${defaultPort}`;

const hintsFor = (toReach: string): Readonly<Record<Program | 'log', readonly Hint[]>> => ({
  client: [
    ['connect', `connect to ${toReach}`],
    ['open', 'open a UDP socket'],
  ],
  'tcp-server': [['listen-or-stop', `listen on ${address}`]],
  'udp-server': [['open', `open ${address}`]],
  log: [
    ['labs', 'labs: lessons to step through; the tour takes 5 minutes'],
    ['palette', 'type a call or a command, for example: listen 9000'],
    ['help', 'the keys that work where you are'],
    ['next-pane', 'the next pane; 1 to 5 go straight to one'],
    ['quit', 'quit'],
  ],
});

const first: Readonly<Record<Program | 'log', string>> = {
  client: 'No socket yet.',
  'tcp-server': 'Nobody listens yet.',
  'udp-server': 'No socket yet.',
  log: 'Nothing is open yet. What you and the sockets do appears here.',
};

/** What an empty pane says: which keys start what. `toReach` is where connect would go. */
export const firstStart = (pane: Program | 'log', keyOf: KeyOf, toReach = address): readonly Line[] => {
  const rows = hintsFor(toReach)
    [pane].map(([command, does]) => [keyOf(command), does] as const)
    .filter(([key]) => key !== '');
  const width = Math.max(0, ...rows.map(([key]) => widthOf(key)));
  return [
    line(span(` ${first[pane]}`, 'dim')),
    line(),
    ...rows.map(([key, does]) => line(' ', span(key.padEnd(width), 'key'), `  ${does}`)),
    ...(pane === 'tcp-server' || pane === 'udp-server'
      ? [line(span(`${' '.repeat(width + 3)}this machine only`, 'dim'))]
      : []),
  ];
};
