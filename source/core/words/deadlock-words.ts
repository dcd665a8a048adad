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
import { t } from './translate.ts';
import { heldWords } from './wait-words.ts';

type End = Extract<Remedy, { kind: 'end' }>;

/** What ends a call by itself. */
export const endWord = ({ by }: End): string => (by === 'SYN' ? t('last SYN') : t('timeout'));

/** `DEADLOCK`, or `DEADLOCK until 14.3s (c1 timeout)`; less where somebody could still act. */
export const deadlockTitle = ({ remedies, seen }: DeadlockFinding): string => {
  if (seen && !seen.certain) return t('waiting for each other');
  const end = remedies.find(remedy => remedy.kind === 'end');
  return end ? t`DEADLOCK until ${moment(end.at)} (${end.call.socket} ${endWord(end)})` : 'DEADLOCK';
};

/** `c1.recv waits for a1 to send, a1.recv waits for c1 to send`. */
const chainWords = ({ waits }: DeadlockFinding): string => {
  const labels = new Map(waits.map(({ call }) => [call.id, titleOf(call)]));
  return waits
    .map(({ call, reason }) => {
      const held = heldWords(reason, labels.get(reason.through) ?? '');
      return t`${titleOf(call)} waits for ${held}`;
    })
    .join(t(', '));
};

const queueWords = (queued: Queued): string => {
  const { socket, there } = queued;
  if (queued.kind === 'peer')
    return t`${socket} to ${safeText(formatEndpoint(queued.peer))} ${humanSize(there)}`;
  const { twin, back } = queued;
  return t`${socket} to ${twin} ${humanSize(there)}, ${twin} to ${socket} ${humanSize(back)}`;
};

/** `queued: c1 to a1 2.6 MiB, a1 to c1 2.5 MiB`; '' where no kernel tells. */
export const queuedWords = (queued: readonly Queued[]): string =>
  queued.length === 0 ? '' : t`queued: ${queued.map(queueWords).join(t('; '))}`;

/** What somebody would do for them, on which of their sockets. */
const acts: Readonly<Record<Act, (on: string) => string>> = {
  send: on => t`a send on ${on}`,
  recv: on => t`a recv on ${on}`,
  accept: on => t`an accept on ${on}`,
  flush: on => t`a flush of ${on}`,
  end: on => t`a half-close of ${on}`,
};

/** `the timeout of c1 at 14.3s`. */
const endWords = (end: End): string => t`the ${endWord(end)} of ${end.call.socket} at ${moment(end.at)}`;

const stopLabel = (call: CallRef): string =>
  call.looped ? t`${titleOf(call)} (its loop off)` : titleOf(call);

/** Calls of the same cycle often have one cure each: `a send on a1 or c1`. */
const actWords = (remedies: readonly Remedy[]): string => {
  const places = new Map<Act, string[]>();
  for (const remedy of remedies) {
    if (remedy.kind === 'act') places.set(remedy.act, [...(places.get(remedy.act) ?? []), remedy.on]);
  }
  return [...places].map(([act, on]) => acts[act](on.join(t(' or ')))).join(t(', or '));
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
  const cancels = t`a cancel${cancelled} of ${stops.join(t(' or '))}`;
  const other = actWords(remedies);
  const thread = other === '' ? '' : t`, or ${other} by a thread of its own${threaded}`;
  return t`broken by ${[...ends, cancels].join(t(', '))}${thread}`;
};

/** `c3.recv waits for it too`; '' where nobody does. */
const followerWords = ({ behind: { first, count } }: DeadlockFinding): string => {
  if (count === 0) return '';
  const labels = first.map(titleOf);
  const more = count - labels.length;
  const who = more > 0 ? [...labels, t`${more} more`] : labels;
  const all = who.join(t(', '));
  return count === 1 ? t`${all} waits for it too` : t`${all} wait for it too`;
};

/** `p1 is python3 (pid 4711)`: the names that stand in it. */
const nameWords = ({ processes }: SeenDeadlock): string =>
  processes.map(({ actor, name, pid }) => t`${actor} is ${name} (pid ${pid})`).join(t(', '));

/** Who could still act, and why; '' where nobody can. */
export const mayEndWords = ({ mayEnd }: SeenDeadlock): string => {
  const words = mayEnd.map(({ thread, why }) => {
    if (why === 'deadline') return t`${threadTitle(thread)} has a deadline`;
    const does = why in doubtWords ? doubtWords[why as Doubt] : doingWords[why as ThreadDoing];
    return t`${threadTitle(thread)} ${t(does)}`;
  });
  return words.length === 0 ? '' : t`it may end: ${words.join(t(', '))}`;
};

/** What would end it, where processes wait for each other. */
export const endingWords = ({ waits }: DeadlockFinding, { processes }: SeenDeadlock): string => {
  const acts = new Set(waits.flatMap(({ reason }) => (reason.kind === 'inside' ? [] : [reason.act])));
  const pids = processes.map(({ pid }) => pid);
  return t`what would end it: ${processRemedies(acts, pids)}`;
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
  return t`${deadlockTitle(finding)}: ${rest.filter(part => part !== '').join(t('; '))}`;
};
