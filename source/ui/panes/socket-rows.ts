import { alarming, callsOn, severity, waitingOn } from '../../bench/selectors-sockets.ts';
import { waitsFor, waitsForAccept } from '../../bench/selectors-waits.ts';
import { formatEndpoint } from '../../core/address.ts';
import { formatCall } from '../../core/line.ts';
import { safeText } from '../../core/payload.ts';
import type { BenchState, CallState, SocketState } from '../../core/state.ts';
import { humanDuration } from '../../core/units.ts';
import { bar } from '../parts/bar.ts';
import { type Line, line, type Span, span, spread } from '../parts/line.ts';
import type { Role, Theme } from '../theme.ts';

export type RowContext = {
  readonly bench: BenchState;
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
};

/** How much of a socket is shown: one line, a line a call beside it, or who must act and until when as well. */
export type Detail = 'line' | 'short' | 'full';

/** Characters of a call's arguments in a row. */
const argumentLimit = 24;

const conditionRole = (socket: SocketState): Role => {
  if (socket.condition === 'RESET') return 'bad';
  if (socket.condition === 'ESTAB') return 'good';
  return socket.condition === 'LISTEN' ? 'own' : 'plain';
};

/** Where a socket stands: a listener's own address, a connection's peer, the bench's own name for it first. */
const place = (socket: SocketState, theme: Theme): string => {
  if (socket.peer) {
    const twin = socket.twin === '' ? '' : `${socket.twin} `;
    return `${theme.arrow} ${twin}${safeText(formatEndpoint(socket.peer))}`;
  }
  return socket.local ? safeText(formatEndpoint(socket.local)) : '';
};

const ends = (socket: SocketState): string => {
  const words = [socket.eof ? 'EOF read' : '', socket.shut ? 'FIN sent, the peer may go on' : ''].filter(
    Boolean,
  );
  return words.join(', ');
};

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
  const more = [deadlineLine(call, context), waitLine(waitsFor(context.bench, call))];
  return [head, ...more.filter(part => part !== null)];
};

const ownCalls = (bench: BenchState, socket: SocketState): readonly CallState[] =>
  callsOn(bench, socket.name).filter(call => call.inside === 0);

const headLine = (socket: SocketState, selected: boolean, { bench, theme }: RowContext): Line => {
  const mark = alarming(severity(bench, socket)) ? '!' : ' ';
  return line(
    span(selected ? theme.cursor : ' ', 'focus'),
    span(mark, 'bad'),
    span(socket.name, selected ? 'selected' : 'strong'),
    ' ',
    span(socket.condition, conditionRole(socket)),
    ` ${place(socket, theme)}`,
    queueNote(bench, socket),
  );
};

const oneLine = (socket: SocketState, selected: boolean, context: RowContext): Line => {
  const [call] = ownCalls(context.bench, socket);
  const head = headLine(socket, selected, context);
  if (!call) return line(head, span(ends(socket) === '' ? '' : `  ${ends(socket)}`, 'dim'));
  const right = line(' ', span(`${call.call.name} ${since(call, context.now)}`, 'blocked'));
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
  const over = ends(socket);
  const first = headLine(socket, selected, context);
  const head = over === '' ? [first] : [first, line(span(`    ${over}`, 'dim'))];
  const calls = ownCalls(context.bench, socket);
  const lines = calls.flatMap(call => {
    const all = callLines(call, context);
    return detail === 'full' ? all : all.slice(0, 1);
  });
  const accept = detail === 'full' ? waitLine(waitsForAccept(context.bench, socket)) : null;
  return accept
    ? [...head, line(span('    accept is not called', 'dim')), accept, ...lines]
    : [...head, ...lines];
};
