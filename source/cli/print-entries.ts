import type { Bench } from '../bench/engine/bench.ts';
import { safeText } from '../core/bytes/payload.ts';
import { type Entry, isTold } from '../core/model/entry.ts';
import { entryText, formatSeconds } from '../core/words/entry-text.ts';
import { t } from '../core/words/translate.ts';
import { encodeHeader, encodeSaid, headerOf } from '../formats/session/jsonl.ts';

/** Characters of a payload that a line for people shows. */
const shownBytes = 200;

const human = (entry: Entry): string => {
  const by = entry.by === undefined ? '' : t`  by #${entry.by}`;
  return `#${entry.n}  ${formatSeconds(entry.t)}  ${safeText(entryText(entry, shownBytes))}${by}`;
};

/** Prints every entry of the bench as it is flushed: lines for people, or JSON lines, a session file. */
export const printEntries = (
  bench: Bench,
  json: boolean,
  print: (line: string) => void,
  lab?: string,
): void => {
  if (json) print(encodeHeader(headerOf(bench.began, lab, bench.start)));
  let next = 1;
  bench.subscribe(() => {
    for (; next <= bench.journal.last(); next++) {
      const entry = bench.journal.at(next);
      if (entry && (json || isTold(entry))) print(json ? encodeSaid(entry) : human(entry));
    }
  });
};
