import { peerFacts, peerSeen, processName } from '../../bench/view/selectors-peers.ts';
import { callsOn, conditionOf, waitingOn } from '../../bench/view/selectors-sockets.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { boundAt, leadsTo } from '../../core/addresses/twins.ts';
import { byteLength } from '../../core/bytes/bytes.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { hasIn } from '../../core/calls/calls.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import { formatDuration, humanSize } from '../../core/language/units.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { Family } from '../../core/model/names.ts';
import { rulesFor } from '../../core/model/rule.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { shakesHands, transportOf } from '../../core/model/transports.ts';
import { countedWords, faultsInForce } from '../../core/words/fault-words.ts';
import { tlsWords, wireWords } from '../../core/words/tls-facts-words.ts';
import { t } from '../../core/words/translate.ts';
import { bar } from '../parts/bar.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { repeatWords } from './repeat-words.ts';

const network: Readonly<Record<Family, string>> = { AF_INET: 'IPv4', AF_INET6: 'IPv6', AF_UNIX: '' };

const kind = (socket: SocketState): string => {
  const transport = t(transportOf(socket).title);
  const carried = socket.tls ? t`TLS over ${transport}` : transport;
  const below = network[socket.family];
  return below === '' ? carried : t`${carried} over ${below}`;
};

/** What TLS has agreed on, or what a listener gives to what it accepts; '' in the clear. */
const tlsOf = ({ tls }: SocketState): string => (tls ? safeText(tlsWords(tls)) : '');

/** Whose the other end is: a socket of the bench, a listener that has yet to accept, a program of this machine, or somebody outside. */
const owner = (bench: BenchState, socket: SocketState, peer: Endpoint): string => {
  const seen = peerSeen(bench, socket);
  if (seen) return processName(seen.process);
  if (socket.twin !== '') return socket.twin;
  const listener = boundAt(bench.pairs, socket, peer, localOf(socket));
  if (!listener) return t('foreign');
  return shakesHands(socket) ? t`${listener} has yet to accept it` : listener;
};

/** The own address: while a socket connects, only the kernel knows it. */
const localOf = ({ condition, kernel, local }: SocketState): Endpoint | null =>
  (condition === 'SYN-SENT' ? kernel?.local : undefined) ?? local;

const at = (bench: BenchState, socket: SocketState): string => {
  const local = localOf(socket);
  const here = local ? safeText(formatEndpoint(local)) : '';
  if (!socket.peer) return here || t('no address yet');
  const { owner: held } = socket;
  const whose = held ? `, pid ${held.pid}, uid ${held.uid}` : '';
  const peer = `${safeText(formatEndpoint(socket.peer))} (${owner(bench, socket, socket.peer)}${whose})`;
  return here === '' ? t`connecting to ${peer}` : t`${here} to ${peer}`;
};

const counted = (bytes: number, calls: number): string =>
  calls === 1 ? t`${humanSize(bytes)} in 1 call` : t`${humanSize(bytes)} in ${calls} calls`;

const timeout = (socket: SocketState): string =>
  socket.timeout === null ? t('no timeout') : t`timeout ${formatDuration(socket.timeout)}`;

const optionWords = (socket: SocketState): string =>
  Object.entries(socket.options)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The kernel's queues of a connection or datagram socket, apart from what the application holds. */
const queues = (socket: SocketState): string => {
  const { kernel } = socket;
  if (!kernel) return '';
  if (kernel.state === 'CLOSE') return t('the kernel has ended it, and may still hold bytes to receive');
  const drops = kernel.drops > 0 ? t`, ${kernel.drops} dropped` : '';
  const again = kernel.retransmits > 0 ? t`, retransmits ${kernel.retransmits}` : '';
  return t`Recv-Q ${humanSize(kernel.rcvQ)}, Send-Q ${humanSize(kernel.sndQ)}${drops}${again} (kernel)`;
};

const unflushed = (bench: BenchState, socket: SocketState): string =>
  [...bench.files.values()]
    .filter(file => file.socket === socket.name && file.unflushed > 0)
    .map(file => t`${file.name} holds ${humanSize(file.unflushed)} unflushed: nobody else sees them`)
    .join(t(', '));

/** "3 waiting, room for 3 (listen 2; Linux keeps one more)". */
const queueLine = (bench: BenchState, socket: SocketState, theme: Theme): StyledLine => {
  const waiting = waitingOn(bench, socket);
  const room = (socket.backlog ?? 0) + 1;
  const count = waiting?.count ?? 0;
  const full = count >= room;
  const source = waiting?.source === 'kernel' ? t('kernel') : t('counted by the bench');
  const words = t`${count} waiting, room for ${room} (listen ${socket.backlog}; Linux keeps one more; ${source})`;
  return line(
    `     ${t('accept queue')} `,
    count === 0 ? null : span(`${bar(count / room, Math.min(room, 12), theme)} `, full ? 'bad' : 'warning'),
    full ? span(`${t('FULL')} `, 'bad') : null,
    words,
  );
};

const outside = (bench: BenchState, listener: SocketState): string => {
  const names: string[] = [];
  for (const socket of bench.sockets.values()) {
    const connecting = callsOn(bench, socket.name).find(({ call }) => hasIn(call, 'waits', 'handshake'));
    if (!connecting || !hasIn(connecting.call, 'waits', 'handshake')) continue;
    if (leadsTo(connecting.call.address, listener.local)) names.push(socket.name);
  }
  return names.length === 0 ? '' : `  ${t`outside, in SYN-SENT: ${names.join(' ')}`}`;
};

/** What goes wrong on it on purpose, and what that has done so far. */
const faultFacts = (bench: BenchState, socket: SocketState): string => {
  const [faults, done] = [faultsInForce(bench, socket), countedWords(socket.faulted)];
  if (faults === '' && done === '') return '';
  const whose = faults === '' ? t('faults off') : t`faults of its loops: ${faults}`;
  return done === '' ? whose : `${whose} (${done})`;
};

/** The rules that it answers by, each as it is written. */
const ruleFacts = ({ rules }: BenchState, socket: SocketState): string =>
  rulesFor(rules, socket.name, socket.listener)
    .map(({ number, rule }) => t`rule ${number}: ${safeText(formatRule(rule))}`)
    .join(t('; '));

const listenerLines = (bench: BenchState, socket: SocketState, theme: Theme): StyledLine[] => [
  queueLine(bench, socket, theme),
  line(
    `     ${t`accepted ${socket.accepted}, ${timeout(socket)}`}${[tlsOf(socket), ruleFacts(bench, socket), faultFacts(bench, socket)].map(fact => (fact === '' ? '' : `   ${fact}`)).join('')}`,
    span(outside(bench, socket), 'warning'),
  ),
];

/** What was sent; a send in flight is not counted yet: how much of it the kernel has taken so far. */
const sentWords = (bench: BenchState, socket: SocketState): string => {
  const before = counted(socket.sent, socket.sends);
  const sending = callsOn(bench, socket.name).find(({ taken }) => taken > 0);
  if (!sending || !('data' in sending.call)) return before;
  const { name, data } = sending.call;
  const now = t`${humanSize(sending.taken)} of ${humanSize(byteLength(data))} in ${name}`;
  return socket.sends === 0 ? now : t`${before} and ${now}`;
};

const channelLines = (bench: BenchState, socket: SocketState, now: number): StyledLine[] => {
  const both = [queues(socket), peerFacts(bench, socket, now)].filter(Boolean).join(t('; '));
  const facts = [
    // First: a narrow screen shows whether anybody vouches for the peer.
    tlsOf(socket),
    both,
    ruleFacts(bench, socket),
    repeatWords(socket),
    faultFacts(bench, socket),
    timeout(socket),
    optionWords(socket),
    unflushed(bench, socket),
  ].filter(Boolean);
  const records = socket.tls ? `   ${wireWords(socket.tls)}` : '';
  return [
    line(
      `     ${t`sent ${sentWords(bench, socket)}, received ${counted(socket.received, socket.receives)}`}${records}`,
    ),
    line(`     ${facts.join('   ')}`),
  ];
};

/** Who has it open, as which descriptor. */
const holders = ({ processes }: BenchState, socket: SocketState): string =>
  socket.holders
    .map(({ actor, fd }) => t`${processes.get(actor)?.name ?? t('a process')} (${actor}) as fd ${fd}`)
    .join(t(', '));

/** Of a process's socket the kernel's side alone is seen. */
const processLines = (bench: BenchState, socket: SocketState): StyledLine[] => {
  const { kernel, condition } = socket;
  const queued = kernel?.rcvQ ?? 0;
  const waiting =
    queued === 1
      ? t('1 connection to be accepted (kernel)')
      : t`${queued} connections to be accepted (kernel)`;
  return [
    line(`     ${condition === 'LISTEN' ? waiting : queues(socket)}`),
    line(`     ${t`held by ${safeText(holders(bench, socket))}`}`),
  ];
};

/** The socket in focus: what it is, its queues and counters, its timeout and options. */
export const detailLines = (
  bench: BenchState,
  socket: SocketState | undefined,
  theme: Theme,
  now: number,
): readonly StyledLine[] => {
  if (!socket) return [];
  const head = line(
    ' ',
    span(socket.name, 'strong'),
    `  ${kind(socket)}, ${conditionOf(socket)}   ${at(bench, socket)}`,
    socket.listener === '' ? null : span(`   ${t`accepted from ${socket.listener}`}`, 'dim'),
  );
  const rest = !isProgram(socket.actor)
    ? processLines(bench, socket)
    : socket.condition === 'LISTEN'
      ? listenerLines(bench, socket, theme)
      : channelLines(bench, socket, now);
  return [head, ...rest];
};
