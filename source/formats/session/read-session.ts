import { linkEntry, linksIn } from '../../core/fold/absorb.ts';
import { fold } from '../../core/fold/fold.ts';
import type { Entry } from '../../core/model/entry.ts';
import { type BenchState, initialState, type Start } from '../../core/model/state.ts';
import { marked, t } from '../../core/words/translate.ts';
import { decodeEntry, formatVersion, type Header } from './jsonl.ts';
import { type FileLine, LineSplitter, longestLine, textOfLine } from './line-splitter.ts';
import { type Bare, longEntry } from './long-line.ts';
import { amount, Misfit, matching, misfitSentence, objectOf, optional, type Read, text } from './reading.ts';
import { type Upgrade, upgradeFrom } from './upgrade.ts';
import { UsualLine } from './usual-line.ts';
import { unworded } from './worded-findings.ts';
import { loops, policy } from './words-schema.ts';

/** As Date.prototype.toISOString writes it (ECMA-262, 21.4.1.32), from 1970 on: packets count their times from there. */
const isMoment = (written: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(written) && Date.parse(written) >= 0;

/** The first line of a session file. */
const readHeader: Read<Header> = objectOf<Header>({
  sockbench: amount(1, Number.MAX_SAFE_INTEGER, marked('the version of this format')),
  began: matching(isMoment, marked('when the session began, such as 2026-01-02T03:04:05.678Z')),
  program: text,
  platform: text,
  lab: optional(text),
  start: optional(objectOf({ policy, loops })),
});

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

export type Refused = Extract<ReadSession, { ok: false }>;

const refused = (message: string): Refused => ({ ok: false, message });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const versionOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'sockbench' in value && typeof value.sockbench === 'number'
    ? value.sockbench
    : null;

const noHeader = marked('this is no session file: its first line is not the header that sockbench writes');

/** The header as today's version writes it, and how the lines below become today's. */
export type Head = { readonly header: Header; readonly upgrade: Upgrade };

/** The first line, or why this is not a session that can be read. */
export const headerFrom = (text: string): Head | Misfit | string => {
  const value = jsonOf(text);
  const version = versionOf(value);
  if (version === null) return t(noHeader);
  if (version > formatVersion)
    return t`written by a newer sockbench (session format ${version}, this one reads up to ${formatVersion}): update sockbench`;
  try {
    const upgrade = upgradeFrom(version);
    return { header: { ...readHeader(upgrade.header(value)), sockbench: formatVersion }, upgrade };
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  }
};

/** What `run --json` says of a line or of the whole run: no entry, and nothing that a session needs. */
export const isReport = (text: string): boolean => /^\{"kind":"(verdict|summary)",/.test(text);

const whyBad = (text: string, error: unknown): string => {
  if (versionOf(jsonOf(text)) !== null)
    return t('a second session begins here: put each session into a file of its own');
  if (error instanceof Misfit) return misfitSentence(error);
  if (error instanceof SyntaxError) return t('this line is no JSON');
  throw error;
};

/** Entries folded at once, as a flush does: a socket's name may be another's a little later. */
export const flush = 100;

/** Links are what follows from the entries: a file has them as they were known when it was written, or made up. */
export const unlinked = (entry: Entry): Entry => {
  entry.prev = 0;
  delete entry.by;
  delete entry.wakes;
  return entry;
};

/** The state before the first entry; where the file begins in mid-session, that of its checkpoint. */
export const begun = ([first]: readonly Entry[], start: Start | undefined): BenchState =>
  first?.kind === 'checkpoint' ? first.state : initialState(start?.policy, start?.loops);

/** The state after the entries, which are linked. */
const folded = (entries: readonly Entry[], start: Start | undefined): BenchState => {
  const first = entries[0]?.n ?? 1;
  const links = linksIn(n => entries[n - first]);
  let state = begun(entries, start);
  for (let from = 0; from < entries.length; from += flush) {
    const part = entries.slice(from, from + flush);
    state = fold(state, part);
    for (const entry of part) linkEntry(entry, state, links);
  }
  return state;
};

/** Bytes of a header: its fields are short, and what is no session at all need not be read to the end of its line. */
const longestHeader = 1024 * 1024;

/** Empty lines that an editor or a shell may have left: what goes on with them is no session, and may never end. */
const mostEmpty = 1_000;

const tooLong = (name: string, row: number): Refused =>
  refused(
    row === 1
      ? `${name}: ${t(noHeader)}`
      : t`${name} line ${row}: longer than the longest line that is read, ${longestLine} bytes`,
  );

/** Says what is wrong where an entry does not come next, by number or time. */
const createOrder = (name: string) => {
  /** Of the entry before; 0: there is none. */
  let n = 0;
  let time = 0;
  return (entry: Entry, row: number): Refused | null => {
    if (n > 0 && entry.n !== n + 1)
      return refused(t`${name} line ${row}: n: entry ${n + 1} is missing before ${entry.n}`);
    if (n > 0 && entry.t < time)
      return refused(t`${name} line ${row}: t: ${entry.t} is before the line above, ${time}`);
    n = entry.n;
    time = entry.t;
    return null;
  };
};

/** How a session file was read to its end. */
export type Walked = { readonly ok: true; readonly header: Header; readonly cut: boolean } | Refused;

/**
 * Reads a session file (JSON lines) as its bytes come, and hands on each entry. `name` is how messages call it. Refused
 * with one sentence that names file, line and field: what is no session, a newer format, a line that is no entry, a gap,
 * time that goes back. A last line without its newline that is no JSON was cut off by a crash and is left out. `bare`: zeros stand for
 * most of it.
 */
export const createEntryReader = (
  name: string,
  keep: (entry: Entry, line: Pick<FileLine, 'start'>) => void,
  bare?: Bare,
) => {
  const lines = new LineSplitter();
  const usual = new UsualLine();
  const order = createOrder(name);
  let head: Head | undefined;
  let isToday = false;
  let cut = false;
  let empty = 0;

  /** The newest line holds it. */
  const add = (entry: Entry): Refused | null => {
    const wrong = order(entry, lines.row);
    if (wrong === null) keep(entry, lines);
    return wrong;
  };

  const read = (line: FileLine): Refused | null => {
    const long = head ? longEntry(line, head.upgrade, bare) : null;
    return long ? add(unlinked(long)) : readAny(line);
  };

  const readAny = (line: FileLine): Refused | null => {
    const { row, whole } = line;
    const text = textOfLine(line);
    if (!head) {
      const found = headerFrom(text);
      if (typeof found === 'string') return refused(`${name}: ${found}`);
      if (found instanceof Misfit) return refused(t`${name} line ${row}: ${misfitSentence(found)}`);
      head = found;
      isToday = head.upgrade.isToday;
      return null;
    }
    if (text.trim() === '')
      return ++empty > mostEmpty ? refused(t`${name} line ${row}: nothing but empty lines follow`) : null;
    try {
      return isReport(text) ? null : add(unlinked(decodeEntry(text, head.upgrade)));
    } catch (error) {
      cut = !whole && error instanceof SyntaxError;
      return cut ? null : refused(t`${name} line ${row}: ${whyBad(text, error)}`);
    }
  };

  return {
    header: (): Header | undefined => head?.header,
    /** Null, or why reading may end here. */
    take: (chunk: Uint8Array): Refused | null => {
      lines.give(chunk);
      for (;;) {
        const isUsual = isToday && lines.takeUsual(usual);
        const line = isUsual ? null : lines.take();
        if (!isUsual && !line) break;
        const wrong = line ? read(line) : add(usual.entry(bare !== undefined));
        if (wrong) return wrong;
      }
      const { row, size } = lines.open();
      return size > (row === 1 ? longestHeader : longestLine) ? tooLong(name, row) : null;
    },
    end: (): Walked => {
      const last = lines.end();
      const wrong = last && read(last);
      if (wrong) return wrong;
      if (!head) return refused(t`${name}: this file is empty: no session`);
      return { ok: true, header: head.header, cut };
    },
  };
};

/** The same, with all entries in memory and the state after them. */
export const createSessionReader = (name: string) => {
  const entries: Entry[] = [];
  const reader = createEntryReader(name, entry => entries.push(entry));
  return {
    take: reader.take,
    end: (): ReadSession => {
      const end = reader.end();
      if (!end.ok) return end;
      const { header, cut } = end;
      const told = unworded(entries, begun(entries, header.start));
      return { ok: true, session: { header, entries: told, state: folded(told, header.start), cut } };
    },
  };
};

/** The same of bytes that are all there. */
export const readSession = (data: Uint8Array, name: string): ReadSession => {
  const reader = createSessionReader(name);
  return reader.take(data) ?? reader.end();
};
