import type { ToldSource } from '../../bench/processes/told-source.ts';
import { safeText } from '../../core/bytes/printable.ts';
import { type Entry, isTold } from '../../core/model/entry.ts';
import type { ProcessId } from '../../core/model/process.ts';
import { callLabel } from '../../core/model/wait.ts';
import { reasonsOf } from '../../core/waits/waits.ts';
import { entryText, formatSeconds } from '../../core/words/entry-text.ts';
import { t } from '../../core/words/translate.ts';
import { waitSentence } from '../../core/words/wait-words.ts';
import { encodeHeader, encodeSaid, headerOf } from '../../formats/session/jsonl.ts';

/** Characters of a payload that a line for people shows. */
const shownBytes = 200;

/** Sockets that a call has made, and that one process has, are known from that call. */
const createNews = () => {
  const made = new Set<string>();
  return (entry: Entry): boolean => {
    if (entry.kind === 'ended' && entry.outcome.kind === 'made') made.add(entry.outcome.name);
    return entry.kind !== 'socket' || entry.holders.length !== 1 || !made.has(entry.name);
  };
};

/** `p1`, and `p1/4713` for another thread than its first one. */
const threadLabel = (source: ToldSource<'trace'>, thread: string): string => {
  const [actor, tid] = thread.split('/');
  const process = source.state().processes.get(actor as ProcessId);
  return process?.pid === Number(tid) ? actor! : thread;
};

/** Who does it, where the line itself does not say. */
const who = (source: ToldSource<'trace'>, entry: Entry): string =>
  entry.kind === 'running' || entry.kind === 'ended' ? `${threadLabel(source, entry.thread)}  ` : '';

/** Why calls last, each once, by what looks have found. */
const createReasons = (source: ToldSource<'trace'>) => {
  const told = new Set<number>();
  return (entry: Entry): string[] => {
    if (entry.kind !== 'waits') return [];
    const state = source.state();
    return entry.calls.flatMap(({ id }) => {
      const call = state.calls.get(id);
      const reason = reasonsOf(state).get(id);
      if (!call || !reason || told.has(id)) return [];
      told.add(id);
      return [
        t`${threadLabel(source, call.thread)}  ${callLabel(call)} waits for ${waitSentence(state, reason, null)}`,
      ];
    });
  };
};

/** Many servers seem to wait for their clients whenever nobody asks them anything: only what is certain is a line. */
const isCertain = (entry: Entry): boolean =>
  entry.kind !== 'finding' || entry.finding.name !== 'deadlock' || entry.finding.seen?.certain !== false;

/** Prints every entry as it is flushed: lines for people, or JSON lines, a session file. */
export const printTrace = (
  source: ToldSource<'trace'>,
  json: boolean,
  print: (line: string) => void,
): void => {
  if (json) print(encodeHeader(headerOf(source.began, undefined, source.start)));
  const isNews = createNews();
  const reasons = createReasons(source);
  let next = 1;
  source.subscribe(() => {
    for (; next <= source.journal.last(); next++) {
      const entry = source.journal.at(next);
      if (!entry) continue;
      if (!json) for (const line of reasons(entry)) print(`${formatSeconds(entry.t)}  ${line}`);
      if (json) print(encodeSaid(entry));
      else if (isNews(entry) && isTold(entry) && isCertain(entry))
        print(`${formatSeconds(entry.t)}  ${who(source, entry)}${safeText(entryText(entry, shownBytes))}`);
    }
  });
};
