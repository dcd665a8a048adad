import type { ToldSource } from '../bench/told-source.ts';
import { type Entry, isTold } from '../core/entry.ts';
import { entryText, formatSeconds } from '../core/entry-text.ts';
import { safeText } from '../core/printable.ts';
import { encodeHeader, encodeSaid, headerOf } from '../formats/jsonl.ts';

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

/** Who does it, where the line itself does not say: `p1`, `p1/4713` for another thread than the first one. */
const createWho =
  (source: ToldSource<'trace'>) =>
  (entry: Entry): string => {
    if (entry.kind !== 'running' && entry.kind !== 'ended') return '';
    const [actor, tid] = entry.thread.split('/');
    const process = [...source.state().processes.values()].find(one => one.actor === actor);
    return `${process?.pid === Number(tid) ? actor : entry.thread}  `;
  };

/** Prints every entry as it is flushed: lines for people, or JSON lines, a session file. */
export const printTrace = (
  source: ToldSource<'trace'>,
  json: boolean,
  print: (line: string) => void,
): void => {
  if (json) print(encodeHeader(headerOf(source.began, undefined, source.start)));
  const isNews = createNews();
  const who = createWho(source);
  let next = 1;
  source.subscribe(() => {
    for (; next <= source.journal.last(); next++) {
      const entry = source.journal.at(next);
      if (!entry) continue;
      if (json) print(encodeSaid(entry));
      else if (isNews(entry) && isTold(entry))
        print(`${formatSeconds(entry.t)}  ${who(entry)}${safeText(entryText(entry, shownBytes))}`);
    }
  });
};
