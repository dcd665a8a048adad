import {
  alarming,
  callsOn,
  isCutOff,
  keptWords,
  severity,
  waitingOn,
} from '../../bench/selectors-sockets.ts';
import { waitsFor, waitsForAccept } from '../../bench/selectors-waits.ts';
import { formatEndpoint } from '../../core/address.ts';
import { calls } from '../../core/calls.ts';
import type { Endpoint } from '../../core/endpoint.ts';
import type { KeyWords } from '../../core/key-words.ts';
import { formatCall } from '../../core/line.ts';
import { safeText } from '../../core/payload.ts';
import { type BenchState, type CallState, programOf, type SocketState } from '../../core/state.ts';
import { carriesDatagrams } from '../../core/transports.ts';
import { humanDuration, humanSize } from '../../core/units.ts';
import { bar } from '../parts/bar.ts';
import { type Line, line, lineWidth, type Span, span, spread, widthOf } from '../parts/line.ts';
import type { Role, Theme } from '../theme.ts';

export type RowContext = {
  readonly bench: BenchState;
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
  readonly keys: KeyWords;
};

/** How much of a socket is shown: one line, a line a call beside it, or who must act and until when as well. */
export type Detail = 'line' | 'short' | 'full';

/** Characters of a call's arguments in a row. */
const argumentLimit = 24;

const finWait: ReadonlySet<string> = new Set(['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'TIME-WAIT']);

/** Where a socket stands; between the two FINs the kernel says how far they have come, and when it was over. */
export const shownCondition = ({ condition, kernel }: SocketState): string => {
  if (kernel?.state === 'CLOSE' && condition !== 'RESET') return 'CLOSED';
  return condition === 'FIN-WAIT' && kernel && finWait.has(kernel.state) ? kernel.state : condition;
};

const conditionRole = (socket: SocketState): Role => {
  if (socket.condition === 'RESET') return 'bad';
  if (socket.condition === 'ESTAB') return 'good';
  return socket.condition === 'LISTEN' ? 'own' : 'plain';
};

/** An address in so many columns: its port is what tells the connections of one host apart, so its start gives way. */
const shortEndpoint = (endpoint: Endpoint, room: number, theme: Theme): string => {
  const text = safeText(formatEndpoint(endpoint));
  if (widthOf(text) <= room) return text;
  const kept = room - widthOf(theme.ellipsis);
  return kept < 1 ? '' : `${theme.ellipsis}${text.slice(-kept)}`;
};

/** Where a socket stands: a listener's own address, a connection's peer, the bench's own name for it first. */
const place = (socket: SocketState, theme: Theme, room: number): string => {
  if (socket.peer) {
    const lead = `${theme.arrow} ${socket.twin === '' ? '' : `${socket.twin} `}`;
    return `${lead}${shortEndpoint(socket.peer, room - widthOf(lead), theme)}`;
  }
  return socket.local ? shortEndpoint(socket.local, room, theme) : '';
};

const ends = (socket: SocketState): string => {
  const { eof, shut } = socket;
  if (isCutOff(socket)) return 'ended: the next call says why';
  if (eof && shut) return 'EOF read, FIN sent: both directions are over';
  if (eof) return 'EOF read';
  return shut ? 'FIN sent, the peer may go on' : '';
};

const withFin: ReadonlySet<string> = new Set(['CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'TIME-WAIT']);

/** What the kernel holds for the program while nothing receives it; a FIN counts as a byte of Recv-Q (RFC 9293). */
const unread = (bench: BenchState, socket: SocketState): string => {
  const { name, condition, kernel, eof } = socket;
  if (!kernel || kernel.rcvQ === 0 || kernel.state === 'CLOSE' || condition === 'LISTEN') return '';
  if (
    callsOn(bench, name).some(
      ({ call, startedAt }) => startedAt !== null && calls[call.name].lane === 'reader',
    )
  )
    return '';
  if (carriesDatagrams(socket)) return 'datagrams wait unread';
  const fin = withFin.has(kernel.state) && !eof;
  const bytes = kernel.rcvQ - (fin ? 1 : 0);
  const words = [bytes > 0 ? humanSize(bytes) : '', fin ? 'EOF' : ''].filter(Boolean);
  return words.length === 0 ? '' : `${words.join(' and ')} unread`;
};

/** Its program's loop is on, and yet nothing receives here: the loop was cancelled on this socket. */
const isLeft = (bench: BenchState, socket: SocketState): boolean =>
  socket.condition === 'ESTAB' &&
  programOf(bench, socket.actor)?.loops.receive === true &&
  !callsOn(bench, socket.name).some(call => call.looped);

const queueNote = (bench: BenchState, socket: SocketState): Span | null => {
  const waiting = waitingOn(bench, socket);
  if (!waiting || waiting.count === 0) return null;
  return span(`  ${waiting.count} waiting`, 'warning');
};

/** A call's name and arguments without the socket it is made on: `recv 4096`. */
const callTitle = (call: CallState): string => {
  const text = formatCall(call.call, argumentLimit);
  const prefix = `${call.call.on}.`;
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
};

const since = (call: CallState, now: number): string =>
  call.startedAt === null
    ? `queued ${humanDuration(now - call.queuedAt)}`
    : `BLOCKED ${humanDuration(now - call.startedAt)}`;

const deadlineLine = (call: CallState, { now, width, theme }: RowContext): Line | null => {
  if (call.deadline === null || call.startedAt === null) return null;
  const left = Math.max(0, call.deadline - now);
  const whole = Math.max(1, call.deadline - call.startedAt);
  const words = `    ${humanDuration(left)} left `;
  const then = ' then TimeoutError';
  const room = Math.max(4, Math.min(16, width - words.length - then.length - 2));
  return line(words, span(bar(1 - left / whole, room, theme), 'blocked'), span(then, 'dim'));
};

const waitLine = (words: string): Line | null =>
  words === '' ? null : line(span(`    waits for ${words}`, 'dim'));

const callLines = (call: CallState, context: RowContext): Line[] => {
  const head = spread(
    line(`    ${callTitle(call)}`, call.looped ? span('  loop', 'dim') : null),
    line(' ', span(since(call, context.now), 'blocked')),
    context.width,
    context.theme.ellipsis,
  );
  const more = [deadlineLine(call, context), waitLine(waitsFor(context.bench, call, context.keys))];
  return [head, ...more.filter(part => part !== null)];
};

const ownCalls = (bench: BenchState, socket: SocketState): readonly CallState[] =>
  callsOn(bench, socket.name).filter(call => call.inside === 0);

/** It is closed, as far as its program can tell. */
const dimmed = (whole: Line): Line =>
  whole.map(part => (part.role === 'focus' || part.role === 'selected' ? part : { ...part, role: 'dim' }));

const headLine = (
  socket: SocketState,
  selected: boolean,
  { bench, theme }: RowContext,
  room = Number.POSITIVE_INFINITY,
): Line => {
  const mark = alarming(severity(bench, socket)) ? '!' : ' ';
  const lead = line(
    span(selected ? theme.cursor : ' ', 'focus'),
    span(mark, 'bad'),
    span(socket.name, selected ? 'selected' : 'strong'),
    ' ',
    span(shownCondition(socket), conditionRole(socket)),
    ' ',
  );
  const note = line(queueNote(bench, socket));
  const whole = line(lead, place(socket, theme, room - lineWidth(lead) - lineWidth(note)), note);
  return socket.closing ? dimmed(whole) : whole;
};

/** The call that one line tells of: a person's, which somebody waits for, before a loop's. */
export const tellingCall = (calls: readonly CallState[]): CallState | undefined =>
  calls.findLast(call => !call.looped) ?? calls[0];

const oneLine = (socket: SocketState, selected: boolean, context: RowContext): Line => {
  const call = tellingCall(ownCalls(context.bench, socket));
  if (!call) {
    const over = [keptWords(context.bench, socket), ends(socket), unread(context.bench, socket)]
      .filter(Boolean)
      .join(', ');
    return line(headLine(socket, selected, context), span(over === '' ? '' : `  ${over}`, 'dim'));
  }
  const right = line(' ', span(`${call.call.name} ${since(call, context.now)}`, 'blocked'));
  const head = headLine(socket, selected, context, context.width - lineWidth(right));
  return spread(head, right, context.width, context.theme.ellipsis);
};

/** A socket's rows; each fits the width or is cut by who draws it. */
export const socketLines = (
  socket: SocketState,
  selected: boolean,
  detail: Detail,
  context: RowContext,
): readonly Line[] => {
  if (detail === 'line') return [oneLine(socket, selected, context)];
  const left = isLeft(context.bench, socket) ? 'its receive loop was cancelled' : '';
  const over = [
    keptWords(context.bench, socket),
    socket.closing ? '' : left,
    ends(socket),
    unread(context.bench, socket),
  ]
    .filter(Boolean)
    .join(', ');
  const first = headLine(socket, selected, context);
  const head = over === '' ? [first] : [first, line(span(`    ${over}`, 'dim'))];
  const calls = ownCalls(context.bench, socket);
  const lines = calls.flatMap(call => {
    const all = callLines(call, context);
    return detail === 'full' ? all : all.slice(0, 1);
  });
  const accept = detail === 'full' ? waitLine(waitsForAccept(context.bench, socket, context.keys)) : null;
  return accept
    ? [...head, line(span('    accept is not called', 'dim')), accept, ...lines]
    : [...head, ...lines];
};
