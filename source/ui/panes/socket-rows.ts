import { otherName, peerWords } from '../../bench/view/selectors-peers.ts';
import {
  alarming,
  callsOn,
  conditionOf,
  isCutOff,
  keptWords,
  severity,
  tellingCall,
  waitingOn,
} from '../../bench/view/selectors-sockets.ts';
import { waitsFor, waitsForAccept } from '../../bench/view/selectors-waits.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { calls } from '../../core/calls/calls.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { humanDuration, humanSize } from '../../core/language/units.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import { processOfThread } from '../../core/model/process.ts';
import { rulesFor } from '../../core/model/rule.ts';
import { type BenchState, type CallState, programOf, type SocketState } from '../../core/model/state.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { moment } from '../../core/model/wait.ts';
import { faultsInForce } from '../../core/words/fault-words.ts';
import type { KeyWords } from '../../core/words/key-words.ts';
import { listed } from '../../core/words/listed.ts';
import { t } from '../../core/words/translate.ts';
import { bar } from '../parts/bar.ts';
import { line, lineWidth, type Span, type StyledLine, span, spread, widthOf } from '../parts/styled-line.ts';
import type { Role, Theme } from '../theme.ts';
import { repeatWords } from './repeat-words.ts';
import { callTitle, fittedName, placesOf, shortenedIn } from './short-forms.ts';
import { markRole, waitRole } from './trouble-roles.ts';

export type RowContext = {
  readonly bench: BenchState;
  readonly now: number;
  readonly width: number;
  readonly theme: Theme;
  readonly keys: KeyWords;
  /** In a process's pane: of sockets that others have open too its own calls are shown. */
  readonly actor?: ActorId;
};

/** How much of a socket is shown: one line, a line a call beside it, or who must act and until when as well. */
export type Detail = 'line' | 'short' | 'full';

const conditionRole = (socket: SocketState): Role => {
  if (socket.condition === 'RESET') return 'bad';
  if (socket.condition === 'ESTAB') return 'good';
  return socket.condition === 'LISTEN' ? 'own' : 'plain';
};

export const ends = (socket: SocketState): string => {
  const { eof, shut } = socket;
  if (isCutOff(socket)) return t('ended: the next call says why');
  if (eof && shut) return t('EOF read, FIN sent: both directions are over');
  if (eof) return t('EOF read');
  return shut ? t('FIN sent, the peer may go on') : '';
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
  if (carriesDatagrams(socket)) return t('datagrams wait unread');
  const fin = withFin.has(kernel.state) && !eof;
  const bytes = kernel.rcvQ - (fin ? 1 : 0);
  if (bytes > 0) return fin ? t`${humanSize(bytes)} and EOF unread` : t`${humanSize(bytes)} unread`;
  return fin ? t('EOF unread') : '';
};

/** A relay receives here once it has connected the other end, or sent there what it has received. */
const isRelayBusy = (bench: BenchState, { mate, listener }: SocketState): boolean =>
  mate === undefined
    ? !!bench.sockets.get(listener)?.relay
    : callsOn(bench, mate).some(({ call, looped }) => looped && calls[call.name].moves !== 'in');

/** Its program's loop is on, and yet nothing receives here, nor is it held up: the loop was cancelled on this socket. */
const isLeft = (bench: BenchState, socket: SocketState): boolean =>
  socket.condition === 'ESTAB' &&
  !socket.again &&
  faultsInForce(bench, socket) === '' &&
  programOf(bench, socket.actor)?.loops.receive === true &&
  !callsOn(bench, socket.name).some(call => call.looped) &&
  !isRelayBusy(bench, socket);

/** By which rules it answers; of an answer that waits, when it comes. */
const ruleNote = ({ rules }: BenchState, socket: SocketState): string => {
  const { again } = socket;
  if (again?.rule !== undefined) return t`${again.call} by rule ${again.rule} at ${moment(again.at)}`;
  const numbers = rulesFor(rules, socket.name, socket.listener).map(({ number }) => String(number));
  if (numbers.length === 0) return '';
  return numbers.length === 1 ? t`rule ${numbers[0]}` : t`rules ${listed(numbers, 'and')}`;
};

/** Where what comes to it is passed on: of a relay, and of each end of its pairs. */
const relayNote = ({ relay, mate, sender }: SocketState): string => {
  if (relay) return t`relay to ${safeText(formatRelayTarget(relay))}`;
  if (mate === undefined) return '';
  return sender ? t`passed on by ${mate} to ${safeText(formatEndpoint(sender))}` : t`passed on to ${mate}`;
};

/** What goes wrong on it on purpose. */
const faultNote = (bench: BenchState, socket: SocketState): string => {
  const faults = faultsInForce(bench, socket);
  return faults === '' ? '' : t`fault: ${faults}`;
};

/** What is set on it that its behaviour goes by. */
const behaviourNotes = (bench: BenchState, socket: SocketState): readonly string[] => [
  relayNote(socket),
  ruleNote(bench, socket),
  repeatWords(socket),
  faultNote(bench, socket),
];

const queueNote = (bench: BenchState, socket: SocketState): Span | null => {
  const waiting = waitingOn(bench, socket);
  if (!waiting || waiting.count === 0) return null;
  return span(`  ${t`${waiting.count} waiting`}`, 'warning');
};

/** Before what a row says of its socket's calls. */
const indent = '    ';

const since = (call: CallState, now: number): string =>
  call.startedAt === null
    ? t`queued ${humanDuration(now - call.queuedAt)}`
    : `BLOCKED ${humanDuration(now - call.startedAt)}`;

const deadlineLine = (call: CallState, { now, width, theme }: RowContext): StyledLine | null => {
  if (call.deadline === null || call.startedAt === null) return null;
  const left = Math.max(0, call.deadline - now);
  const whole = Math.max(1, call.deadline - call.startedAt);
  const words = `    ${t`${humanDuration(left)} left`} `;
  const then = ` ${processOfThread(call.thread) === '' ? t('then TimeoutError') : t('then it ends')}`;
  const room = Math.max(4, Math.min(16, width - widthOf(words) - widthOf(then) - 2));
  return line(words, span(bar(1 - left / whole, room, theme), 'blocked'), span(then, 'dim'));
};

/**
 * TLS 1.3 sends session tickets after the handshake (RFC 8446, 4.6.1): a receive takes them off the kernel's queue, has nothing
 * for its caller, and blocks on.
 */
const tookTicket = ({ tls }: SocketState, { call, startedAt }: CallState): boolean =>
  startedAt !== null && calls[call.name].moves === 'in' && (tls?.ticketsAt ?? -1) >= startedAt;

const waitLine = (
  words: string,
  socket: SocketState,
  call: CallState | null,
  { width, theme }: RowContext,
): StyledLine | null => {
  if (words === '') return null;
  const { peer } = socket;
  const waits =
    call && tookTicket(socket, call) ? t`took a ticket, waits on for ${words}` : t`waits for ${words}`;
  const said = `    ${waits}`;
  return line(span(peer ? shortenedIn(said, peer, width, theme) : said, 'dim'));
};

const callLines = (socket: SocketState, call: CallState, context: RowContext): StyledLine[] => {
  const { width, theme, bench, keys } = context;
  const loop = line(call.looped ? span(`  ${t('loop')}`, 'dim') : null);
  const right = line(' ', span(since(call, context.now), waitRole(bench, call)));
  const title = callTitle(call.call, width - indent.length - lineWidth(loop) - lineWidth(right), theme);
  const head = spread(line(indent, title, loop), right, width, theme.ellipsis);
  const more = [deadlineLine(call, context), waitLine(waitsFor(bench, call, keys), socket, call, context)];
  return [head, ...more.filter(part => part !== null)];
};

const ownCalls = ({ bench, actor }: RowContext, socket: SocketState): readonly CallState[] =>
  callsOn(bench, socket.name).filter(
    call => call.inside === 0 && (actor === undefined || call.actor === actor),
  );

/** It is closed, as far as its program can tell. */
const dimmed = (whole: StyledLine): StyledLine =>
  whole.map(part => (part.role === 'focus' || part.role === 'selected' ? part : { ...part, role: 'dim' }));

/**
 * A socket's name, where it stands and at which address, in so many columns. The address gives way first, and all of it
 * but its port; then, beside a call, which says more, the condition; at last the name.
 */
const headLine = (
  socket: SocketState,
  selected: boolean,
  { bench, theme }: RowContext,
  room: number,
  besideCall = false,
): StyledLine => {
  const mark = alarming(severity(bench, socket)) ? span('!', markRole(bench, socket)) : ' ';
  const start = line(span(selected ? theme.cursor : ' ', 'focus'), mark);
  const named = (name: string): StyledLine => line(start, span(name, selected ? 'selected' : 'strong'), ' ');
  const condition = line(span(conditionOf(socket), conditionRole(socket)), ' ');
  const note = line(queueNote(bench, socket));
  const forms = (besideCall ? [condition, line()] : [condition]).flatMap(each =>
    placesOf(socket, otherName(bench, socket), theme).map(place => line(each, place, note)),
  );
  const form = forms.find(each => lineWidth(named(socket.name)) + lineWidth(each) <= room) ?? forms.at(-1)!;
  const name = fittedName(socket.name, room - lineWidth(named('')) - lineWidth(form), theme);
  const whole = line(named(name), form);
  return socket.closing ? dimmed(whole) : whole;
};

const oneLine = (socket: SocketState, selected: boolean, context: RowContext): StyledLine => {
  const call = tellingCall(ownCalls(context, socket));
  if (!call) {
    const over = [
      keptWords(context.bench, socket),
      ends(socket),
      unread(context.bench, socket),
      ...behaviourNotes(context.bench, socket),
    ]
      .filter(Boolean)
      .join(t(', '));
    return line(
      headLine(socket, selected, context, context.width),
      span(over === '' ? '' : `  ${over}`, 'dim'),
    );
  }
  const right = line(
    ' ',
    span(`${call.call.name} ${since(call, context.now)}`, waitRole(context.bench, call)),
  );
  const head = headLine(socket, selected, context, context.width - lineWidth(right), true);
  return spread(head, right, context.width, context.theme.ellipsis);
};

/** A socket's rows; each fits the width or is cut by who draws it. */
export const socketLines = (
  socket: SocketState,
  selected: boolean,
  detail: Detail,
  context: RowContext,
): readonly StyledLine[] => {
  if (detail === 'line') return [oneLine(socket, selected, context)];
  const left = isLeft(context.bench, socket) ? t('its receive loop was cancelled') : '';
  const over = [
    keptWords(context.bench, socket),
    socket.closing ? '' : left,
    ends(socket),
    unread(context.bench, socket),
    ...behaviourNotes(context.bench, socket),
  ]
    .filter(Boolean)
    .join(t(', '));
  const foreign = detail === 'full' && isProgram(socket.actor);
  const peer = foreign ? peerWords(context.bench, socket, context.now) : '';
  const head = [
    headLine(socket, selected, context, context.width),
    ...[over, peer].filter(Boolean).map(words => line(span(`    ${words}`, 'dim'))),
  ];
  const calls = ownCalls(context, socket);
  const lines = calls.flatMap(call => {
    const all = callLines(socket, call, context);
    return detail === 'full' ? all : all.slice(0, 1);
  });
  const accept =
    detail === 'full'
      ? waitLine(waitsForAccept(context.bench, socket, context.keys), socket, null, context)
      : null;
  return accept
    ? [...head, line(span(`    ${t('accept is not called')}`, 'dim')), accept, ...lines]
    : [...head, ...lines];
};
