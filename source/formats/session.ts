import { linkEntry } from '../core/absorb.ts';
import type { Entry } from '../core/entry.ts';
import { fold } from '../core/fold.ts';
import { type BenchState, initialState, type Start } from '../core/state.ts';
import { decodeEntry, formatVersion, type Header } from './jsonl.ts';

/**
 * A session as it was read from its file: the entries in order, with `prev`, `by` and `wakes` filled in, and the state
 * after the last of them. `cut`: the last line was not whole and was left out.
 */
export type Session = {
  readonly header: Header;
  readonly entries: readonly Entry[];
  readonly state: BenchState;
  readonly cut: boolean;
};

export type ReadSession =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly message: string };

const refused = (message: string): ReadSession => ({ ok: false, message });

/** The lines of a file with their numbers from 1; `whole` is false for a last line without its newline. */
function* linesOf(data: Uint8Array): Generator<{ text: string; row: number; whole: boolean }> {
  const decoder = new TextDecoder();
  for (let start = 0, row = 1; start < data.length; row++) {
    const newline = data.indexOf(10, start);
    const end = newline < 0 ? data.length : newline;
    yield { text: decoder.decode(data.subarray(start, end)), row, whole: newline >= 0 };
    start = end + 1;
  }
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isHeader = (value: unknown): value is Header =>
  typeof value === 'object' && value !== null && 'sockbench' in value && typeof value.sockbench === 'number';

/** The header, or why this is not a session that can be read. */
const headerFrom = (text: string): Header | string => {
  const value = jsonOf(text);
  if (!isHeader(value))
    return 'this is no session file: its first line is not the header that sockbench writes';
  if (value.sockbench <= formatVersion)
    return Number.isNaN(Date.parse(value.began)) ? 'its header does not say when the session began' : value;
  return `written by a newer sockbench (session format ${value.sockbench}, this one reads up to ${formatVersion}): update sockbench`;
};

const whyBad = (text: string, error: unknown): string => {
  if (isHeader(jsonOf(text))) return 'a second session begins here: put each session into a file of its own';
  return error instanceof SyntaxError ? 'this line is no JSON' : `this line is no entry: ${String(error)}`;
};

/** Entries folded at once, as a flush does: a socket's name may be another's a little later. */
const flush = 100;

/** The state after the entries, which are linked; where the file begins in mid-session, from its checkpoint on. */
const folded = (entries: readonly Entry[], start: Start | undefined): BenchState => {
  const [first] = entries;
  const at = (n: number) => entries[n - (first?.n ?? 1)];
  let state = first?.kind === 'checkpoint' ? first.state : initialState(start?.policy, start?.loops);
  for (let from = 0; from < entries.length; from += flush) {
    const part = entries.slice(from, from + flush);
    state = fold(state, part);
    for (const entry of part) linkEntry(entry, state, at);
  }
  return state;
};

/**
 * Reads a session file (JSON lines). `name` is how messages call it. Refused with one sentence that names file and line:
 * what is no session, a newer format, a line that is no entry, a gap. A last line without its newline that is no entry
 * was cut off by a crash and is left out.
 */
export const readSession = (data: Uint8Array, name: string): ReadSession => {
  let header: Header | undefined;
  const entries: Entry[] = [];
  let cut = false;
  for (const { text, row, whole } of linesOf(data)) {
    if (!header) {
      const found = headerFrom(text);
      if (typeof found === 'string') return refused(`${name}: ${found}`);
      header = found;
      continue;
    }
    if (text.trim() === '') continue;
    try {
      const entry = decodeEntry(text);
      const expected = (entries.at(-1)?.n ?? entry.n - 1) + 1;
      if (entry.n !== expected)
        return refused(`${name}:${row}: entry ${expected} is missing before ${entry.n}`);
      entries.push(entry);
    } catch (error) {
      if (whole) return refused(`${name}:${row}: ${whyBad(text, error)}`);
      cut = true;
    }
  }
  if (!header) return refused(`${name}: this file is empty: no session`);
  try {
    return { ok: true, session: { header, entries, state: folded(entries, header.start), cut } };
  } catch (error) {
    return refused(`${name}: this file is damaged, its entries do not fit together: ${String(error)}`);
  }
};
