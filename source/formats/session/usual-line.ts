import { safeJson } from '../../core/bytes/printable.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { parseCall } from '../../core/language/line.ts';
import { type ActorId, isActor } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import { isThreadName } from '../../core/model/threads.ts';
import { BytePool } from '../byte-pool.ts';
import type { PieceWriter } from '../piece-writer.ts';
import { callToText } from './jsonl.ts';
import { escapes, LineCursor, Remembered, type Word, wordOf } from './line-cursor.ts';
import type { Linked } from './link-table.ts';
import { words } from './usual-words.ts';

/*
 * Most lines of a session are of calls in flight, and of calls that ended with a count, with a text or with nothing, as
 * sockbench itself writes them. Such a line is taken apart where its bytes are, checked, at a tenth of what its JSON costs. Nothing is
 * taken that the schema would refuse or read otherwise; what is not taken goes through JSON.
 */

/** Bytes of a line, and of a call or a payload in it, up to which it is taken apart here: longer ones are written otherwise too. */
const longestUsual = 8192;
const longestText = 4096;

/** Digits of numbers of entries and calls, and of counts. */
const ordinalDigits = 15;
const countDigits = 9;

type KnownCall = { readonly call: Call; readonly written: Word };

/** A call by its text in JSON, and as an export writes it. */
const knownCalls = new Remembered((raw): KnownCall | null => {
  if (raw.length > longestText) return null;
  const parsed = parseCall(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);
  return parsed.ok
    ? { call: parsed.value, written: wordOf(safeJson(JSON.stringify(callToText(parsed.value)))) }
    : null;
});

type KnownActor = { readonly actor: ActorId | ''; readonly written: Word };

const knownActors = new Remembered((name): KnownActor | null =>
  name === '' || isActor(name) ? { actor: name, written: wordOf(`,"actor":"${name}",`) } : null,
);

const knownThreads = new Remembered((name): string | null =>
  name === '' || isThreadName(name) ? name : null,
);

const noCall: KnownCall = { call: { name: 'close', on: '' }, written: wordOf('') };
const nobody: KnownActor = { actor: '', written: wordOf('') };

/** How a call ended; `flying`: it has not. */
type Ending = 'flying' | 'none' | 'count' | 'data';

const zeros: Uint8Array[] = [];

const zerosOf = (length: number): Uint8Array => {
  zeros[length] ??= new Uint8Array(length);
  return zeros[length];
};

/** A usual line that is taken apart: what it says is here until the next one is read. */
export class UsualLine {
  private readonly cursor = new LineCursor();
  private readonly pool = new BytePool();
  private n = 0;
  private t = 0.5;
  private id = 0;
  private called = noCall;
  private acts = nobody;
  private thread = '';
  private queuedAt = 0.5;
  private inside = 0;
  private looped = false;
  private startedAt = 0.5;
  /** -1: none. */
  private deadline = 0.5;
  private ending: Ending = 'none';
  private count = 0;
  private seen = false;
  /** Where its payload is, and how many escapes are in that. */
  private textFrom = 0;
  private textTo = 0;
  private escaped = 0;
  /** Where parts of it are that an export writes otherwise, or not. */
  private from = 0;
  private prevFrom = 0;
  private prevTo = 0;
  private callFrom = 0;
  private threadFrom = 0;
  private linksFrom = 0;

  /** Whether these bytes are one. */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (to - from > longestUsual) return false;
    const { cursor } = this;
    this.from = from;
    cursor.begin(bytes, from, to);
    const isEnded = cursor.skip(words.ended);
    if (!isEnded && !cursor.skip(words.running)) return false;
    if (!this.readStamp() || !this.readCall() || !this.readTimes()) return false;
    return (isEnded ? this.readOutcome() : this.readDeadline()) && this.readEnd();
  }

  private readStamp(): boolean {
    const { cursor } = this;
    this.n = cursor.whole(ordinalDigits);
    if (this.n <= 0 || !cursor.skip(words.t) || !cursor.time()) return false;
    this.t = cursor.value;
    if (!cursor.skip(words.prev)) return false;
    this.prevFrom = cursor.at;
    if (cursor.whole(ordinalDigits) < 0 || !this.skipLinks()) return false;
    this.prevTo = cursor.at;
    if (!cursor.skip(words.id)) return false;
    this.id = cursor.whole(ordinalDigits);
    return this.id > 0 && cursor.skip(words.comma);
  }

  /** As recordings have it, the actor first, or as exports do; twice is once too often: JSON takes the last of several. */
  private readCall(): boolean {
    const { cursor } = this;
    this.callFrom = cursor.at;
    const isFirst = cursor.skip(words.actor);
    if (isFirst && !(this.readActor() && cursor.skip(words.next))) return false;
    if (!cursor.skip(words.call)) return false;
    const called = knownCalls.read(cursor, 'text');
    if (!called || !cursor.skip(words.next)) return false;
    this.called = called;
    return isFirst || (cursor.skip(words.actor) && this.readActor() && cursor.skip(words.next));
  }

  private readActor(): boolean {
    const acts = knownActors.read(this.cursor, 'name');
    if (acts) this.acts = acts;
    return acts !== null;
  }

  private readTimes(): boolean {
    const { cursor } = this;
    this.threadFrom = cursor.at;
    if (!cursor.skip(words.thread)) return false;
    const thread = knownThreads.read(cursor, 'name');
    if (thread === null || !cursor.skip(words.queuedAt) || !cursor.time()) return false;
    this.thread = thread;
    this.queuedAt = cursor.value;
    if (!this.readPlace() || !cursor.time()) return false;
    this.startedAt = cursor.value;
    return true;
  }

  private readPlace(): boolean {
    const { cursor } = this;
    this.inside = 0;
    this.looped = false;
    if (cursor.skip(words.onItsOwn)) return true;
    if (!cursor.skip(words.inside)) return false;
    this.inside = cursor.whole(countDigits);
    if (this.inside < 0 || !cursor.skip(words.looped)) return false;
    this.looped = cursor.skip(words.yes);
    return (this.looped || cursor.skip(words.no)) && cursor.skip(words.startedAt);
  }

  private readDeadline(): boolean {
    const { cursor } = this;
    this.ending = 'flying';
    if (!cursor.skip(words.deadline)) return false;
    this.deadline = -1;
    if (cursor.skip(words.nothing)) return true;
    if (!cursor.time()) return false;
    this.deadline = cursor.value;
    return true;
  }

  private readOutcome(): boolean {
    const { cursor } = this;
    if (!cursor.skip(words.outcome)) return false;
    if (cursor.skip(words.count)) {
      this.ending = 'count';
      this.count = cursor.whole(countDigits);
      if (this.count < 0) return false;
    } else if (cursor.skip(words.data)) {
      this.ending = 'data';
      if (!cursor.text() || cursor.at - cursor.from > longestText) return false;
      this.textFrom = cursor.from;
      this.textTo = cursor.at;
      this.escaped = cursor.escaped;
      if (!cursor.skip(words.dataEnd)) return false;
    } else {
      this.ending = 'none';
      if (!cursor.skip(words.none)) return false;
    }
    if (!cursor.skip(words.seen)) return false;
    this.seen = cursor.skip(words.yes);
    return this.seen || cursor.skip(words.no);
  }

  private readEnd(): boolean {
    const { cursor } = this;
    this.linksFrom = cursor.at;
    return this.skipLinks() && cursor.skip(words.end) && cursor.at === cursor.to;
  }

  /** What a file says of them follows from its entries. A journal has them behind `prev`, what was read from a file at the end. */
  private skipLinks(): boolean {
    const { cursor } = this;
    if (cursor.skip(words.by) && cursor.whole(ordinalDigits) <= 0) return false;
    return !cursor.skip(words.wakes) || cursor.whole(ordinalDigits) > 0;
  }

  private payload(): Uint8Array {
    const { textFrom, textTo } = this;
    const { bytes } = this.cursor;
    const data = this.pool.room(textTo - textFrom - this.escaped);
    let at = textFrom;
    for (let index = 0; index < data.length; index++, at++)
      data[index] = bytes[at] === 0x5c ? escapes[bytes[++at]!]! : bytes[at]!;
    return data;
  }

  private outcome(bare: boolean): Outcome {
    switch (this.ending) {
      case 'count':
        return { kind: 'count', count: this.count };
      case 'data':
        return {
          kind: 'data',
          data: bare ? zerosOf(this.textTo - this.textFrom - this.escaped) : this.payload(),
        };
      default:
        return { kind: 'none' };
    }
  }

  /** The entry of this line, not linked with others. `bare`: as many zeros stand for what it received. */
  entry(bare = false): Entry {
    const { n, t, id, called, acts, thread, queuedAt, inside, looped, startedAt, deadline } = this;
    const [{ call }, { actor }] = [called, acts];
    // Written out: an object put together of others costs as much as all the reading.
    if (this.ending !== 'flying')
      return {
        kind: 'ended',
        n,
        t,
        prev: 0,
        id,
        call,
        actor,
        thread,
        queuedAt,
        inside,
        looped,
        startedAt,
        outcome: this.outcome(bare),
        seen: this.seen,
      };
    return {
      kind: 'running',
      n,
      t,
      prev: 0,
      id,
      call,
      actor,
      thread,
      queuedAt,
      inside,
      looped,
      startedAt,
      deadline: deadline < 0 ? null : deadline,
    };
  }

  /** Writes the same line and its newline as an export has it, with what the entry is linked with. */
  write(out: PieceWriter, { prev, by, wakes, wakesFirst }: Linked): void {
    const { view, to } = this.cursor;
    const { written } = this.called;
    out.reserve(to - this.from + written.bytes.length + 128);
    out.copy(view, this.from, this.prevFrom);
    out.number(prev);
    out.copy(view, this.prevTo, this.callFrom);
    out.word(words.callTo.bytes);
    out.word(written.bytes);
    out.word(this.acts.written.bytes);
    out.copy(view, this.threadFrom, this.linksFrom);
    if (wakesFirst) out.field(words.wakes.bytes, wakes);
    out.field(words.by.bytes, by);
    if (!wakesFirst) out.field(words.wakes.bytes, wakes);
    out.word(words.lineEnd.bytes);
  }
}
