import { join } from 'node:path';
import type { Need } from '../../source/labs/lab-schema.ts';
import { key } from '../e2e/keys.ts';
import type { PaletteName } from '../e2e/screen-picture.ts';

/**
 * What is done at the keyboard, in order.
 *
 * - `type`: keys; `until`: all of these are on screen at once
 * - `press`: a key, and again each time the screen has changed, until all of `to` are on screen
 * - `step`: Space, and again each time the lab's line has ended, until all of these are on screen
 */
export type Act =
  | { readonly type: string }
  | { readonly until: readonly RegExp[] }
  | { readonly press: string; readonly to: readonly RegExp[] }
  | { readonly step: readonly RegExp[] };

/**
 * A screen that is kept as a picture. `about` tells those who cannot see it what is there. `varies`: what else, beside
 * times, ports and entry numbers, is another each time. `shortLog`: the log has more entries than rows, so that which
 * are seen is the clock's doing. `record`: a lab that is recorded first; the file becomes the last argument. `programs`: Python
 * files of this folder that run meanwhile, each started once the one before has printed what it `prints`; what the parentheses of
 * that hold is its argument. Their process ids become the last arguments. `needs`: else the picture is not compared. `palettes`: the
 * colours of the terminals that its cells are pictured in, dark ones alone where none are named.
 */
export type Scene = {
  readonly name: string;
  readonly about: string;
  readonly args?: readonly string[];
  readonly cols?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly acts: readonly Act[];
  readonly varies?: readonly RegExp[];
  readonly shortLog?: true;
  readonly record?: string;
  readonly programs?: readonly { readonly file: string; readonly prints: RegExp }[];
  readonly needs?: readonly Need[];
  readonly palettes?: readonly PaletteName[];
};

const listening = { until: [/s1 LISTEN 127\.0\.0\.1:\d+/, /accept +loop +BLOCKED/] };

/** A client and a server of the bench, connected, with what each took and has waiting read from the kernel. */
const connected: readonly Act[] = [
  listening,
  { type: `1c` },
  { until: [/address/] },
  { type: key.enter },
  { until: [/c1 ESTAB/, /= a1 from/, /\(kernel\)/] },
];

const pingSent: readonly Act[] = [
  ...connected,
  { type: 's' },
  { until: [/send to c1 >/] },
  { type: `ping${key.enter}` },
  { until: [/= "ping/, /sent 6 bytes/] },
];

/** Settings of a textbook: one thread a program, and no loops. */
export const textbook = join(import.meta.dirname, 'textbook.yaml');

/** On the person's own bench, as step 8 of the README's five minutes has it. */
const ownDeadlock: readonly Act[] = [
  { until: [/s1 LISTEN 127\.0\.0\.1:\d+/] },
  { type: '1c' },
  { until: [/address/] },
  { type: key.enter },
  { until: [/c1 ESTAB/, /q quit/] },
  { type: '2a' },
  { until: [/= a1 from/] },
  { type: '1r' },
  { until: [/c1\.recv 4KiB BLOCKED/] },
  { type: '2r' },
  { until: [/DEADLOCK: c1\.recv waits for a1 to send/, /\(kernel\)/] },
  { type: 'w' },
  { until: [/broken by/] },
];

const failedConnect: readonly Act[] = [
  { step: [/done +c1\.connect/] },
  { type: '5' },
  { until: [/5 Log \*/] },
  { type: 'g' },
  { until: [/[>❯] #1 /] },
  { press: 'j', to: [/[>❯]!#\d+ .*c1\.connect/] },
  { type: key.enter },
  { until: [/Entry #/, /ConnectionRefusedError/] },
];

/** Two programs that are no part of the bench, each of which lets the other one speak first. */
const watched = {
  args: ['watch'],
  programs: [
    { file: 'server.py', prints: /port (\d+)/ },
    { file: 'client.py', prints: /connected/ },
  ],
  acts: [{ until: [/DEADLOCK: p1\.\d+\.recv waits for/, /p2 .*python/] }],
  // A pid in a pane's title, the port in a command line.
  varies: [/(?<=p\d )python3[.\d]* \d+/, /python3(?:\.\d+)?/, /(?<=client\.py )\d+/],
  needs: ['linux', 'koffi', 'python'],
} as const;

const firstStart = {
  about: 'The workbench at its first start: four panes, each with the key that starts it.',
  acts: [{ until: [/No socket yet/, /Nobody listens yet/, /e +labs/] }],
} as const;

const whyDeadlock: Omit<Scene, 'name'> = {
  about: 'A deadlock: both programs are inside recv, and the bench says who waits for whom.',
  args: ['--config', textbook, 'listen', '127.0.0.1:0'],
  acts: ownDeadlock,
  varies: [
    /a blocked call uses no CPU(?:; socket turns[^═]*core)?/,
    // The queues are told where the kernel was looked at before the finding.
    /(?<=waits for c1 to send; )(?:queued: c1 to a1 0 bytes,|broken by a cancel of [^…│║]*)/,
  ],
};

const large = { cols: 120, rows: 36 } as const;

const small = { cols: 80, rows: 24 } as const;

/**
 * The same in a terminal of 120x36 and in one of 80x24; each on black, on white, and without colour. Black and white are two
 * pictures of one run. `wide`: what is done in the large one, where that is more.
 */
const everywhere = (
  name: string,
  scene: Omit<Scene, 'name'>,
  wide: readonly Act[] = scene.acts,
): readonly Scene[] => {
  const { about, env } = scene;
  const inLarge = { ...scene, ...large, acts: wide };
  const inSmall = { ...scene, ...small, about: `${about} In a terminal of 80 columns and 24 rows.` };
  const palettes = ['dark', 'light'] as const;
  const plain = { env: { ...env, NO_COLOR: '1' } };
  return [
    { ...inLarge, name, palettes },
    { ...inLarge, ...plain, name: `${name}-no-colour`, about: `${about} Without colour.` },
    { ...inSmall, name: `${name}-narrow`, palettes },
    { ...inSmall, ...plain, name: `${name}-narrow-no-colour`, about: `${inSmall.about} Without colour.` },
  ];
};

/** A connection, and nothing lies over the panes. */
const atRest: readonly Act[] = [...connected, { type: key.escape }, { until: [/s send/] }];

/** The pane in focus alone: no log behind what lies over it, whose rows would be others each time. */
const zoomed: readonly Act[] = [{ type: 'z' }, { until: [/name↓ +state +peer/] }];

/** Where it is as wide as that the table has the rate, that is there, after a second. */
const zoomedWide: readonly Act[] = [...zoomed, { until: [/\b0 B\/s|^(?![\s\S]* rate\b)/] }];

const lookedUp: readonly Act[] = [{ type: 'i' }, { until: [/═ Words: c1/, /Lab connect shows it/] }];

const table = {
  about: 'A pane zoomed: a table of its sockets, sorted by any column.',
  args: ['listen', '127.0.0.1:0'],
  acts: [...atRest, { type: '2' }, ...zoomed],
  // Columns are as wide as what stands in them.
  varies: [/(?<=s1 +LISTEN +)127[\d.:]+ */, /(?<=a1 +ESTAB +c1 )127[\d.:]+ */],
} satisfies Omit<Scene, 'name'>;

/** THE list of pictures. `npm run screenshots` makes them, fresh.test.ts looks whether they still hold. */
export const scenes: readonly Scene[] = [
  ...everywhere('first-start', firstStart),
  ...everywhere('help', {
    about: 'The keys of the pane in focus, by kind, each that does nothing now with the reason.',
    args: ['listen', '127.0.0.1:0'],
    // Behind it no log, whose rows would be others each time.
    acts: [
      ...atRest,
      { type: '3z' },
      { until: [/3 UDP server \*/] },
      { type: '?' },
      { until: [/═ Keys in the UDP server pane/] },
    ],
  }),
  ...everywhere(
    'glossary',
    {
      about: 'The words of the row in focus: two sentences each, and the lab that shows it.',
      args: ['listen', '127.0.0.1:0'],
      acts: [...atRest, ...zoomed, ...lookedUp],
    },
    [...atRest, ...zoomedWide, ...lookedUp],
  ),
  ...everywhere('table', table, [...atRest, { type: '2' }, ...zoomedWide]),
  ...everywhere('log', {
    about: 'The log: a call and its end are one row, u unfolds them.',
    args: ['listen', '127.0.0.1:0'],
    shortLog: true,
    acts: [...atRest, { type: '5z' }, { until: [/5 Log \*/, /a1\.recv 128KiB BLOCKED/] }],
  }),
  ...everywhere('leaving', {
    about: 'q, where the session is in no file: how to keep it, and that a second q quits.',
    args: ['listen', '127.0.0.1:0'],
    shortLog: true,
    acts: [...atRest, { type: 'q' }, { until: [/not saved: S saves the session, q again quits/] }],
    varies: [/\d+ entries/],
  }),
  {
    name: 'one-connection',
    about: 'One connection: the client has sent a line, the server has received it and waits for more.',
    args: ['listen', '127.0.0.1:0'],
    rows: 40,
    acts: [...pingSent, { type: 'hello' }, { until: [/hello.* 7 bytes/] }],
  },
  {
    name: 'rules',
    about: 'The rules of all sockets: the first that fits answers, and each says how often it has.',
    args: ['listen', '127.0.0.1:0', '--on', 'recv "PING\\r\\n" send "PONG\\r\\n"', '--on', 'recv echo'],
    acts: [
      listening,
      { type: '1c' },
      { until: [/address/] },
      { type: key.enter },
      { until: [/c1 ESTAB/, /a1 ESTAB/] },
      { type: 's' },
      { until: [/send to c1 >/] },
      { type: `PING${key.enter}` },
      { until: [/c1\.recv[^=\n]* = "PONG/] },
      { type: key.escape },
      { until: [/s send/] },
      { type: 'U' },
      { until: [/═ Rules/, /1 hit, last a1\.sendall "PONG/] },
    ],
    varies: [/(?<="PONG\\r\\n" )[\d.]+s ago/],
  },
  ...everywhere('code', {
    about: "A socket's life so far as a program in C; Tab shows it in Python, a key copies it.",
    args: ['listen', '127.0.0.1:0'],
    acts: [
      ...pingSent,
      { type: key.escape },
      { until: [/s send/] },
      // No log beside the code, whose rows would be others each time.
      ...zoomedWide,
      { type: 'V' },
      { until: [/c1's life so far as Python/] },
      { type: '\t' },
      { until: [/c1's life so far as C/] },
    ],
    varies: [/(?<=htons\()\d+/, /\(\d{4,5}\) \};/],
  }),
  {
    name: 'narrow',
    about: 'The same in a terminal of 80 columns and 24 rows.',
    args: ['listen', '127.0.0.1:0'],
    cols: 80,
    rows: 24,
    shortLog: true,
    acts: [...pingSent, { type: key.escape }, { until: [/s send/] }],
  },
  {
    name: 'backlog-full',
    about: 'A full accept queue: two connections wait, the third client is in SYN-SENT and blocked.',
    args: ['lab', 'backlog'],
    rows: 42,
    acts: [
      { until: [/How many may wait/] },
      { step: [/SYN-SENT/, /c1\.send "hello"/, /now +c1 is ESTAB/] },
      // The kernel sends its SYN again after a second.
      { until: [/retransmits? \d+/] },
    ],
    varies: [/retransmits? \d+/],
  },
  ...everywhere('deadlock-why', whyDeadlock),
  {
    ...watched,
    name: 'programs',
    about: 'Two programs that run already, in a deadlock: each waits for the other one to send.',
  },
  {
    ...watched,
    name: 'programs-narrow',
    about: 'The same in a terminal of 80 columns and 24 rows: both sides stand beside each other.',
    cols: 80,
    rows: 24,
    shortLog: true,
  },
  ...everywhere('timeline', {
    about: 'The timeline: a row for each thread, with what each call waited for.',
    args: ['lab', 'deadlock-read'],
    acts: [
      { until: [/Both read/] },
      { step: [/DEADLOCK: c1\.recv waits for a1 to send/, /send "hello\?" +queued/] },
      { type: '4z=' },
    ],
  }),
  {
    name: 'failed-call',
    about: 'A failed connect, opened: the error of Node, of the system and of Python, and what to try.',
    args: ['lab', 'error-refused'],
    acts: failedConnect,
  },
  ...everywhere('stage', {
    about: 'A lesson on stage, before a class: rows apart, no entry numbers, the next step hidden.',
    args: ['--stage', 'lab', 'deadlock-read'],
    acts: [{ until: [/Both read/] }, { step: [/DEADLOCK: /, /next +\?/] }],
  }),
  {
    name: 'tour',
    about: 'The tour: a lesson, its lines with how each went, and the sockets they act on.',
    args: ['lab', 'tour'],
    acts: [{ until: [/A tour of the bench/] }, { step: [/done +c1\.recv 4096/] }],
  },
  ...everywhere('predicted', {
    about: 'A step that was predicted, wrongly: what the person said, what it did, and the lesson behind it.',
    args: ['lab', 'deadlock-write'],
    acts: [
      { until: [/Both write, nobody reads/] },
      { step: [/Predict: o it returns/] },
      { type: 'o' },
      { until: [/Not this time: it/, /Space goes on with stage 3/, /zero window/, /unread/] },
    ],
    varies: [/\d+(?:\.\d)? [KM]iB/],
  }),
  ...everywhere('course', {
    about: 'The list of labs: chapters, how hard each is, how long it takes, and what is done.',
    acts: [
      { until: [/Nobody listens yet/] },
      { type: 'e' },
      { until: [/> tour/, /A client connects/, /Names and ports/] },
    ],
  }),
  {
    name: 'tour-zh',
    // Without it Node sets an option at bind, and the line says so.
    needs: ['koffi'],
    about: 'The tour with its lesson in Chinese.',
    args: ['--lang', 'zh', 'lab', 'tour'],
    acts: [{ until: [/五分钟游览工作台/] }, { step: [/完成 +s1\.listen/] }],
  },
  {
    name: 'replay',
    about: 'A recorded session under the time cursor, where the deadlock begins.',
    args: ['replay'],
    record: 'deadlock-read',
    acts: [
      { until: [/Time \*/, /EOF/] },
      { type: 'g' },
      { until: [/#1 of/] },
      { press: 'l', to: [/! DEADLOCK: .*w why/s, /paused/] },
    ],
  },
];
