import { formatEndpoint } from '../addresses/address.ts';
import { looksLike } from '../bytes/looks-like.ts';
import { quoteBytes, safeText } from '../bytes/payload.ts';
import { titleOf } from '../calls/call.ts';
import { formatFaults } from '../language/fault-text.ts';
import { formatCall } from '../language/line.ts';
import { formatRelayTarget } from '../language/relay-text.ts';
import { formatRepeat } from '../language/repeat-text.ts';
import { formatRule } from '../language/rule-text.ts';
import { formatSize, humanDuration } from '../language/units.ts';
import type {
  EndedEntry,
  Entry,
  OutputEntry,
  ProcessEntry,
  QueuedEntry,
  RepeatEntry,
  RunningEntry,
  SampleEntry,
  SocketEntry,
  ThreadsEntry,
} from '../model/entry.ts';
import type { RepeatOver } from '../model/repeat-plan.ts';
import type { SwitchedOff } from '../model/switched-off.ts';
import { threadTitle } from '../model/threads.ts';
import { transportOf } from '../model/transports.ts';
import { deedWords } from './fault-words.ts';
import { findingSentence } from './finding-words.ts';
import { formatOutcome } from './outcome-text.ts';
import { argumentWords, doingWords, endWords } from './process-words.ts';
import { t } from './translate.ts';

/** Seconds with six decimals, as strace -r and -T print them. */
export const formatSeconds = (ms: number): string => (ms / 1000).toFixed(6);

const callText = (entry: QueuedEntry | RunningEntry | EndedEntry, limit: number): string => {
  const { as: _, ...call } = entry.call;
  return formatCall(call as typeof entry.call, limit);
};

const afterwardsText = ({ afterwards }: EndedEntry): string => {
  if (afterwards?.kind === 'unanswered')
    return t('; no rule fits, and the oldest of what has come is let go');
  if (afterwards?.kind === 'refuse') return t`; ${afterwards.socket} is reset: its relay reaches no target`;
  if (afterwards?.kind === 'late') return t`; the next was due ${humanDuration(afterwards.by)} ago`;
  return afterwards?.kind === 'faulted' ? t(' by its fault') : '';
};

/** How the end of a call is told: `whole`: also what was told when it began; `off`: it is no failure, but what was switched off. */
export type Telling = { readonly whole?: boolean; readonly off?: SwitchedOff | null };

/** The end of a call, in a row of its own or as all that is told of it. */
export const endedText = (entry: EndedEntry, limit: number, { whole, off }: Telling = {}): string => {
  const head = entry.seen && !whole ? `<... ${titleOf(entry.call)} resumed>` : callText(entry, limit);
  const by = entry.repeat === undefined ? '' : t` repeat ${entry.repeat}`;
  const rule = entry.rule === undefined ? by : t` by rule ${entry.rule}`;
  const took = entry.startedAt === null ? t('never started') : formatSeconds(entry.t - entry.startedAt);
  const like = looksLike(entry.call, entry.outcome).split(/[:：]/)[0];
  // Before the bytes: where the line is cut, they give way.
  const hint = like === '' ? '' : t`(looks like ${like}) `;
  const outcome = off ? t(off) : formatOutcome(entry.outcome, entry.call, limit);
  return `${head} = ${hint}${outcome} <${took}>${rule}${afterwardsText(entry)}`;
};

const queuedWhy = ({ why, thread }: QueuedEntry): string => why ?? t`${threadTitle(thread)} is busy`;

/** A call in flight in the row that its end will fill in; `now` in ms since the bench began, null: since when is left out. */
export const begunText = (entry: QueuedEntry | RunningEntry, limit: number, now: number | null): string => {
  const since = entry.kind === 'running' ? entry.startedAt : entry.queuedAt;
  const lasts = now === null ? '' : ` ${humanDuration(Math.max(0, now - since))}`;
  if (entry.kind === 'running') return `${callText(entry, limit)} BLOCKED${lasts}`;
  return `${callText(entry, limit)} queued${lasts}: ${queuedWhy(entry)}`;
};

const sampleText = (entry: SampleEntry): string =>
  entry.sockets
    .map(({ socket, state, rcvQ, sndQ, retransmits, drops }) => {
      if (state === 'LISTEN') return t`${socket} LISTEN accept queue ${rcvQ}`;
      const again = retransmits > 0 ? t` retransmits ${retransmits}` : '';
      const more = `${again}${drops > 0 ? t` drops ${drops}` : ''}`;
      return `${socket} ${state} Recv-Q ${rcvQ} Send-Q ${sndQ}${more}`;
    })
    .concat(entry.taken.map(({ id, bytes }) => t`call ${id}: the kernel took ${formatSize(bytes)} so far`))
    .join(t('; '));

const processText = ({ actor, pid, name, args, parent, origin }: ProcessEntry): string => {
  const line = argumentWords(args);
  // A short-lived one may be gone before the machine can be asked for its name.
  const called = name === '' ? '' : `${safeText(name)}, `;
  const what = `${called}pid ${pid}${line === '' ? '' : `: ${line}`}`;
  switch (origin) {
    case 'found':
      return t`${actor} is ${what}`;
    case 'started':
      return t`${actor} started: ${what}`;
    case 'forked':
      return parent === '' ? t`${actor} forked: ${what}` : t`${actor} forked by ${parent}: ${what}`;
    case 'executed':
      return t`${actor} runs another program now: ${what}`;
  }
};

const threadsText = ({ threads, over }: ThreadsEntry): string =>
  [
    ...threads.map(({ thread, does }) => t`${threadTitle(thread)} ${t(doingWords[does])}`),
    ...over.map(thread => t`${threadTitle(thread)} is no more`),
  ].join(t('; '));

const socketText = ({ name, condition, local, peer, holders, ...kind }: SocketEntry): string => {
  if (holders.length === 0) return t`${name} is gone`;
  const ends = [local, peer].filter(end => end !== null).map(formatEndpoint);
  const others =
    holders.length > 1
      ? t`, held by ${holders.map(({ actor, fd }) => t`${actor} as fd ${fd}`).join(t(', '))}`
      : '';
  const state = [condition, ends.join(' - ')].join(' ').trim();
  return t`${name} is a ${t(transportOf(kind).title)} socket, ${state}${others}`;
};

const needsText = (id: number, needs: number): string =>
  needs === 1 ? t`call ${id}: 1 need` : t`call ${id}: ${needs} needs`;

/** `p2 python3 4711 out "ready\n"`: whose it is as its pane's title has it. */
const outputText = ({ actor, name, pid, stream, data }: OutputEntry, limit: number): string => {
  const who = [actor, safeText(name ?? ''), pid ?? ''].filter(word => word !== '').join(' ');
  return `${who} ${stream} ${quoteBytes(data, limit)}`;
};

const happeningText = ({ socket, event, bytes }: Extract<Entry, { kind: 'event' }>): string => {
  switch (event) {
    case 'late':
      return t`${socket}: ${bytes} bytes already handed over left late`;
    case 'ticket':
      return t`${socket}: took ${bytes} bytes that are TLS's own, such as a session ticket: nothing for recv, which waits on`;
  }
};

const repeatEnd: Readonly<Record<RepeatOver['why'], (counts: string) => string>> = {
  done: counts => t`done: ${counts}`,
  off: counts => t`off: ${counts}`,
  failed: counts => t`ended by an error: ${counts}`,
  closed: counts => t`ended with its socket: ${counts}`,
};

const repeatText = ({ socket, repeat, over }: RepeatEntry, limit: number): string => {
  if (repeat) return t`${socket} repeat ${formatRepeat(repeat, limit)}`;
  if (!over) return t`${socket} repeat off`;
  return t`${socket} repeat ${repeatEnd[over.why](t`${over.sent} sent, ${over.late} late`)}`;
};

/**
 * An entry as the log words it, on one line, the way strace does: `call = outcome <seconds>`,
 * `call <unfinished ...>`, `<... call resumed> = outcome <seconds>`. What stands left of ` = ` parses back
 * where `limit`, how many characters of a payload are decoded, did not cut it. It names no key: it is read at any time, from
 * anywhere. Nothing foreign comes through unescaped.
 */
export const entryText = (entry: Entry, limit = 200): string => {
  switch (entry.kind) {
    case 'queued':
      return `${callText(entry, limit)} <queued: ${queuedWhy(entry)}>`;
    case 'running':
      return `${callText(entry, limit)} <unfinished ...>`;
    case 'ended':
      return endedText(entry, limit);
    case 'sample':
      return `${entry.source}: ${sampleText(entry)}`;
    case 'loop':
      return entry.on
        ? t`${entry.program} ${entry.loop} loop on`
        : t`${entry.program} ${entry.loop} loop off`;
    case 'rule':
      return t`${entry.socket} rule ${entry.number} ${entry.moved ?? entry.now}: ${formatRule(entry.rule)}`;
    case 'relay':
      return entry.target
        ? t`${entry.socket} is a relay to ${formatRelayTarget(entry.target)}`
        : t`${entry.socket} is a relay no more`;
    case 'repeat':
      return repeatText(entry, limit);
    case 'faults':
      return t`${entry.socket} faults: ${formatFaults(entry.faults)}`;
    case 'fault':
      return t`${entry.socket} fault: ${deedWords(entry, ms => `${formatSeconds(ms)} s`)}`;
    case 'policy':
      return t`${entry.program} policy ${entry.policy}`;
    case 'finding':
      return entry.on
        ? `! ${findingSentence(entry.finding, null)}`
        : t`over: ${findingSentence(entry.finding, null)}`;
    case 'event':
      return happeningText(entry);
    case 'note':
      return `${entry.level === 'warning' ? '! ' : ''}${safeText(entry.text)}`;
    case 'process':
      return processText(entry);
    case 'gone':
      return `${entry.actor} ${endWords({ at: entry.t, code: entry.code, signal: safeText(entry.signal) })}`;
    case 'threads':
      return threadsText(entry);
    case 'socket':
      return socketText(entry);
    case 'waits':
      return entry.calls.map(({ id, needs }) => needsText(id, needs.length)).join(t('; '));
    case 'output':
      return outputText(entry, limit);
    case 'checkpoint':
      return t('checkpoint');
  }
};
