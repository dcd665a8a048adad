import { formatEndpoint } from '../addresses/address.ts';
import { safeText } from '../bytes/payload.ts';
import { titleOf } from '../calls/call.ts';
import type { CallRef } from '../calls/call-ref.ts';
import { humanSize } from '../language/units.ts';
import { type DeadlockFinding, isBrokenHere, type Queued, type SeenDeadlock } from '../model/finding.ts';
import type { Act } from '../model/need.ts';
import type { Doubt, ThreadDoing } from '../model/process.ts';
import type { Remedy } from '../model/remedy.ts';
import { threadTitle } from '../model/threads.ts';
import { moment } from '../model/wait.ts';
import { type KeyWords, keyHint } from './key-words.ts';
import { doingWords, doubtWords, processRemedies } from './process-words.ts';
import { heldWords } from './wait-words.ts';

type End = Extract<Remedy, { kind: 'end' }>;

/** What ends a call by itself. */
export const endWord = ({ by }: End): string => (by === 'SYN' ? 'last SYN' : 'timeout');

/** `DEADLOCK`, or `DEADLOCK until 14.3s (c1 timeout)`; less where somebody could still act. */
export const deadlockTitle = ({ remedies, seen }: DeadlockFinding): string => {
  if (seen && !seen.certain) return 'waiting for each other';
  const end = remedies.find(remedy => remedy.kind === 'end');
  return end ? `DEADLOCK until ${moment(end.at)} (${end.call.socket} ${endWord(end)})` : 'DEADLOCK';
};

/** `c1.recv waits for a1 to send, a1.recv waits for c1 to send`. */
const chainWords = ({ waits }: DeadlockFinding): string => {
  const labels = new Map(waits.map(({ call }) => [call.id, titleOf(call)]));
  return waits
    .map(({ call, reason }) => {
      const held = heldWords(reason, labels.get(reason.through) ?? '');
      return `${titleOf(call)} waits for ${held}`;
    })
    .join(', ');
};

const queueWords = (queued: Queued): string => {
  const { socket, there } = queued;
  if (queued.kind === 'peer')
    return `${socket} to ${safeText(formatEndpoint(queued.peer))} ${humanSize(there)}`;
  const { twin, back } = queued;
  return `${socket} to ${twin} ${humanSize(there)}, ${twin} to ${socket} ${humanSize(back)}`;
};

/** `queued: c1 to a1 2.6 MiB, a1 to c1 2.5 MiB`; '' where no kernel tells. */
export const queuedWords = (queued: readonly Queued[]): string =>
  queued.length === 0 ? '' : `queued: ${queued.map(queueWords).join('; ')}`;

/** What somebody would do for them, on which of their sockets. */
const acts: Readonly<Record<Act, string>> = {
  send: 'a send on',
  recv: 'a recv on',
  accept: 'an accept on',
  flush: 'a flush of',
  end: 'a half-close of',
};

/** `the timeout of c1 at 14.3s`. */
const endWords = (end: End): string => `the ${endWord(end)} of ${end.call.socket} at ${moment(end.at)}`;

const stopLabel = (call: CallRef): string =>
  call.looped ? `${titleOf(call)} (its loop off)` : titleOf(call);

/** Calls of the same cycle often have one cure each: `a send on a1 or c1`. */
const actWords = (remedies: readonly Remedy[]): string => {
  const places = new Map<Act, string[]>();
  for (const remedy of remedies) {
    if (remedy.kind === 'act') places.set(remedy.act, [...(places.get(remedy.act) ?? []), remedy.on]);
  }
  return [...places].map(([act, on]) => `${acts[act]} ${on.join(' or ')}`).join(', or ');
};

/** The shortest keys that do one of these; ` (x)`, or '' where none do. */
const shortest = (ways: readonly string[]): string => {
  const [least = ''] = ways.filter(way => way !== '').sort((a, b) => a.length - b.length);
  return keyHint(least);
};

/** What would break it: `a cancel (x) of c1.recv or a1.recv, or a send on a1 or c1 by a thread of its own (P)`. */
const breakWords = ({ remedies }: DeadlockFinding, keys: KeyWords): string => {
  const ends = remedies.flatMap(remedy => (remedy.kind === 'end' ? [endWords(remedy)] : []));
  const stops = remedies.flatMap(remedy => (remedy.kind === 'cancel' ? [stopLabel(remedy.call)] : []));
  const cancelled = shortest(
    remedies.flatMap(remedy => (remedy.kind === 'cancel' ? [keys?.('cancel', remedy.call.id) ?? ''] : [])),
  );
  const threaded = shortest(
    remedies.flatMap(remedy => (remedy.kind === 'act' ? [keys?.('policy', remedy.program) ?? ''] : [])),
  );
  const cancels = `a cancel${cancelled} of ${stops.join(' or ')}`;
  const other = actWords(remedies);
  const thread = other === '' ? '' : `, or ${other} by a thread of its own${threaded}`;
  return `broken by ${[...ends, cancels].join(', ')}${thread}`;
};

/** `c3.recv waits for it too`; '' where nobody does. */
const followerWords = ({ behind: { first, count } }: DeadlockFinding): string => {
  if (count === 0) return '';
  const labels = first.map(titleOf);
  const more = count - labels.length;
  const who = more > 0 ? [...labels, `${more} more`] : labels;
  return `${who.join(', ')} ${count === 1 ? 'waits' : 'wait'} for it too`;
};

/** `p1 is python3 (pid 4711)`: the names that stand in it. */
const nameWords = ({ processes }: SeenDeadlock): string =>
  processes.map(({ actor, name, pid }) => `${actor} is ${name} (pid ${pid})`).join(', ');

/** Who could still act, and why; '' where nobody can. */
export const mayEndWords = ({ mayEnd }: SeenDeadlock): string => {
  const words = mayEnd.map(({ thread, why }) => {
    if (why === 'deadline') return `${threadTitle(thread)} has a deadline`;
    return `${threadTitle(thread)} ${why in doubtWords ? doubtWords[why as Doubt] : doingWords[why as ThreadDoing]}`;
  });
  return words.length === 0 ? '' : `it may end: ${words.join(', ')}`;
};

/** What would end it, where processes wait for each other. */
export const endingWords = ({ waits }: DeadlockFinding, { processes }: SeenDeadlock): string => {
  const acts = new Set(waits.flatMap(({ reason }) => (reason.kind === 'inside' ? [] : [reason.act])));
  return `what would end it: ${processRemedies(
    acts,
    processes.map(({ pid }) => pid),
  )}`;
};

/** The whole finding as one line. */
export const deadlockSentence = (finding: DeadlockFinding, keys: KeyWords): string => {
  const { seen } = finding;
  const rest = [
    chainWords(finding),
    seen ? nameWords(seen) : '',
    queuedWords(finding.queued),
    seen ? mayEndWords(seen) : '',
    seen && !isBrokenHere(finding) ? endingWords(finding, seen) : breakWords(finding, keys),
    followerWords(finding),
  ];
  return `${deadlockTitle(finding)}: ${rest.filter(part => part !== '').join('; ')}`;
};
