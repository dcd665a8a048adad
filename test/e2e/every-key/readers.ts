import { ctrl, key } from '../keys.ts';
import type { Overlay } from './lists.ts';
import { inClient, inServer } from './live-world.ts';
import { all, gone, less, line, more, type Scenario, type Sight, type Step } from './scenario.ts';

/** a1 waits in recv, c4 sends ten thousand bytes: three pages of text. */
const exchanged: readonly Step[] = [
  ...inServer,
  'r',
  /a1\.recv 4KiB BLOCKED/,
  ...inClient,
  ...line('c4.send 10KiB of "xyz"', /a1\.recv[^=\n]* = "xyz/),
];

/** What both readers have. */
const reading = (
  sight: RegExp,
  enter: readonly Step[],
  help: RegExp,
  hex: Sight,
  frozen: Sight,
): readonly Scenario[] => [
  {
    command: 'bytes',
    shows: all(/Bytes: text and hex/, hex),
    after: ['v', /Bytes: raw/, 'v', /Bytes: text with/],
  },
  { command: 'freeze', shows: all(/The view is frozen/, frozen), after: ['p', /The view goes on/] },
  { command: 'mouse', shows: /Mouse on: click focuses/, after: ['m', /Mouse off/] },
  { command: 'help', shows: help, after: [key.escape, gone(help)] },
  { command: 'glossary', shows: /═ Words: /, after: [key.escape, gone(/═ Words/)] },
  { command: 'palette', shows: /═ Commands and calls/, after: [key.escape, gone(/═ Commands/)] },
  { command: 'back', hides: sight, after: enter },
  { command: 'leave', hides: sight, after: enter },
];

const entrySight = /═ Entry #\d+/;
const sent = /call +c4\.send 10KiB/;
const received = /call +a1\.recv/;
const inEntry: readonly Step[] = [
  '5',
  /5 Log \*/,
  '/',
  /search the log: ‸/,
  'of "xyz"\r',
  />.#\d+ .*c4\.send 10KiB of "xyz"/,
  '\r',
  all(entrySight, sent),
];

const rows = /rows (\d+) to/;
const first = /rows 1 to/;
const last = /rows \d+ to (\d+) of \1 /;
const toFirst: readonly Step[] = ['g', first];

const entry: Overlay = {
  place: 'entry',
  open: exchanged,
  enter: inEntry,
  sight: entrySight,
  scenarios: [
    ...reading(
      entrySight,
      inEntry,
      /═ Keys while an entry is open/,
      more(/ of (\d+) ═/, 600),
      /the capture goes on/,
    ),
    {
      command: 'copy',
      shows: /entry #\d+: \d+ bytes handed to the terminal/,
      copies: /c4\.send .*xyz/,
    },
    {
      command: 'copy-as',
      shows: all(/═ Copy bytes as text/, /bytes +#\d+/),
      after: [`${ctrl('u')}python\r`, /10240 bytes as python: \d+ bytes handed to the terminal/],
    },
    {
      command: 'find',
      shows: all(/find text: /, /═ c4 and a1 /),
      after: [key.escape, gone(/find text: /), key.escape, gone(/═ c4 and a1 /)],
    },
    { command: 'cause', setup: ['>', received], shows: sent, hides: received },
    { command: 'effect', shows: received, hides: sent, after: ['<', sent] },
    { command: 'stream', shows: /═ c4 and a1 /, after: [key.escape, gone(/═ c4 and a1 /)] },
    { command: 'code', shows: /═ c4\.send as Python/, after: [key.escape, gone(/═ c4\.send as/)] },
    {
      command: 'save-entries',
      shows: all(/═ Save the bytes that calls of the log carried/, /entries {2}#\d+/),
      after: [`\t${ctrl('u')}entry.bin\r`, /entry\.bin: 10240 bytes saved, all that #\d+ carried/],
    },
    { command: 'up', setup: ['jj', /rows 3 to/], shows: /rows 2 to/, after: toFirst },
    { command: 'down', shows: /rows 2 to/, after: toFirst },
    { command: 'page-up', setup: ['G', last], shows: all(less(rows, 10), gone(first)), after: toFirst },
    { command: 'page-down', shows: all(more(rows, 10), gone(last)), after: toFirst },
    { command: 'start', setup: ['G', last], shows: first },
    { command: 'end', shows: last, after: toFirst },
  ],
};

const streamSight = /═ c4 and a1 /;
const inStream: readonly Step[] = [...inClient, '\r', streamSight];

const row = /row (\d+) of/;
const top = /row 1 of/;
const toEnd: readonly Step[] = ['G', /following/];

const newestPlace = /"zxyzxy", text: (\d+) of \1 places/;
const olderPlace = /"zxyzxy", text: (?!(\d+) of \1 places)\d+ of/;
const soughtNewest: readonly Step[] = ['/', /find text: /, `${ctrl('u')}zxyzxy\r`, newestPlace];

const stream: Overlay = {
  place: 'stream',
  open: exchanged,
  enter: inStream,
  sight: streamSight,
  scenarios: [
    ...reading(
      streamSight,
      inStream,
      /═ Keys while a stream is open/,
      /[0-9a-f]{8} {2}7[89a] 7[89a] 7[89a] /,
      /═ c4 and a1 .*FROZEN/,
    ),
    { command: 'send', shows: /send to c4 >/, after: [key.escape, gone(/send to c4/)] },
    {
      command: 'receive',
      setup: [
        key.escape,
        gone(streamSight),
        ...line('a1.send "pong"', /a1\.send "pong" = 4/),
        '\r',
        streamSight,
      ],
      shows: /< pong/,
    },
    {
      command: 'receive',
      setup: [key.escape, gone(streamSight), 'g', />.c1 CLOSED/, '\r', /═ c1 stream/],
      shows: /c1 is not connected/,
      after: [key.escape, gone(/═ c1 stream/), key.escape, gone(/>.c1/), '\r', streamSight],
    },
    {
      command: 'save-bytes',
      shows: all(/═ Save what a socket received or sent/, /socket +c4/),
      after: [
        `\t${ctrl('u')}sent\t${ctrl('u')}stream.bin\r`,
        /stream\.bin: 10240 bytes saved, all that c4 sent/,
      ],
    },
    { command: 'copy', shows: /c4's stream: \d+ bytes handed to the terminal/, copies: /xyzxyz/ },
    {
      command: 'copy-as',
      shows: all(/═ Copy bytes as text/, /bytes +c4 (?:received|sent)/),
      after: [`\t${ctrl('u')}c4 sent\r`, /10240 bytes as hex: 30719 bytes handed to the terminal/],
    },
    { command: 'find', shows: /find text: /, after: [key.escape, gone(/find text: /)] },
    { command: 'code', shows: /═ c4's life so far as Python/, after: [key.escape, gone(/═ c4's life/)] },
    { command: 'find-older', setup: soughtNewest, shows: olderPlace, after: toEnd },
    {
      command: 'find-newer',
      setup: [...soughtNewest, 'n', olderPlace],
      shows: newestPlace,
      after: toEnd,
    },
    {
      command: 'keep',
      shows: /═ Keep an address, a message/,
      after: [key.escape, gone(/═ Keep an address/)],
    },
    { command: 'up', setup: ['g', top, 'jj', /row 3 of/], shows: /row 2 of/, after: toEnd },
    { command: 'down', setup: ['g', top], shows: /row 2 of/, after: toEnd },
    { command: 'page-up', setup: ['k', row], shows: all(less(row, 10), gone(top)), after: toEnd },
    { command: 'page-down', setup: ['g', top], shows: more(row, 10), after: toEnd },
    { command: 'start', setup: ['k', row], shows: top, after: toEnd },
    { command: 'end', setup: ['g', top], hides: /G follows/ },
  ],
};

const codeSight = /═ c4's life so far as Python/;
const inCode: readonly Step[] = [...inClient, 'V', codeSight];
/** The code of ten thousand bytes is one line, which takes some rows; the life in C takes more than a screen. */
const inC: readonly Step[] = ['\t', all(/═ c4's life so far as C/, first)];
const toPython: readonly Step[] = ['\t', codeSight];

const code: Overlay = {
  place: 'code',
  open: exchanged,
  enter: inCode,
  sight: codeSight,
  scenarios: [
    ...reading(codeSight, inCode, /═ Keys while code is shown/, /./, /the capture goes on/),
    {
      command: 'copy',
      shows: /c4's life so far as Python: \d+ bytes handed to the terminal/,
      copies: /c4\.connect\(\("127\.0\.0\.1", \d+\)\)/,
    },
    {
      command: 'copy-as',
      shows: all(/═ Copy bytes as text/, /bytes +c4 (?:received|sent)/),
      after: [key.escape, gone(/═ Copy bytes/)],
    },
    { command: 'code-language', shows: /═ c4's life so far as C/, hides: codeSight, after: toPython },
    { command: 'code-life', shows: /This is all of it/ },
    { command: 'up', setup: [...inC, 'jj', /rows 3 to/], shows: /rows 2 to/, after: toPython },
    { command: 'down', setup: inC, shows: /rows 2 to/, after: toPython },
    {
      command: 'page-up',
      setup: [...inC, 'G', last],
      shows: all(less(rows, 10), gone(last)),
      after: toPython,
    },
    { command: 'page-down', setup: inC, shows: all(more(rows, 10), gone(first)), after: toPython },
    { command: 'start', setup: [...inC, 'G', last], shows: first, after: toPython },
    { command: 'end', setup: inC, shows: last, after: toPython },
  ],
};

export const readerOverlays: readonly Overlay[] = [entry, stream, code];
