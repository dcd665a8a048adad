import { listed } from '../../core/words/listed.ts';
import { doubtWords, processRemedies } from '../../core/words/process-words.ts';
import { t } from '../../core/words/translate.ts';
import type { Observed } from '../looks/observe.ts';
import { callName } from './call-words.ts';
import { type ThreadId, threadId } from './gather.ts';
import type { Knot } from './knots.ts';
import type { Leftover } from './leftovers.ts';
import { deadlineWords, processName, processWords, waitSentence } from './thread-wait-words.ts';
import type { Wait } from './thread-waits.ts';

/** `python3 (pid 4711)`; with its number where the process has several threads. */
const threadWords = ({ machine }: Observed, { thread: { pid, tid } }: Wait): string => {
  const words = processWords(machine, pid);
  return machine.threads(pid).length > 1
    ? t`${processName(machine, pid)} (pid ${pid}, thread ${tid})`
    : words;
};

const waitOf = ({ waits }: Observed, id: ThreadId): Wait => waits.get(id)!;

const doing = (seen: Observed, wait: Wait): string =>
  t`${threadWords(seen, wait)} in ${callName(wait.thread)} ${waitSentence(seen.machine, wait)}`;

/** More links of a chain than are told one by one. */
const fewLinks = 6;

const chain = (seen: Observed, cycle: readonly ThreadId[]): string => {
  const links = cycle.map(id => waitOf(seen, id)).filter(({ needs }) => needs.length > 0);
  const shown = links.slice(0, fewLinks).map(wait => doing(seen, wait));
  const more = links.length - shown.length;
  return `${shown.join(t(', '))}${more > 0 ? t`, and ${more} more the same way` : ''}`;
};

const followers = (seen: Observed, knot: Knot): string => {
  const locked = knot.cycle.filter(id => waitOf(seen, id).needs.length === 0);
  const behind = knot.kind === 'suspected' ? [] : knot.behind;
  const words = [...locked, ...behind].map(id => threadWords(seen, waitOf(seen, id)));
  if (words.length === 0) return '';
  return words.length === 1
    ? t`; ${words[0]} waits for it too`
    : t`; ${listed(words, 'and')} wait for it too`;
};

const actorWords = (
  seen: Observed,
  { id, doubt }: { id: ThreadId; doubt: keyof typeof doubtWords | null },
) => {
  const wait = waitOf(seen, id);
  const why = doubt
    ? t(doubtWords[doubt])
    : wait.deadline && wait.idle === null
      ? t`has a deadline: ${deadlineWords(wait.deadline)}`
      : waitSentence(seen.machine, wait);
  return `${threadWords(seen, wait)} ${why}`;
};

/** A knot as one sentence. */
export const knotSentence = (seen: Observed, knot: Knot): string => {
  const links = `${chain(seen, knot.cycle)}${followers(seen, knot)}`;
  switch (knot.kind) {
    case 'deadlock':
      return t`DEADLOCK: ${links}. Nobody else can end it.`;
    case 'until': {
      const ends = knot.ends.map(
        ({ id, deadline }) => `${threadWords(seen, waitOf(seen, id))}: ${deadlineWords(deadline)}`,
      );
      return t`DEADLOCK UNTIL a deadline ends it: ${links}. ${listed(ends, 'or')}.`;
    }
    case 'suspected': {
      const actors = knot.actors.map(actor => actorWords(seen, actor));
      const could = actors.length > 0 ? t` It may end: ${listed(actors, 'and')}.` : '';
      return t`They wait for each other: ${links}.${could}`;
    }
  }
};

/** What would end a knot, the programs being changed or not. */
export const remedySentence = (seen: Observed, knot: Knot): string => {
  const waits = knot.cycle.map(id => waitOf(seen, id)).filter(({ needs }) => needs.length > 0);
  const acts = new Set(waits.flatMap(({ needs }) => needs.map(({ act }) => act)));
  const pids = [...new Set(waits.map(({ thread }) => thread.pid))];
  return t`What would end it: ${processRemedies(acts, pids)}.`;
};

/** What lies about, as a sentence. */
export const leftoverSentence = (seen: Observed, leftover: Leftover): string => {
  const who = processWords(seen.machine, leftover.pid);
  switch (leftover.kind) {
    case 'close-wait': {
      const { fds } = leftover;
      const list = listed(fds.map(String), 'and', 12);
      return fds.length === 1
        ? t`1 connection is in CLOSE-WAIT: the peer has closed, ${who} has not, and no thread reads it. What would end it: close fd ${list}.`
        : t`${fds.length} connections are in CLOSE-WAIT: the peer has closed, ${who} has not, and no thread reads them. What would end it: close fd ${list}.`;
    }
    case 'not-accepted': {
      const { count, local } = leftover;
      const waits = count === 1 ? t('1 connection waits') : t`${count} connections wait`;
      return t`${waits} at ${local} to be accepted, and no thread of ${who} is in accept. What would end it: a thread that accepts while others serve.`;
    }
  }
};

/** Who of a process is told of: a thread that could act before one that waits itself. */
const speaker = (seen: Observed, pid: number): Wait | undefined => {
  const waits = seen.machine.threads(pid).flatMap(thread => seen.waits.get(threadId(thread)) ?? []);
  return (
    waits.find(({ idle, needs }) => idle !== null || needs.some(({ free }) => free !== null)) ?? waits[0]
  );
};

/** From a thread to whom it waits for, and on to who could act: `a waits for b to send`, `b sleeps`. */
export const chainLinks = (seen: Observed, first: Wait): readonly string[] => {
  const told = new Set<ThreadId>();
  const parts: string[] = [];
  let wait: Wait | undefined = first;
  while (wait && !told.has(threadId(wait.thread))) {
    told.add(threadId(wait.thread));
    const deadline: string =
      wait.deadline && wait.idle === null ? t` until ${deadlineWords(wait.deadline)}` : '';
    parts.push(`${threadWords(seen, wait)} ${waitSentence(seen.machine, wait)}${deadline}`);
    const next: number | undefined = wait.needs.find(({ by, free }) => free === null && by.length > 0)?.by[0];
    wait = next === undefined || wait.idle !== null ? undefined : speaker(seen, next);
  }
  return parts;
};
