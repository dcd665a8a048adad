import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { type Chain, runChain } from '../sockets/chain.ts';
import { answer } from '../sockets/report.ts';
import type { BinaryFile } from './binary-file.ts';
import { closedFile, type FileObject } from './raw-file.ts';
import { createTextDecoding, decodeWhole } from './text-decoder.ts';

export type TextOptions = {
  readonly readable: boolean;
  readonly writable: boolean;
  readonly closed: () => boolean;
};

/** Bytes that are read at a time, and bytes of written text that are held back before the buffer: TextIOWrapper's. */
const chunkSize = 8192;

/** Where the first `count` characters end: Python counts code points, and JavaScript's strings UTF-16. */
const endOf = (text: string, count: number): number => {
  let at = 0;
  for (let i = 0; i < count && at < text.length; i++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
};

const lengthOf = (text: string): number => {
  let length = 0;
  for (const _character of text) length++;
  return length;
};

/** How many characters written bytes are; a string where they are no text. Bytes of one ASCII character are not laid out. */
const charactersOf = (data: Bytes): number | string => {
  if (data.kind === 'repeat' && data.unit.every(byte => byte < 0x80)) return data.size;
  const decoded = decodeWhole(materialise(data));
  return typeof decoded === 'string' ? decoded : lengthOf(decoded.text);
};

const textOutcome = (text: string): Outcome => ({ kind: 'data', data: Buffer.from(text, 'utf8') });

/**
 * io.TextIOWrapper as makefile's text modes make it on Linux: UTF-8, strict; CRLF and CR are read as LF, and what is
 * written goes as it is. Without line buffering, whatever `buffering` says: that is the size of the buffer under it.
 */
export const createTextFile = (file: BinaryFile, { readable, writable, closed }: TextOptions): FileObject => {
  const decoding = createTextDecoding();
  /** Decoded and not yet read. */
  let decoded = '';
  /** Bytes that the last chunk had for a character: how much a long read asks for. */
  let bytesEach = 0;
  let pending: Bytes[] = [];
  let pendingSize = 0;

  const objection = (allowed: boolean, words: string): Failure | null => {
    if (closed()) return failure('VALUE', closedFile);
    return allowed ? null : failure('NOT_OPENED_FOR', words);
  };

  const take = (count: number): string => {
    const end = endOf(decoded, count);
    const text = decoded.slice(0, end);
    decoded = decoded.slice(end);
    return text;
  };

  /** What is held back goes into the buffer; `then` hears how many bytes that made go on to the kernel. */
  const flushPending = (chain: Chain, timeout: number | null, then: (passed: number) => void) => {
    if (pending.length === 0) return then(0);
    const data: Bytes =
      pending.length === 1
        ? pending[0]!
        : { kind: 'literal', notation: 'text', data: Buffer.concat(pending.map(part => materialise(part))) };
    pending = [];
    pendingSize = 0;
    chain.next(
      report => file.write(data, timeout, report),
      outcome => (outcome.kind === 'count' ? then(outcome.passed ?? 0) : chain.end(outcome)),
    );
  };

  /** One recv's worth, decoded; `then` hears whether there may be more. */
  const readChunk = (chain: Chain, hint: number, timeout: number | null, then: (more: boolean) => void) => {
    const size = Math.max(chunkSize, Math.floor(Math.max(bytesEach, 1) * hint));
    chain.next(
      report => file.readOnce(size, timeout, report),
      outcome => {
        if (outcome.kind !== 'data') return chain.end(outcome);
        const { length } = outcome.data;
        const result = decoding.decode(outcome.data, length === 0);
        if (typeof result === 'string') return chain.end(failure('DECODE', result));
        decoded = result.text;
        const characters = lengthOf(decoded);
        bytesEach = characters > 0 ? length / characters : 0;
        then(length > 0 || characters > 0);
      },
    );
  };

  const readAll = (chain: Chain, timeout: number | null) =>
    chain.next(
      report => file.read(undefined, timeout, report),
      outcome => {
        if (outcome.kind !== 'data') return chain.end(outcome);
        const result = decoding.decode(outcome.data, true);
        if (typeof result === 'string') return chain.end(failure('DECODE', result));
        const before = decoded;
        decoded = '';
        chain.end(textOutcome(before + result.text));
      },
    );

  const readSome = (chain: Chain, size: number, timeout: number | null) => {
    let text = take(size);
    const step = () => {
      const missing = size - lengthOf(text);
      if (missing <= 0) return chain.end(textOutcome(text));
      readChunk(chain, missing, timeout, more => {
        text += take(missing);
        if (more) step();
        else chain.end(textOutcome(text));
      });
    };
    step();
  };

  const readLine = (chain: Chain, timeout: number | null) => {
    let text = '';
    const step = () => {
      const newline = decoded.indexOf('\n');
      if (newline >= 0) {
        text += decoded.slice(0, newline + 1);
        decoded = decoded.slice(newline + 1);
        return chain.end(textOutcome(text));
      }
      text += decoded;
      decoded = '';
      readChunk(chain, 0, timeout, more => {
        if (more) step();
        else chain.end(textOutcome(text));
      });
    };
    step();
  };

  const written = (chain: Chain, data: Bytes, characters: number, timeout: number | null) => {
    const size = byteLength(data);
    const keep = (before: number) => {
      pending.push(data);
      pendingSize += size;
      const end = (after: number) => {
        decoded = '';
        decoding.reset();
        const passed = before + after;
        chain.end({ kind: 'count', count: characters, bytes: size, ...(passed > 0 ? { passed } : {}) });
      };
      if (pendingSize >= chunkSize) flushPending(chain, timeout, end);
      else end(0);
    };
    if (pendingSize + size > chunkSize) flushPending(chain, timeout, keep);
    else keep(0);
  };

  const flushAll = (chain: Chain, timeout: number | null, then: (outcome: Outcome) => void) =>
    flushPending(chain, timeout, () => chain.next(report => file.flush(timeout, report), then));

  return {
    read: (size, timeout, report) => {
      const why = objection(readable, 'not readable');
      if (why) return answer(report, why);
      return runChain(report, chain =>
        flushPending(chain, timeout, () =>
          size === undefined || size < 0 ? readAll(chain, timeout) : readSome(chain, size, timeout),
        ),
      );
    },
    readline: (timeout, report) => {
      if (closed()) return answer(report, failure('VALUE', closedFile));
      return runChain(report, chain =>
        // It finds out that it may not read after it has made room, and read before.
        flushPending(chain, timeout, () =>
          readable ? readLine(chain, timeout) : chain.end(failure('NOT_OPENED_FOR', 'not readable')),
        ),
      );
    },
    write: (data, timeout, report) => {
      const why = objection(writable, 'not writable');
      if (why) return answer(report, why);
      const characters = charactersOf(data);
      if (typeof characters === 'string') return answer(report, failure('DECODE', characters));
      return runChain(report, chain => written(chain, data, characters, timeout));
    },
    flush: (timeout, report) => {
      const why = objection(true, '');
      if (why) return answer(report, why);
      return runChain(report, chain => flushAll(chain, timeout, chain.end));
    },
    close: (timeout, report) => {
      if (closed()) return answer(report, ok);
      // What the flush fails with is told, and the file object is closed all the same.
      let first: Outcome = ok;
      return runChain(report, chain =>
        chain.next(
          then => runChain(then, inner => flushAll(inner, timeout, inner.end)),
          outcome => {
            first = outcome;
            chain.next(
              then => file.close(timeout, then),
              second => chain.end(first.kind === 'error' ? first : second),
            );
          },
        ),
      );
    },
  };
};
