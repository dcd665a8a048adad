import type { Place } from '../../../source/commands/calling/command.ts';
import { all, gone, line, type Step } from './scenario.ts';

/** Three listeners and four datagram sockets; loops are off. */
export const launch = `sockbench listen ${'127.0.0.1:0 '.repeat(3)}${'udp://127.0.0.1:0 '.repeat(4)}`;

export const inClient: readonly Step[] = ['1', /1 Client \*/];
export const inServer: readonly Step[] = ['2', /2 TCP server \*/];

export const connectForm = /═ Connect to a TCP server/;

/** In the Client: one more connection to the newest listener, which waits to be accepted. */
export const connects: readonly Step[] = ['c', connectForm, '\r', all(/1 waiting/, gone(connectForm))];

/** Sockets enough to move among: c1 to c3 without a peer, c4 connected to a1 through s3. The Client has the focus. */
export const open: readonly Step[] = [
  all(/s3 LISTEN/, /u4 UNCONN/),
  ...inClient,
  ...line('c1 = socket', /c1 CLOSED/),
  ...line('c2 = socket', /c2 CLOSED/),
  ...line('c3 = socket', /c3 CLOSED/),
  ...connects,
  'a',
  all(/c4 ESTAB → a1/, gone(/1 waiting/)),
];

/**
 * A pane of this bench: its key and title and the way back to it, the program and the socket that keys act on there,
 * and that socket's recv; the panes that Tab and Shift-Tab go to.
 */
export type Pane = {
  readonly place: Place;
  readonly digit: string;
  readonly sight: RegExp;
  readonly back: readonly Step[];
  readonly program: string;
  readonly socket: string;
  readonly recv: 'recv' | 'recvfrom';
  readonly next: RegExp;
  readonly previous: RegExp;
  /** A word of several entries of its log, and a filter that some pass. */
  readonly sought: string;
  readonly filter: string;
};

const sights = [/1 Client \*/, /2 TCP server \*/, /3 UDP server \*/, /4 Timeline \*/, /5 Log \*/];

type Acting = Pick<Pane, 'program' | 'socket' | 'recv'>;

const pane = (place: Place, index: number, acting: Acting): Pane => {
  const sight = sights[index]!;
  const digit = String(index + 1);
  const isStrip = index > 2;
  return {
    ...acting,
    place,
    digit,
    sight,
    back: [...(isStrip ? inClient : []), digit, sight],
    next: sights[(index + 1) % sights.length]!,
    previous: sights.at(index - 1)!,
    sought: 'listen',
    filter: 's3.listen',
  };
};

const inTheClient = { program: 'Client', socket: 'c4', recv: 'recv' } as const;

/** In log and timeline keys act on the program that had the focus last: the Client, here. */
export const panes = {
  client: pane('client', 0, inTheClient),
  tcp: pane('tcp-server', 1, { program: 'TCP server', socket: 'a1', recv: 'recv' }),
  udp: pane('udp-server', 2, { program: 'UDP server', socket: 'u4', recv: 'recvfrom' }),
  timeline: pane('timeline', 3, inTheClient),
  log: pane('log', 4, inTheClient),
};
