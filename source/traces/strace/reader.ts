import { splitArguments } from './argument-list.ts';
import type { Moment } from './moments.ts';
import {
  bodyOf,
  isKnown,
  isMadeAgain,
  nameOf,
  type OpenCall,
  openCall,
  printedOf,
  readBody,
} from './open-call.ts';
import { parseLine, type StraceLine } from './strace-line.ts';

/** A longer line is cut: strings have 4096 bytes at most, and no call of a program that is sane has so many of them. */
const longestLine = 8 * 1024 * 1024;

/** What strace writes, as moments; pieces of the stream may end anywhere. */
export type StraceReader = {
  readonly take: (piece: Uint8Array) => Moment[];
  /**
   * For when nothing has come for some ms: a call in flight has no newline yet. Its last argument may lack digits where the
   * stream stopped for another reason; the end says it whole.
   */
  readonly quiet: () => Moment[];
};

type Tell = (moment: Moment) => void;

type CallLine = Extract<StraceLine, { kind: 'call' }>;

type OverBody = Extract<ReturnType<typeof readBody>, { kind: 'over' }>;

const tellBegin = (tell: Tell, tid: number, call: OpenCall): void => {
  if (call.seen) return;
  call.seen = true;
  tell({ kind: 'begin', tid, at: call.began, call: call.name, texts: printedOf(call) });
};

/** The moment that a line tells which says the end of a call. */
const endOf = ({ tid, at, resumed }: CallLine, call: OpenCall, said: OverBody): Moment => {
  const { name, began, seen, base } = call;
  const { texts, result, took } = said;
  const end = resumed ? at : at + (took ?? 0);
  const over = Math.max(began, base !== null || took === null ? end : began + took);
  const measured = took === null ? null : over - began;
  return { kind: 'end', tid, at: over, call: name, texts, began, took: measured, result, seen };
};

/** A signal's handler had the interrupted call fail: the thread makes another. */
const failureOf = (tid: number, at: number, { name, body, began, seen }: OpenCall): Moment => {
  const result = { value: -1, target: '', error: 'EINTR', more: '' };
  const { texts } = splitArguments(body, 0);
  return { kind: 'end', tid, at, call: name, texts, began, took: at - began, result, seen };
};

/** The calls that threads are in, by the lines that were read. */
class ThreadCalls {
  private readonly open = new Map<number, OpenCall>();
  private readonly tell: Tell;

  constructor(tell: Tell) {
    this.tell = tell;
  }

  line(line: CallLine): void {
    if (!line.resumed) return this.settle(line, this.callOf(line));
    const before = this.open.get(line.tid);
    if (!before) return;
    before.body += line.body;
    this.settle(line, before);
  }

  /** A line that has no end yet. */
  partial(line: CallLine): void {
    const before = this.open.get(line.tid);
    if (line.resumed || before?.partial || !isKnown(line.name, line.body, before)) return;
    const call = this.callOf(line);
    call.partial = true;
    tellBegin(this.tell, line.tid, call);
  }

  lose(tid: number, at: number): void {
    const call = this.open.get(tid);
    this.open.delete(tid);
    if (call?.seen) this.tell({ kind: 'cut', tid, at, call: call.name });
  }

  /** A thread that is not the first one of its process becomes it by execve(2). */
  supersede(tid: number, by: number, at: number): void {
    this.lose(tid, at);
    const call = this.open.get(by);
    this.open.delete(by);
    if (call) this.open.set(tid, call);
  }

  /** The call that a line is about which does not begin with `resumed`. */
  private callOf({ tid, at, name, body }: CallLine): OpenCall {
    const before = this.open.get(tid);
    if (before?.partial) return Object.assign(before, { body: bodyOf(before, body) });
    if (before?.interrupted) {
      if (isMadeAgain(before, name, body)) {
        this.tell({ kind: 'again', tid, at, call: before.name });
        const base = before.body;
        return Object.assign(before, { base, body: bodyOf({ base }, body), interrupted: false });
      }
      this.open.delete(tid);
      this.tell(failureOf(tid, at, before));
    }
    const call = openCall(nameOf(name, body), at, bodyOf({ base: null }, body));
    this.open.set(tid, call);
    return call;
  }

  /** What a whole line has told of a call. */
  private settle(line: CallLine, call: OpenCall): void {
    const { tid, at } = line;
    const said = readBody(call.body);
    call.partial = false;
    switch (said.kind) {
      case 'open':
        call.body = said.body;
        return tellBegin(this.tell, tid, call);
      case 'lost':
        return this.lose(tid, at);
      case 'interrupted':
        call.body = said.body;
        call.interrupted = true;
        tellBegin(this.tell, tid, call);
        return this.tell({ kind: 'interrupted', tid, at, call: call.name });
      case 'over':
        this.open.delete(tid);
        return this.tell(endOf(line, call, said));
    }
  }
}

export const createStraceReader = (): StraceReader => {
  let tail = '';
  let told: Moment[] = [];
  const tell: Tell = moment => {
    told.push(moment);
  };
  const calls = new ThreadCalls(tell);

  const read = (text: string) => {
    const line = parseLine(text);
    if (!line) return;
    const { tid, at } = line;
    switch (line.kind) {
      case 'call':
        return calls.line(line);
      case 'signal':
      case 'stopped':
        return tell({ kind: line.kind, tid, at, signal: line.signal });
      case 'exit':
        calls.lose(tid, at);
        return tell({ kind: 'exit', tid, at, code: line.code, signal: line.signal });
      case 'superseded':
        calls.supersede(tid, line.by, at);
        return tell({ kind: 'superseded', tid, at, by: line.by });
      case 'other':
        return;
    }
  };

  const answer = (): Moment[] => {
    const moments = told;
    told = [];
    return moments;
  };

  return {
    take: piece => {
      const lines = (
        tail + Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1')
      ).split('\n');
      tail = lines.pop()!.slice(0, longestLine);
      for (const line of lines) read(line);
      return answer();
    },
    quiet: () => {
      const line = tail === '' ? null : parseLine(tail);
      if (line?.kind === 'call') calls.partial(line);
      return answer();
    },
  };
};
