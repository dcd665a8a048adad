import type { Entry } from '../../core/model/entry.ts';
import { type BenchState, initialState } from '../../core/model/state.ts';
import { createColumn } from '../columns.ts';
import { Changed, createEntryPlaces, type StoredFile } from './entry-places.ts';
import type { Header } from './jsonl.ts';
import { createLinkTable, linkWith } from './link-table.ts';
import { flush, type Refused } from './read-session.ts';
import { type Checked, check, linking } from './stored-session.ts';
import { isWorded } from './worded-findings.ts';

/** Entries that were looked at are kept, as many as these, and lines of at most so many bytes. */
const mostKept = 4096;
const mostBytes = 32 * 1024 ** 2;

/** States are kept after so many entries: what lies between is folded again, in some hundredths of a second. */
const keepEvery = 100 * flush;

/** The entries of a session in a file, linked, each read when it is looked at; the file must stay open as long. */
export type StoredEntries = {
  readonly length: number;
  readonly first: number;
  readonly at: (index: number) => Entry | undefined;
  readonly timeAt: (index: number) => number;
  readonly slice: (from: number, to: number) => Entry[];
  /** The states before the first entry, and after each `every` entries. */
  readonly states: readonly BenchState[];
  readonly every: number;
};

export type StoredSession = Checked & { readonly stored: StoredEntries };

/** Gives what was asked for lately once more, where it is still kept. `sizeOf`: bytes that it was read from. */
const keptLately = (read: (index: number) => Entry, sizeOf: (index: number) => number) => {
  const kept = new Map<number, Entry>();
  let bytes = 0;
  return (index: number): Entry => {
    const known = kept.get(index);
    if (known) return known;
    const entry = read(index);
    kept.set(index, entry);
    bytes += sizeOf(index);
    for (const oldest of kept.keys()) {
      if (kept.size === 1 || (kept.size <= mostKept && bytes <= mostBytes)) break;
      kept.delete(oldest);
      bytes -= sizeOf(oldest);
    }
    return entry;
  };
};

/** Stands for an entry whose line is another by now. */
const lost = (n: number, t: number, { message }: Changed): Entry => ({
  kind: 'note',
  n,
  t,
  prev: 0,
  level: 'warning',
  text: message,
});

const createIndex = (file: StoredFile) => {
  const places = createColumn();
  const times = createColumn();
  const table = createLinkTable();
  const { at: entryAt } = createEntryPlaces(file);
  const states: BenchState[] = [];
  let parts = 0;
  let length = 0;
  let first = 1;

  const read = (index: number): Entry => {
    try {
      return linkWith(entryAt(places.get(index)), table.at(index));
    } catch (error) {
      if (error instanceof Changed) return lost(first + index, times.get(index), error);
      throw error;
    }
  };
  const endOf = (index: number) => (index + 1 < length ? places.get(index + 1) : file.size);
  const at = keptLately(read, index => endOf(index) - places.get(index));

  const entries = (): StoredEntries => ({
    length,
    first,
    at: index => (index >= 0 && index < length ? at(index) : undefined),
    timeAt: times.get,
    slice: (from, to) =>
      Array.from({ length: Math.max(0, Math.min(to, length) - from) }, (_, index) => at(from + index)),
    states: states.length > 0 ? states : [initialState()],
    every: keepEvery,
  });

  return {
    entries,
    sightOf: (header: Header) => {
      const links = linking(header, table, state => {
        if (parts++ % (keepEvery / flush) === 0) states.push(state);
      });
      return {
        see: (entry: Entry, line: { readonly start: number }) => {
          if (length === 0) first = entry.n;
          places.set(length, line.start);
          times.set(length, entry.t);
          length++;
          links.see(entry);
        },
        end: links.end,
      };
    },
  };
};

/**
 * The session in a file of any length, ready to be gone about in: one pass checks every line, and keeps where it is, what its
 * entry is linked with (56 bytes an entry), and a state now and then. `see` hears of each entry. Null: it was worded by an old version,
 * and is read whole instead.
 */
export const storedSession = (
  file: StoredFile,
  see: (entry: Entry) => void,
): StoredSession | Refused | null => {
  const { entries, sightOf } = createIndex(file);
  let worded = false;
  const checked = check(file, header => {
    const sight = sightOf(header);
    return {
      see: (entry, line) => {
        worded ||= isWorded(entry);
        see(entry);
        if (!worded) sight.see(entry, line);
      },
      end: sight.end,
    };
  });
  if (!checked.ok) return checked;
  return worded ? null : { ...checked, stored: entries() };
};
