import type { Call } from '../core/calls/call.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import type { EndedEntry, Entry } from '../core/model/entry.ts';
import { entry as readEntry } from './session/entry-schema.ts';
import { callToText } from './session/jsonl.ts';

/*
 * A call that ended as most do, without its bytes: numbers at places of their own, and words that came before by their number. A file
 * that nobody else reads, from its beginning only, needs no more, and a flood of 100,000 calls a second has no time for JSON.
 */

/** n, t, prev, by, wakes, id, queuedAt, inside, startedAt, rule, repeat, the outcome's amount, lost. */
const numberCount = 13;

/** Call, actor, thread and sender. */
const wordCount = 4;

const wordsAt = 8 * numberCount;
const marksAt = wordsAt + 2 * wordCount;
const fixedSize = marksAt + 2;

/** In place of a number: the word itself follows, behind its length in two bytes. */
const isNew = 0xffff;
const noWord = 0xfffe;

/** Words that are known at a time: then all are forgotten, by the reader too. */
const mostWords = 4096;

/** Characters of a call or an address, which are ASCII but for names: others are rare, and not written like this. */
const longestWord = 1024;

const kinds = ['none', 'count', 'data'] as const;
const looped = 4;
const seen = 8;

/** One record at a time is put together here, and taken apart. */
const numbers = new Float64Array(Math.ceil((fixedSize + wordCount * (2 + 3 * longestWord)) / 8));
const bytes = Buffer.from(numbers.buffer);
const shorts = new Uint16Array(numbers.buffer, wordsAt, wordCount + 1);

/** A sender's word; '' where it has none, null where it has another. */
const senderOf = (outcome: Outcome): string | null => {
  if (outcome.kind !== 'data' || !outcome.from) return '';
  const { from } = outcome;
  return from.kind === 'inet' && typeof from.port === 'number' ? `@${from.port} ${from.host}` : null;
};

type Plain = Extract<Outcome, { kind: (typeof kinds)[number] }>;

/** Of these kinds, and with nothing more than amounts and a sender. */
const isPlain = (outcome: Outcome): outcome is Plain => {
  switch (outcome.kind) {
    case 'none': {
      const { local, peer, owner, tls, wire, note } = outcome;
      return !(local || peer || owner || tls || wire) && note === undefined;
    }
    case 'count': {
      const { local, wire, bytes, passed, note } = outcome;
      return !(local || wire) && bytes === undefined && passed === undefined && note === undefined;
    }
    case 'data':
      return !(outcome.data.length > 0 || outcome.wire || outcome.ending);
    default:
      return false;
  }
};

/** Writes records, each for those that came before it. */
export class RecordWriter {
  private readonly known = new Map<Call | string, number>();
  private readonly usual = bytes.subarray(0, fixedSize);
  private size = fixedSize;

  /** Its bytes, until the next is written; null where it is none of these. */
  write(entry: EndedEntry): Uint8Array | null {
    const { call, outcome, actor, thread } = entry;
    if (entry.mate || entry.sender || entry.afterwards || entry.aside || !isPlain(outcome)) return null;
    const sender = senderOf(outcome);
    if (sender === null || sender.length + actor.length + thread.length > longestWord) return null;
    // What carries bytes is another call each time.
    const key = 'data' in call ? callToText(call) : call;
    const isKnown = this.known.has(key);
    const text = isKnown ? '' : typeof key === 'string' ? key : callToText(key);
    if (text.length > longestWord) return null;
    this.size = fixedSize;
    this.put(0, key, text);
    this.put(1, actor, actor);
    this.put(2, thread, thread);
    if (sender === '') shorts[3] = noWord;
    else this.put(3, sender, sender);
    putNumbers(entry, outcome);
    return this.size === fixedSize ? this.usual : bytes.subarray(0, this.size);
  }

  private put(place: number, key: Call | string, text: string): void {
    const { known } = this;
    const found = known.get(key);
    shorts[place] = found ?? isNew;
    if (found !== undefined) return;
    if (known.size === mostWords) known.clear();
    known.set(key, known.size);
    const length = bytes.write(text, this.size + 2);
    bytes.writeUInt16LE(length, this.size);
    this.size += 2 + length;
  }
}

const putNumbers = (entry: EndedEntry, outcome: Extract<Outcome, { kind: (typeof kinds)[number] }>): void => {
  numbers[0] = entry.n;
  numbers[1] = entry.t;
  numbers[2] = entry.prev;
  numbers[3] = entry.by ?? Number.NaN;
  numbers[4] = entry.wakes ?? Number.NaN;
  numbers[5] = entry.id;
  numbers[6] = entry.queuedAt;
  numbers[7] = entry.inside;
  numbers[8] = entry.startedAt ?? Number.NaN;
  numbers[9] = entry.rule ?? Number.NaN;
  numbers[10] = entry.repeat ?? Number.NaN;
  numbers[11] = Number.NaN;
  numbers[12] = Number.NaN;
  if (outcome.kind === 'count') numbers[11] = outcome.count;
  else if (outcome.kind === 'data') {
    numbers[11] = outcome.dropped ?? Number.NaN;
    numbers[12] = outcome.lost ?? Number.NaN;
  }
  shorts[wordCount] = kinds.indexOf(outcome.kind) + (entry.looped ? looped : 0) + (entry.seen ? seen : 0);
};

/** A number that may be left out. */
const optional = (place: number): number | undefined => {
  const number = numbers[place]!;
  return Number.isNaN(number) ? undefined : number;
};

const senderFrom = (word: string | undefined): unknown => {
  if (word === undefined) return undefined;
  const blank = word.indexOf(' ');
  return { host: word.slice(blank + 1), port: Number(word.slice(1, blank)) };
};

const outcomeFrom = (marks: number, sender: string | undefined): unknown => {
  const kind = kinds[marks & 3];
  if (kind === 'count') return { kind, count: numbers[11] };
  if (kind === 'none') return { kind };
  return { kind, data: { text: '' }, from: senderFrom(sender), lost: optional(12), dropped: optional(11) };
};

/** Reads what one writer has written, from the first to the last. */
export class RecordReader {
  private words: string[] = [];
  private at = 0;

  read(record: Uint8Array): Entry {
    bytes.set(record);
    this.at = fixedSize;
    const call = this.word(0);
    const actor = this.word(1);
    const thread = this.word(2);
    const sender = this.word(3);
    const marks = shorts[wordCount]!;
    return readEntry({
      kind: 'ended',
      n: numbers[0],
      t: numbers[1],
      prev: numbers[2],
      by: optional(3),
      wakes: optional(4),
      id: numbers[5],
      actor,
      call,
      thread,
      queuedAt: numbers[6],
      inside: numbers[7],
      looped: (marks & looped) !== 0,
      startedAt: optional(8) ?? null,
      outcome: outcomeFrom(marks, sender),
      seen: (marks & seen) !== 0,
      rule: optional(9),
      repeat: optional(10),
    });
  }

  private word(place: number): string | undefined {
    const index = shorts[place]!;
    if (index === noWord) return undefined;
    if (index !== isNew) return this.words[index];
    const from = this.at + 2;
    this.at = from + bytes.readUInt16LE(this.at);
    const word = bytes.toString('utf8', from, this.at);
    if (this.words.length === mostWords) this.words = [];
    this.words.push(word);
    return word;
  }
}
