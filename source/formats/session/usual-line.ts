import type { Outcome } from '../../core/calls/outcome.ts';
import type { Entry } from '../../core/model/entry.ts';
import { BytePool, zerosOf } from '../byte-pool.ts';
import type { PieceWriter } from '../piece-writer.ts';
import { LatelyCalled } from './lately-called.ts';
import { escapes, LineCursor } from './line-cursor.ts';
import type { Linked } from './link-table.ts';
import {
  type Ending,
  knownActors,
  knownCalls,
  knownThreads,
  longestText,
  nobody,
  noCall,
  type Who,
} from './usual-known.ts';
import { words } from './usual-words.ts';

/*
 * Most lines of a session are of calls in flight, and of calls that ended with a count, with a text or with nothing, as
 * sockbench itself writes them. Such a line is taken apart where its bytes are, checked, at a tenth of what its JSON costs. Nothing is
 * taken that the schema would refuse or read otherwise; what is not taken goes through JSON.
 */

/** Bytes of a line up to which it is taken apart here: longer ones are written otherwise too. */
const longestUsual = 8192;

/** Digits of numbers of entries and calls, and of counts. */
const ordinalDigits = 15;
const countDigits = 9;

/** A usual line that is taken apart: what it says is here until the next one is read. */
export class UsualLine {
  private readonly cursor = new LineCursor();
  private readonly pool = new BytePool();
  private readonly lately = new LatelyCalled<Who>();
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
    return this.end(bytes, from, to) === to;
  }

  /** Where the one ends that begins here, at the latest `to`; -1: there is none. A newline is none of its bytes. */
  end(bytes: Uint8Array, from: number, to: number): number {
    const { cursor } = this;
    this.from = from;
    cursor.begin(bytes, from, Math.min(to, from + longestUsual));
    const isEnded = cursor.skip(words.ended);
    if (!isEnded && !cursor.skip(words.running)) return -1;
    if (!this.readStamp() || !this.readWho() || !this.readTimes()) return -1;
    return (isEnded ? this.readOutcome() : this.readDeadline()) && this.readEnd() ? cursor.at : -1;
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

  private readWho(): boolean {
    const { cursor, lately } = this;
    this.callFrom = cursor.at;
    const expected = lately.read(cursor);
    if (expected) {
      this.called = expected.called;
      this.acts = expected.acts;
      this.thread = expected.thread;
      this.threadFrom = this.callFrom + expected.threadAt;
      return true;
    }
    if (!this.readCall() || !this.readThread()) return false;
    const { called, acts, thread, callFrom } = this;
    // What never came before will hardly come again.
    if (!knownCalls.isNew)
      lately.keep(cursor, callFrom, { called, acts, thread, threadAt: this.threadFrom - callFrom });
    return true;
  }

  /** As recordings have it, the actor first, or as exports do; twice is once too often: JSON takes the last of several. */
  private readCall(): boolean {
    const { cursor } = this;
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

  private readThread(): boolean {
    const { cursor } = this;
    this.threadFrom = cursor.at;
    if (!cursor.skip(words.thread)) return false;
    const thread = knownThreads.read(cursor, 'name');
    if (thread === null) return false;
    this.thread = thread;
    return cursor.skip(words.queuedAt);
  }

  private readTimes(): boolean {
    const { cursor } = this;
    const from = cursor.at;
    if (!cursor.time()) return false;
    const to = cursor.at;
    this.queuedAt = cursor.value;
    if (!this.readPlace()) return false;
    // Most calls start at once.
    if (!cursor.skipAgain(from, to) && !cursor.time()) return false;
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
    if (cursor.skip(words.count)) {
      this.ending = 'count';
      this.count = cursor.whole(countDigits);
      return this.count >= 0;
    }
    if (cursor.skip(words.data)) {
      this.ending = 'data';
      if (!cursor.text() || cursor.at - cursor.from > longestText) return false;
      this.textFrom = cursor.from;
      this.textTo = cursor.at;
      this.escaped = cursor.escaped;
      return cursor.skip(words.dataEnd);
    }
    this.ending = 'none';
    return cursor.skip(words.none);
  }

  private readEnd(): boolean {
    const { cursor } = this;
    if (this.ending !== 'flying') {
      if (cursor.skip(words.unseenEnd)) {
        this.seen = false;
        this.linksFrom = cursor.at - 1;
        return true;
      }
      if (!cursor.skip(words.seen)) return false;
      this.seen = cursor.skip(words.yes);
      if (!this.seen && !cursor.skip(words.no)) return false;
    }
    this.linksFrom = cursor.at;
    return this.skipLinks() && cursor.skip(words.end);
  }

  /** What a file says of them follows from its entries. A journal has them behind `prev`, what was read from a file at the end. */
  private skipLinks(): boolean {
    const { cursor } = this;
    if (cursor.skip(words.by) && cursor.whole(ordinalDigits) <= 0) return false;
    return !cursor.skip(words.wakes) || cursor.whole(ordinalDigits) > 0;
  }

  private payload(): Uint8Array {
    const { textFrom, textTo } = this;
    const { bytes, view } = this.cursor;
    if (this.escaped === 0) return this.pool.copy(view, textFrom, textTo);
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
    // Written out: an object put together of others costs as much as all the reading.
    if (this.ending !== 'flying')
      return {
        kind: 'ended',
        n,
        t,
        prev: 0,
        id,
        call: called.call,
        actor: acts.actor,
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
      call: called.call,
      actor: acts.actor,
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
