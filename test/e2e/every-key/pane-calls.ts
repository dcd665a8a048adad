import { ctrl, key } from '../keys.ts';
import { connectForm, connects, inClient, inServer, type Pane } from './live-world.ts';
import { all, gone, line, type Scenario, type Step } from './scenario.ts';

const newClient = /c(?![1-4] )\d+ (ESTAB|UNCONN|CLOSE)/;
const newServer = /a(?!1 )\d+ ESTAB/;
const newListener = /s(?![1-3] )\d+ LISTEN/;
const newDatagram = /u(?![1-4] )\d+ UNCONN/;

/** The newest socket of the pane in focus is closed. */
const closes = (newest: RegExp): readonly Step[] => ['dc', gone(newest)];

/** The connection that the Client has just made is accepted, so that nobody waits, and closed at both ends. */
const dropped: readonly Step[] = [...inServer, ...closes(newServer), ...inClient, ...closes(newClient)];

const form = (
  title: RegExp,
  values: string,
  ...seen: readonly Step[]
): Pick<Scenario, 'shows' | 'after'> => ({
  shows: title,
  after: [`${ctrl('u')}${values}\r`, gone(title), ...seen],
});

/** A connection that the other end has reset. */
const closesEnded = (place: 'client' | 'tcp-server', back: readonly Step[]): Scenario => {
  const [mine, peers] = place === 'client' ? [newClient, newServer] : [newServer, newClient];
  const there = place === 'client' ? inServer : inClient;
  return {
    command: 'close-ended',
    setup: [
      ...inClient,
      ...connects,
      'a',
      newServer,
      // The kernel has been asked for it: what it lists no more has ended.
      ...back,
      /Recv-Q 0 bytes/,
      ...there,
      'dr',
      gone(peers),
      ...back,
      /ended: the next call/,
    ],
    shows: place === 'client' ? /Closed c\d+/ : /Closed a\d+/,
    after: [gone(mine)],
  };
};

/** Keys that open sockets and close them. */
const socketScenarios = ({ place, socket, program, back }: Pane): readonly Scenario[] => {
  const opened = program === 'Client' ? newClient : newDatagram;
  const address = program === 'Client' ? '' : '127.0.0.1:0';
  const stop: Scenario = {
    command: 'listen-or-stop',
    setup: [...line('listen 127.0.0.1:0', newListener), ...back],
    hides: newListener,
  };
  return [
    {
      command: 'accept',
      setup: [...inClient, ...connects, newClient, ...back],
      shows: newServer,
      hides: /1 waiting/,
      after: [...dropped, ...back],
    },
    { command: 'open', ...form(/═ Open a UDP socket/, address, opened, ...closes(opened), ...back) },
    {
      command: 'connect',
      shows: connectForm,
      after: ['\r', all(newClient, /1 waiting/, gone(connectForm)), 'a', newServer, ...dropped, ...back],
    },
    {
      command: 'listen-or-stop',
      ...form(
        /═ Listen for TCP clients/,
        '127.0.0.1:0',
        newListener,
        ...inServer,
        ...closes(newListener),
        ...back,
      ),
    },
    ...(place === 'tcp-server' ? [stop] : []),
    ...(place === 'client' || place === 'tcp-server' ? [closesEnded(place, back)] : []),
    {
      command: 'close-menu',
      shows: new RegExp(`═ Close ${socket}`),
      after: [key.escape, gone(/═ Close/)],
    },
  ];
};

/** Keys that set how calls are made. */
const settingScenarios = ({ program, socket }: Pane): readonly Scenario[] => [
  {
    command: 'accept-loop',
    shows: all(/TCP server: accept loop on, it accepts by itself/, /2 TCP server .*receive off/),
    after: ['A', /TCP server: accept loop off, a accepts one at a time/, 'x', gone(/BLOCKED/)],
  },
  {
    command: 'receive-loop',
    shows: new RegExp(`${program}: receive loop on, it receives by itself`),
    after: ['R', new RegExp(`${program}: receive loop off, r receives one at a time`)],
  },
  {
    command: 'policy',
    shows: new RegExp(`${program}: single, one thread makes every call`),
    after: [...line('policy duplex', new RegExp(`${program}: duplex, a reader and a writer a socket`))],
  },
  {
    command: 'timeout',
    ...form(
      /═ Set the timeout of the socket in focus/,
      '3s',
      new RegExp(`${socket}: timeout 3s from the next call on`),
      ...line('timeout none', new RegExp(`${socket}: timeout none`)),
    ),
  },
  {
    command: 'fault',
    ...form(
      /═ Faults of the socket in focus/,
      'delay 5ms',
      new RegExp(`${socket}: delay 5ms, where loops, rules or a relay act`),
      ...line('fault off', new RegExp(`${socket}: nothing goes wrong any more`)),
    ),
  },
  {
    command: 'repeat-or-stop',
    shows: /═ Send the same again and again/,
    after: [key.escape, gone(/═ Send the same/)],
  },
  {
    command: 'backlog',
    ...form(
      /═ Change how many connections may wait/,
      '7',
      'b',
      /backlog {2}7‸/,
      `${ctrl('u')}128\r`,
      gone(/═ Change how many/),
    ),
  },
  { command: 'options', shows: new RegExp(`═ Options of ${socket}`), after: [key.escape, gone(/═ Options/)] },
];

/** Keys that begin calls and end them. */
const callScenarios = ({ digit, socket, recv, back }: Pane): readonly Scenario[] => {
  const blocked = new RegExp(`${recv} 4KiB +BLOCKED`);
  const receiving: readonly Step[] = digit === '4' ? [...inClient, 'r', blocked, ...back] : ['r', blocked];
  const cancels = {
    setup: receiving,
    shows: new RegExp(`Cancelled ${socket}\\.${recv} \\(KeyboardInterrupt\\)`),
    hides: /BLOCKED/,
  };
  const sendLine = socket.startsWith('u')
    ? new RegExp(`send ${socket} to`)
    : new RegExp(`send to ${socket} >`);
  return [
    { command: 'receive', shows: blocked, after: ['x', gone(/BLOCKED/)] },
    { command: 'send', shows: sendLine, after: [key.escape, gone(sendLine)] },
    { command: 'cancel', ...cancels },
    { command: 'interrupt', ...cancels },
    {
      command: 'why',
      setup: receiving,
      shows: all(/═ Why: who waits for whom/, new RegExp(`>.*${socket}\\.${recv} `)),
      after: [key.escape, gone(/═ Why/), 'x', gone(/BLOCKED/)],
    },
  ];
};

/** Keys that act on the bench, in a pane. */
export const paneCallScenarios = (pane: Pane): readonly Scenario[] => [
  ...socketScenarios(pane),
  ...settingScenarios(pane),
  ...callScenarios(pane),
];
