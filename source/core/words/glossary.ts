import type { Policy } from '../model/names.ts';
import type { RowState } from '../model/proc-net.ts';
import type { Layer } from './error-rows.ts';
import { type ErrorCode, errorTable } from './error-table.ts';
import { explainCode } from './errors.ts';

/**
 * What a word on the screen means.
 *
 * - `says`: two sentences
 * - `lab`: the lesson that shows it; `near`: none does, this one is the nearest
 * - `changes`: commands that change it
 */
export type Term = {
  readonly says: string;
  readonly lab: string;
  readonly near?: true;
  readonly changes?: readonly string[];
};

/** Where a socket stands, in ss's words and the bench's own. */
const states = {
  LISTEN: {
    says: 'A socket that clients can connect to; it carries no bytes itself. Whoever connects waits in its accept queue until accept takes them out.',
    lab: 'server',
  },
  'SYN-SENT': {
    says: 'connect has sent its SYN, and nobody has answered yet. It sends the SYN again after 1, 3, 7 seconds and so on, until an answer comes or the deadline has passed.',
    lab: 'backlog',
  },
  'SYN-RECV': {
    says: 'The kernel of a listener has answered a SYN and waits for the last part of the handshake. No program sees such a connection yet, and accept cannot return it.',
    lab: 'backlog',
    near: true,
  },
  ESTAB: {
    says: 'The handshake is done: both ends can send and receive. A client is ESTAB as soon as the kernel at the other end has answered, whether accept was called there or not.',
    lab: 'connect',
  },
  'FIN-WAIT': {
    says: 'This end has sent its FIN, by close or half-close, and the other one has not yet. What the other end sends still arrives.',
    lab: 'half-close',
  },
  'FIN-WAIT-1': {
    says: 'This end has sent its FIN, and the other kernel has not acknowledged it yet. That takes a moment, or as long as the network is silent.',
    lab: 'half-close',
    near: true,
  },
  'FIN-WAIT-2': {
    says: 'The other kernel has acknowledged the FIN of this end, and its program has not closed yet. It can go on sending: this end only says nothing any more.',
    lab: 'half-close',
  },
  'CLOSE-WAIT': {
    says: 'The other end is done, and this program has not closed its own end yet. A server that piles up such sockets forgets to close them after EOF.',
    lab: 'half-close',
  },
  'LAST-ACK': {
    says: 'Both ends have sent their FIN, this one last, and its acknowledgement is on its way. Then nothing is left of the connection here.',
    lab: 'half-close',
    near: true,
  },
  CLOSING: {
    says: 'Both ends sent their FIN at the same time, before either had seen that of the other. One acknowledgement more, and it is in TIME-WAIT.',
    lab: 'time-wait',
    near: true,
  },
  'TIME-WAIT': {
    says: 'The end that closed first keeps the addresses for 60 seconds, so that late segments harm no new connection. Meanwhile a server can bind the port again only with SO_REUSEADDR.',
    lab: 'time-wait',
  },
  CLOSED: {
    says: 'Nothing stands behind the socket any more: it was closed, or the kernel has ended the connection. The next call on it says which.',
    lab: 'server',
  },
  UNCONN: {
    says: 'A datagram socket without a peer, or a socket that is not connected yet. It has no connection to lose: each datagram goes by itself.',
    lab: 'udp-server',
  },
  RESET: {
    says: 'The other end has thrown the connection away with an RST: what was in flight is lost, in both directions. The next call on it fails with ECONNRESET or EPIPE.',
    lab: 'reset',
  },
} as const satisfies Readonly<Record<RowState | 'FIN-WAIT' | 'RESET', Term>>;

/** What the kernel and the bench tell of a socket beside its state. */
const facts = {
  EOF: {
    says: 'recv returned no bytes: the other end has said that no more will come. It is no error, and every later recv returns the same at once.',
    lab: 'half-close',
  },
  'Recv-Q': {
    says: 'Bytes that the kernel has received and the program has not yet taken by recv. Of a listener it counts connections that wait for accept.',
    lab: 'stream-boundaries',
  },
  'Send-Q': {
    says: 'Bytes that the program has sent and the other kernel has not acknowledged yet. When it is full, send blocks until the other end receives.',
    lab: 'slow-reader',
  },
  'accept queue': {
    says: 'Connections that the kernel has made and accept has not yet taken; listen says how many may wait, and Linux keeps one more. When it is full, further clients stay in SYN-SENT.',
    lab: 'backlog',
  },
  'zero window': {
    says: 'The receiver has no room left and has told the sender to stop. It is over as soon as the program at the other end calls recv.',
    lab: 'slow-reader',
  },
  'retransmit timer': {
    says: 'Something that was sent is not acknowledged: when this timer runs out, it is sent again, and the timer doubles. After about 15 minutes, or a few SYNs of a connect, the kernel gives up with ETIMEDOUT.',
    lab: 'connect-timeout',
  },
  'persist timer': {
    says: 'The window of the other end is zero: when this timer runs out, the kernel asks whether there is room again. It asks for as long as the other kernel answers, so that nothing times out.',
    lab: 'slow-reader',
    near: true,
  },
  'keepalive timer': {
    says: 'SO_KEEPALIVE is on: after two hours without a byte the kernel asks whether the other end is still there. Without an answer it ends the connection with ETIMEDOUT.',
    lab: 'connect-timeout',
    near: true,
  },
  RST: {
    says: 'A segment that ends a connection at once, without the goodbye of a FIN. It comes where nobody listens, where data was left unread at close, and where a program was told to reset.',
    lab: 'reset',
  },
  'half-close': {
    says: 'shutdown of the sending direction: a FIN goes out, and the other end reads EOF. The other direction goes on until that end closes too.',
    lab: 'half-close',
    changes: ['close-menu'],
  },
  drops: {
    says: 'Datagrams that came while the queue of the socket was full: the kernel threw them away. UDP tells neither end of it.',
    lab: 'udp-loss',
  },
  timeout: {
    says: 'How long a call on this socket may block before it ends with TimeoutError. What the other end has done by then stays done.',
    lab: 'error-timeout',
    changes: ['timeout'],
  },
  BLOCKED: {
    says: 'The call has not returned: its thread stands still, uses no CPU, and can do nothing else. It goes on when what it waits for happens, when its deadline passes, or when it is cancelled.',
    lab: 'blocking-accept',
    changes: ['cancel'],
  },
  queued: {
    says: 'The call has not begun: its thread is still in another one. With one thread for all, a call that blocks holds up every other.',
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  DEADLOCK: {
    says: 'Calls that wait for each other in a circle: none of them can go on by itself. A deadline, a cancel, or a call from another thread breaks it.',
    lab: 'deadlock-read',
    changes: ['why'],
  },
} as const satisfies Readonly<Record<string, Term>>;

/** What the title of a pane says: how a program's calls share threads, and what it does by itself. */
const programs = {
  single: {
    says: 'One thread makes every call of this program: while one blocks, all others wait for it. So is a simple program without threads.',
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  'per-socket': {
    says: 'Each socket of this program has a thread of its own: a call that blocks holds up only calls on the same socket. So is a server with a thread for each client.',
    lab: 'one-at-a-time',
    changes: ['policy'],
  },
  duplex: {
    says: 'Each socket of this program has two threads, one that receives and one that sends. A recv that blocks never holds up a send.',
    lab: 'remedy-threads',
    changes: ['policy'],
  },
  loop: {
    says: 'While it is on, the program calls accept, or recv on each of its sockets, again and again by itself. While it is off, each call is yours.',
    lab: 'echo-server',
    changes: ['accept-loop', 'receive-loop'],
  },
} as const satisfies Readonly<Record<Policy | 'loop', Term>>;

const codeLabs: { readonly [C in ErrorCode]?: string } = {
  EACCES: 'broadcast',
  EADDRINUSE: 'time-wait',
  EAGAIN: 'nonblocking',
  EALREADY: 'connect-timeout',
  EBADF: 'tls-handshake',
  ECONNREFUSED: 'error-refused',
  ECONNRESET: 'reset',
  EDESTADDRREQ: 'udp-connect',
  EINPROGRESS: 'nonblocking',
  EINVAL: 'server',
  EISCONN: 'connect',
  EMSGSIZE: 'udp-oversize',
  ENOENT: 'unix-socket',
  ENOTCONN: 'connect',
  EOPNOTSUPP: 'udp-server',
  EPIPE: 'broken-pipe',
  ETIMEDOUT: 'connect-timeout',
  EAI_ADDRFAMILY: 'error-gaierror',
  EAI_NONAME: 'error-gaierror',
  EAI_SERVICE: 'error-gaierror',
  HOST_NOT_FOUND: 'error-herror',
  NO_SERVICE: 'service-names',
  TIMEOUT: 'error-timeout',
  INTERRUPTED: 'udp-no-end',
  SSL: 'tls-handshake',
  SSL_CERT: 'tls-handshake',
};

/** The lab that comes nearest to a code that none shows, by the layer that fails. */
const layerLabs: Readonly<Record<Layer, string>> = {
  resolve: 'error-gaierror',
  connect: 'error-refused',
  tls: 'tls-handshake',
  transfer: 'reset',
  timeout: 'error-timeout',
  usage: 'connect',
};

/** Names of calls and programs stay as they are written. */
const isName = (word: string): boolean => /^(?:settimeout|makefile|sockbench)$/.test(word);

const sentence = (text: string): string => {
  const [first = ''] = text.split(' ');
  const begun = isName(first) ? text : text[0]!.toUpperCase() + text.slice(1);
  return begun.concat('.');
};

/** An error in the words that explain it wherever it happens. */
const codeTerms = (code: ErrorCode): readonly (readonly [string, Term])[] => {
  const explained = code in states ? undefined : explainCode(code);
  if (!explained) return [];
  const says = `${sentence(explained.sentence)} ${sentence(explained.advice)}`;
  const lab = codeLabs[code];
  return [[code, lab === undefined ? { says, lab: layerLabs[explained.layer], near: true } : { says, lab }]];
};

/** THE table of words, in the order in which they are listed: what a program is, states, facts, error codes. */
export const glossary: ReadonlyMap<string, Term> = new Map<string, Term>([
  ...Object.entries(programs),
  ...Object.entries(states),
  ...Object.entries(facts),
  ...(Object.keys(errorTable) as ErrorCode[]).flatMap(codeTerms),
]);
