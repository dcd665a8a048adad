import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Chain } from '../sockets/chain.ts';
import type { BinaryFile } from './binary-file.ts';
import { createTextDecoding } from './text-decoder.ts';
import { chunkSize } from './text-writer.ts';

/** Where the first `count` characters end: Python counts code points, and JavaScript's strings UTF-16. */
const endOf = (text: string, count: number): number => {
  let at = 0;
  for (let i = 0; i < count && at < text.length; i++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
};

/** In characters, as Python counts them. */
export const lengthOf = (text: string): number => {
  let length = 0;
  for (const _character of text) length++;
  return length;
};

const textOutcome = (text: string): Outcome => ({ kind: 'data', data: Buffer.from(text, 'utf8') });

/** The reading half of a text file: what is decoded of the buffer under it, and not yet read. */
export class TextReader {
  private readonly file: BinaryFile;
  private readonly decoding = createTextDecoding();
  /** Decoded and not yet read. */
  private decoded = '';
  /** Bytes that the last chunk had for a character: how much a long read asks for. */
  private bytesEach = 0;

  constructor(file: BinaryFile) {
    this.file = file;
  }

  readAll(chain: Chain, timeout: number | null): void {
    chain.next(
      report => this.file.read(undefined, timeout, report),
      outcome => {
        if (outcome.kind !== 'data') return chain.end(outcome);
        const result = this.decoding.decode(outcome.data, true);
        if (typeof result === 'string') return chain.end(failure('DECODE', result));
        const before = this.decoded;
        this.decoded = '';
        chain.end(textOutcome(before + result.text));
      },
    );
  }

  readSome(chain: Chain, size: number, timeout: number | null): void {
    let text = this.take(size);
    const step = () => {
      const missing = size - lengthOf(text);
      if (missing <= 0) return chain.end(textOutcome(text));
      this.readChunk(chain, missing, timeout, more => {
        text += this.take(missing);
        if (more) step();
        else chain.end(textOutcome(text));
      });
    };
    step();
  }

  readLine(chain: Chain, timeout: number | null): void {
    let text = '';
    const step = () => {
      const newline = this.decoded.indexOf('\n');
      const end = newline >= 0 ? newline + 1 : this.decoded.length;
      text += this.decoded.slice(0, end);
      this.decoded = this.decoded.slice(end);
      if (newline >= 0) return chain.end(textOutcome(text));
      this.readChunk(chain, 0, timeout, more => {
        if (more) step();
        else chain.end(textOutcome(text));
      });
    };
    step();
  }

  /** A write forgets what was read ahead. */
  forget(): void {
    this.decoded = '';
    this.decoding.reset();
  }

  private take(count: number): string {
    const end = endOf(this.decoded, count);
    const text = this.decoded.slice(0, end);
    this.decoded = this.decoded.slice(end);
    return text;
  }

  /** One recv's worth, decoded; `then` hears whether there may be more. */
  private readChunk(chain: Chain, hint: number, timeout: number | null, then: (more: boolean) => void): void {
    const size = Math.max(chunkSize, Math.floor(Math.max(this.bytesEach, 1) * hint));
    chain.next(
      report => this.file.readOnce(size, timeout, report),
      outcome => {
        if (outcome.kind !== 'data') return chain.end(outcome);
        const { length } = outcome.data;
        const result = this.decoding.decode(outcome.data, length === 0);
        if (typeof result === 'string') return chain.end(failure('DECODE', result));
        this.decoded = result.text;
        const characters = lengthOf(result.text);
        this.bytesEach = characters > 0 ? length / characters : 0;
        then(length > 0 || characters > 0);
      },
    );
  }
}
