import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import { type Failure, failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { runChain } from '../sockets/chain.ts';
import { answer } from '../sockets/report.ts';
import type { BinaryFile } from './binary-file.ts';
import { closedFile, type FileObject } from './raw-file.ts';
import { decodeWhole } from './text-decoder.ts';
import { lengthOf, TextReader } from './text-reader.ts';
import { TextWriter } from './text-writer.ts';

export type TextOptions = {
  readonly readable: boolean;
  readonly writable: boolean;
  readonly closed: () => boolean;
};

/** How many characters written bytes are; a string where they are no text. Bytes of one ASCII character are not laid out. */
const charactersOf = (data: Bytes): number | string => {
  if (data.kind === 'repeat' && data.unit.every(byte => byte < 0x80)) return data.size;
  const decoded = decodeWhole(materialise(data));
  return typeof decoded === 'string' ? decoded : lengthOf(decoded.text);
};

/**
 * io.TextIOWrapper as makefile's text modes make it on Linux: UTF-8, strict; CRLF and CR are read as LF, and what is
 * written goes as it is. Without line buffering, whatever `buffering` says: that is the size of the buffer under it.
 */
export const createTextFile = (file: BinaryFile, { readable, writable, closed }: TextOptions): FileObject => {
  const reader = new TextReader(file);
  const writer = new TextWriter(file);

  const objection = (allowed: boolean, words: string): Failure | null => {
    if (closed()) return failure('VALUE', closedFile);
    return allowed ? null : failure('NOT_OPENED_FOR', words);
  };

  return {
    read: (size, timeout, report) => {
      const why = objection(readable, 'not readable');
      if (why) return answer(report, why);
      return runChain(report, chain =>
        writer.pass(chain, timeout, () =>
          size === undefined || size < 0
            ? reader.readAll(chain, timeout)
            : reader.readSome(chain, size, timeout),
        ),
      );
    },
    readline: (timeout, report) => {
      if (closed()) return answer(report, failure('VALUE', closedFile));
      return runChain(report, chain =>
        // It finds out that it may not read after it has made room, and read before.
        writer.pass(chain, timeout, () =>
          readable ? reader.readLine(chain, timeout) : chain.end(failure('NOT_OPENED_FOR', 'not readable')),
        ),
      );
    },
    write: (data, timeout, report) => {
      const why = objection(writable, 'not writable');
      if (why) return answer(report, why);
      const count = charactersOf(data);
      if (typeof count === 'string') return answer(report, failure('DECODE', count));
      return runChain(report, chain =>
        writer.write(chain, data, timeout, passed => {
          reader.forget();
          chain.end({ kind: 'count', count, bytes: byteLength(data), ...(passed > 0 ? { passed } : {}) });
        }),
      );
    },
    flush: (timeout, report) => {
      const why = objection(true, '');
      if (why) return answer(report, why);
      return runChain(report, chain => writer.flush(chain, timeout, chain.end));
    },
    close: (timeout, report) => {
      if (closed()) return answer(report, ok);
      // What the flush fails with is told, and the file object is closed all the same.
      let first: Outcome = ok;
      return runChain(report, chain =>
        chain.next(
          then => runChain(then, inner => writer.flush(inner, timeout, inner.end)),
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
