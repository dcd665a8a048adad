import type { Policy } from '../model/names.ts';
import type { RowState } from '../model/proc-net.ts';
import { marked } from './translate.ts';

/**
 * What a word on the screen means.
 *
 * - `title`: the word itself, where it is no name that stays as it is
 * - `says`: two sentences
 * - `lab`: the lesson that shows it; `near`: none does, this one is the nearest
 * - `changes`: commands that change it
 */
export type Term = {
  readonly title?: string;
  readonly says: string;
  readonly lab: string;
  readonly near?: true;
  readonly changes?: readonly string[];
};

/** Where a socket stands, in ss's words and the bench's own. */
export const states = {
  LISTEN: {
    says: marked(
      'A socket that clients can connect to; it carries no bytes itself. Whoever connects waits in its accept queue until accept takes them out.',
    ),
    lab: 'server',
  },
  'SYN-SENT': {
    says: marked(
      'connect has sent its SYN, and nobody has answered yet. It sends the SYN again after 1, 3, 7 seconds and so on, until an answer comes or the deadline has passed.',
    ),
    lab: 'backlog',
  },
  'SYN-RECV': {
    says: marked(
      'The kernel of a listener has answered a SYN and waits for the last part of the handshake. No program sees such a connection yet, and accept cannot return it.',
    ),
    lab: 'backlog',
    near: true,
  },
  ESTAB: {
    says: marked(
      'The handshake is done: both ends can send and receive. A client is ESTAB as soon as the kernel at the other end has answered, whether accept was called there or not.',
    ),
    lab: 'connect',
  },
  'FIN-WAIT': {
    says: marked(
      'This end has sent its FIN, by close or half-close, and the other one has not yet. What the other end sends still arrives.',
    ),
    lab: 'half-close',
  },
  'FIN-WAIT-1': {
    says: marked(
      'This end has sent its FIN, and the other kernel has not acknowledged it yet. That takes a moment, or as long as the network is silent.',
    ),
    lab: 'half-close',
    near: true,
  },
  'FIN-WAIT-2': {
    says: marked(
      'The other kernel has acknowledged the FIN of this end, and its program has not closed yet. It can go on sending: this end only says nothing any more.',
    ),
    lab: 'half-close',
  },
  'CLOSE-WAIT': {
    says: marked(
      'The other end is done, and this program has not closed its own end yet. A server that piles up such sockets forgets to close them after EOF.',
    ),
    lab: 'half-close',
  },
  'LAST-ACK': {
    says: marked(
      'Both ends have sent their FIN, this one last, and its acknowledgement is on its way. Then nothing is left of the connection here.',
    ),
    lab: 'half-close',
    near: true,
  },
  CLOSING: {
    says: marked(
      'Both ends sent their FIN at the same time, before either had seen that of the other. One acknowledgement more, and it is in TIME-WAIT.',
    ),
    lab: 'time-wait',
    near: true,
  },
  'TIME-WAIT': {
    says: marked(
      'The end that closed first keeps the addresses for 60 seconds, so that late segments harm no new connection. Meanwhile a server can bind the port again only with SO_REUSEADDR.',
    ),
    lab: 'time-wait',
  },
  CLOSED: {
    says: marked(
      'Nothing stands behind the socket any more: it was closed, or the kernel has ended the connection. The next call on it says which.',
    ),
    lab: 'server',
  },
  UNCONN: {
    says: marked(
      'A datagram socket without a peer, or a socket that is not connected yet. It has no connection to lose: each datagram goes by itself.',
    ),
    lab: 'udp-server',
  },
  RESET: {
    says: marked(
      'The other end has thrown the connection away with an RST: what was in flight is lost, in both directions. The next call on it fails with ECONNRESET or EPIPE.',
    ),
    lab: 'reset',
  },
} as const satisfies Readonly<Record<RowState | 'FIN-WAIT' | 'RESET', Term>>;

/** What the kernel and the bench tell of a socket beside its state. */
export const facts = {
  EOF: {
    says: marked(
      'recv returned no bytes: the other end has said that no more will come. It is no error, and every later recv returns the same at once.',
    ),
    lab: 'half-close',
  },
  'Recv-Q': {
    says: marked(
      'Bytes that the kernel has received and the program has not yet taken by recv. Of a listener it counts connections that wait for accept.',
    ),
    lab: 'stream-boundaries',
  },
  'Send-Q': {
    says: marked(
      'Bytes that the program has sent and the other kernel has not acknowledged yet. When it is full, send blocks until the other end receives.',
    ),
    lab: 'slow-reader',
  },
  'accept queue': {
    title: marked('accept queue'),
    says: marked(
      'Connections that the kernel has made and accept has not yet taken; listen says how many may wait, and Linux keeps one more. When it is full, further clients stay in SYN-SENT.',
    ),
    lab: 'backlog',
  },
  'zero window': {
    title: marked('zero window'),
    says: marked(
      'The receiver has no room left and has told the sender to stop. It is over as soon as the program at the other end calls recv.',
    ),
    lab: 'slow-reader',
  },
  'retransmit timer': {
    title: marked('retransmit timer'),
    says: marked(
      'Something that was sent is not acknowledged: when this timer runs out, it is sent again, and the timer doubles. After about 15 minutes, or a few SYNs of a connect, the kernel gives up with ETIMEDOUT.',
    ),
    lab: 'connect-timeout',
  },
  'persist timer': {
    title: marked('persist timer'),
    says: marked(
      'The window of the other end is zero: when this timer runs out, the kernel asks whether there is room again. It asks for as long as the other kernel answers, so that nothing times out.',
    ),
    lab: 'slow-reader',
    near: true,
  },
  'keepalive timer': {
    title: marked('keepalive timer'),
    says: marked(
      'SO_KEEPALIVE is on: after two hours without a byte the kernel asks whether the other end is still there. Without an answer it ends the connection with ETIMEDOUT.',
    ),
    lab: 'connect-timeout',
    near: true,
  },
  RST: {
    says: marked(
      'A segment that ends a connection at once, without the goodbye of a FIN. It comes where nobody listens, where data was left unread at close, and where a program was told to reset.',
    ),
    lab: 'reset',
  },
  'half-close': {
    title: marked('half-close'),
    says: marked(
      'shutdown of the sending direction: a FIN goes out, and the other end reads EOF. The other direction goes on until that end closes too.',
    ),
    lab: 'half-close',
    changes: ['close-menu'],
  },
  drops: {
    title: marked('drops'),
    says: marked(
      'Datagrams that came while the queue of the socket was full: the kernel threw them away. UDP tells neither end of it.',
    ),
    lab: 'udp-loss',
  },
  timeout: {
    title: marked('timeout'),
    says: marked(
      'How long a call on this socket may block before it ends with TimeoutError. What the other end has done by then stays done.',
    ),
    lab: 'error-timeout',
    changes: ['timeout'],
  },
  BLOCKED: {
    says: marked(
      'The call has not returned: its thread stands still, uses no CPU, and can do nothing else. It goes on when what it waits for happens, when its deadline passes, or when it is cancelled.',
    ),
    lab: 'blocking-accept',
    changes: ['cancel'],
  },
  queued: {
    title: marked('queued'),
    says: marked(
      'The call has not begun: its thread is still in another one. With one thread for all, a call that blocks holds up every other.',
    ),
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  DEADLOCK: {
    says: marked(
      'Calls that wait for each other in a circle: none of them can go on by itself. A deadline, a cancel, or a call from another thread breaks it.',
    ),
    lab: 'deadlock-read',
    changes: ['why'],
  },
} as const satisfies Readonly<Record<string, Term>>;

/** What the title of a pane says: how a program's calls share threads, and what it does by itself. */
export const programs = {
  single: {
    says: marked(
      'One thread makes every call of this program: while one blocks, all others wait for it. So is a simple program without threads.',
    ),
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  'per-socket': {
    says: marked(
      'Each socket of this program has a thread of its own: a call that blocks holds up only calls on the same socket. So is a server with a thread for each client.',
    ),
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  duplex: {
    says: marked(
      'Each socket of this program has two threads, one that receives and one that sends. A recv that blocks never holds up a send.',
    ),
    lab: 'remedy-threads',
    changes: ['policy'],
  },
  loop: {
    title: marked('loop'),
    says: marked(
      'While it is on, the program calls accept, or recv on each of its sockets, again and again by itself. While it is off, each call is yours.',
    ),
    lab: 'echo-server',
    changes: ['accept-loop', 'receive-loop'],
  },
} as const satisfies Readonly<Record<Policy | 'loop', Term>>;
