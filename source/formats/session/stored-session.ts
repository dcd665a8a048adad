import { linkEntry } from '../../core/fold/absorb.ts';
import { fold } from '../../core/fold/fold.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { BenchState } from '../../core/model/state.ts';
import { PieceWriter } from '../piece-writer.ts';
import { Changed, headIn, readAt, type StoredFile, unchanged } from './entry-places.ts';
import { decodeEntry, encodeHeader, encodeSaid, type Header } from './jsonl.ts';
import { type FileLine, type LineBytes, LineSplitter, textOfLine } from './line-splitter.ts';
import { createLinkTable, type Linked, type LinkTable, linkWith } from './link-table.ts';
import { type Bare, longEntry } from './long-line.ts';
import {
  begun,
  createEntryReader,
  flush,
  type Head,
  isReport,
  type Refused,
  unlinked,
} from './read-session.ts';
import { UsualLine } from './usual-line.ts';
import { isWorded } from './worded-findings.ts';

const chunkSize = 1024 ** 2;

/** The file's bytes from its beginning, in pieces: each lasts until the next. */
function* chunksOf(file: StoredFile): Generator<Uint8Array> {
  const chunk = new Uint8Array(Math.min(chunkSize, file.size));
  for (let at = 0; at < file.size; ) {
    const length = readAt(file, chunk, at);
    yield chunk.subarray(0, length);
    at += length;
  }
}

/** What going through a file once has shown; nothing of its entries is kept. */
export type Checked = {
  readonly ok: true;
  readonly header: Header;
  readonly cut: boolean;
  /** How many entries there are. */
  readonly entries: number;
};

/** What hears of each entry of a pass, and once of its end. Zeros may stand for bytes: what they were is read again. */
export type Sight = {
  readonly see: (entry: Entry, line: Pick<FileLine, 'start'>) => void;
  readonly end: () => void;
};

/** Goes through the file once and checks each line. `sight` is made when the header is known. */
export const check = (
  file: StoredFile,
  sightOf: (header: Header) => Sight,
  bare: Bare = 'received',
): Checked | Refused => {
  let sight: Sight | undefined;
  let entries = 0;
  const see: Sight['see'] = (entry, line) => {
    sight ??= sightOf(reader.header()!);
    sight.see(entry, line);
    entries++;
  };
  const reader = createEntryReader(file.name, see, bare);
  try {
    for (const chunk of chunksOf(file)) {
      const refused = reader.take(chunk);
      if (refused) return refused;
    }
  } catch (error) {
    if (error instanceof Changed) return { ok: false, message: error.message };
    throw error;
  }
  const end = reader.end();
  sight?.end();
  return end.ok ? { ...end, entries } : end;
};

/**
 * Folds entries as reading a session does, and keeps nothing but what they are linked with. `folded` hears the state before the
 * first and after each part of them.
 */
export const linking = (
  header: Header,
  table: LinkTable,
  folded: (state: BenchState) => void = () => {},
): Omit<Sight, 'see'> & { readonly see: (entry: Entry) => void } => {
  let waiting: Entry[] = [];
  let state: BenchState | undefined;
  const end = () => {
    if (!state) {
      state = begun(waiting, header.start);
      folded(state);
    }
    state = fold(state, waiting);
    folded(state);
    for (const entry of waiting) table.add(entry);
    for (const entry of waiting) linkEntry(entry, state, table.links);
    waiting = [];
  };
  return {
    see: entry => {
      waiting.push(entry);
      if (waiting.length === flush) end();
    },
    end,
  };
};

/** A line that is not usual as an export has it; null: it holds no entry. */
const linkedText = (file: StoredFile, line: LineBytes, { upgrade }: Head, linked: Linked): string | null => {
  let entry = longEntry(line, upgrade);
  if (!entry) {
    const text = textOfLine(line);
    if (text.trim() === '' || isReport(text)) return null;
    entry = unchanged(file, () => decodeEntry(text, upgrade));
  }
  return encodeSaid(linkWith(unlinked(entry), linked));
};

/** Characters of a line that is copied once more to be written with others. */
const longestGathered = 64 * 1024;

/** Hands its lines on as an export has them, in pieces of many. */
const createLinkedLines = (file: StoredFile, count: number, table: LinkTable) => {
  const lines = new LineSplitter();
  const usual = new UsualLine();
  const out = new PieceWriter();
  let head: Head | undefined;
  let index = 0;

  function* put(line: LineBytes): Generator<string | Uint8Array> {
    if (!head) {
      head = headIn(file, line);
      return out.text(`${encodeHeader(head.header)}\n`);
    }
    const text = linkedText(file, line, head, table.at(index));
    if (text === null) return;
    index++;
    if (text.length <= longestGathered) return out.text(`${text}\n`);
    yield* out.take();
    yield `${text}\n`;
  }

  /** There may be more in the file by now. */
  const isDone = () => head !== undefined && index === count;

  return {
    isDone,
    *take(chunk: Uint8Array): Generator<string | Uint8Array> {
      lines.give(chunk);
      while (!isDone()) {
        if (head?.upgrade.isToday && lines.takeUsual(usual)) usual.write(out, table.at(index++));
        else {
          const line = lines.take();
          if (!line) break;
          yield* put(line);
        }
        if (out.isFull()) yield* out.take();
      }
    },
    *end(): Generator<string | Uint8Array> {
      const last = isDone() ? null : lines.end();
      if (last) yield* put(last);
      yield* out.take();
    },
  };
};

/** The file's lines as an export has them. */
function* linkedLines(file: StoredFile, count: number, table: LinkTable): Generator<string | Uint8Array> {
  const { take, end, isDone } = createLinkedLines(file, count, table);
  for (const chunk of chunksOf(file)) {
    yield* take(chunk);
    if (isDone()) break;
  }
  yield* end();
}

/**
 * The session in a file as lines of JSON, in two passes: the first checks every line and finds what entries are linked with, the
 * second writes. Null: it was worded by an old version, and is read whole instead.
 */
export const linkedSession = (
  file: StoredFile,
): (Checked & { pieces: Iterable<string | Uint8Array> }) | Refused | null => {
  const table = createLinkTable();
  let worded = false;
  const checked = check(file, header => {
    const sight = linking(header, table);
    return {
      see: entry => {
        worded ||= isWorded(entry);
        if (!worded) sight.see(entry);
      },
      end: sight.end,
    };
  });
  if (!checked.ok) return checked;
  return worded ? null : { ...checked, pieces: linkedLines(file, checked.entries, table) };
};
