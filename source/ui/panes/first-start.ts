import type { SourceKind } from '../../bench/engine/source.ts';
import type { World } from '../../bench/view/store.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { doneBy } from '../../commands/calling/keymap.ts';
import { addressToReach } from '../../commands/calling/parameters.ts';
import { defaultHost, defaultPort } from '../../core/addresses/address.ts';
import { type Program, serves } from '../../core/model/actors.ts';
import { marked, t } from '../../core/words/translate.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';

type Pane = Program | 'log';

type Hint = readonly [command: string, does: string, on?: Program];

const address = `${defaultHost}:${defaultPort}`;

const everywhere = (keyOf: KeyOf): readonly Hint[] => [
  ['help', t('the keys that work where you are')],
  [
    'next-pane',
    t`the next pane; ${doneBy(keyOf, 'focus-client')} to ${doneBy(keyOf, 'focus-log')} go straight to one`,
  ],
  ['quit', t('quit')],
];

/** What starts something here. */
const starting = (pane: Pane, keyOf: KeyOf, world: World): readonly Hint[] => {
  switch (pane) {
    case 'client':
      return [
        ['connect', t`connect to ${addressToReach.fallback?.(world) ?? address}`],
        ['open', t('open a UDP socket'), 'client'],
      ];
    case 'tcp-server':
      return [['listen-or-stop', t`listen on ${address}`]];
    case 'udp-server':
      return [['open', t`open ${address}`, 'udp-server']];
    case 'log':
      return [
        ['labs', t('labs: lessons to step through; the tour takes 5 minutes')],
        ['palette', t('type a call or a command, for example: listen 9000')],
        ...everywhere(keyOf),
      ];
  }
};

/** In a replay time alone can be moved. */
const replaying = (pane: Pane, keyOf: KeyOf): readonly Hint[] => [
  ['entry-on', t('an entry on')],
  ['play', t('play on')],
  ...(pane === 'log' ? everywhere(keyOf) : []),
];

const nothing: Readonly<Record<Pane, readonly [now: string, inReplay: string]>> = {
  client: [marked('No socket yet.'), marked('No socket at this time.')],
  'tcp-server': [marked('Nobody listens yet.'), marked('Nobody listens at this time.')],
  'udp-server': [marked('No socket yet.'), marked('No socket at this time.')],
  log: [
    marked('Nothing is open yet. What you and the sockets do appears here.'),
    marked('Nothing has happened at this time.'),
  ],
};

/** What an empty pane says while a source of this kind has told nothing. */
const saysOf = (pane: Pane, source: SourceKind): string => {
  switch (source) {
    case 'bench':
      return t(nothing[pane][0]);
    case 'replay':
      return t(nothing[pane][1]);
    case 'watch':
      return t('The first look at the programs is on its way.');
    case 'trace':
      return t('The programs have made no call on a socket yet.');
  }
};

const hintsOf = (pane: Pane, keyOf: KeyOf, world: World): readonly Hint[] => {
  switch (world.source) {
    case 'bench':
      return starting(pane, keyOf, world);
    case 'replay':
      return replaying(pane, keyOf);
    case 'watch':
    case 'trace':
      return everywhere(keyOf);
  }
};

/** What an empty pane says: which keys start what, or in a replay, which move its time. */
export const firstStart = (pane: Pane, keyOf: KeyOf, world: World): readonly StyledLine[] => {
  const hints = hintsOf(pane, keyOf, world);
  const rows = hints
    .map(([command, does, on]) => [keyOf(command, on), does] as const)
    .filter(([key]) => key !== '');
  const width = Math.max(0, ...rows.map(([key]) => widthOf(key)));
  const isServer = pane !== 'log' && serves(pane);
  return [
    line(span(` ${saysOf(pane, world.source)}`, 'dim')),
    line(),
    ...rows.map(([key, does]) => line(' ', span(padded(key, width), 'key'), `  ${does}`)),
    ...(isServer && world.source === 'bench'
      ? [line(span(`${' '.repeat(width + 3)}${t('this machine only')}`, 'dim'))]
      : []),
  ];
};
