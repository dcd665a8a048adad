import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Chain } from '../sockets/chain.ts';
import type { BinaryFile } from './binary-file.ts';

/** Bytes that are read at a time, and bytes of written text that are held back before the buffer: TextIOWrapper's. */
export const chunkSize = 8192;

/** The writing half of a text file: what it holds back before the buffer under it. */
export class TextWriter {
  private readonly file: BinaryFile;
  private pending: Bytes[] = [];
  private size = 0;

  constructor(file: BinaryFile) {
    this.file = file;
  }

  /** `then` hears how many bytes that made go on to the kernel. */
  write(chain: Chain, data: Bytes, timeout: number | null, then: (passed: number) => void): void {
    const size = byteLength(data);
    const keep = (before: number) => {
      this.pending.push(data);
      this.size += size;
      if (this.size >= chunkSize) this.pass(chain, timeout, after => then(before + after));
      else then(before);
    };
    if (this.size + size > chunkSize) this.pass(chain, timeout, keep);
    else keep(0);
  }

  /** What is held back goes into the buffer; `then` hears how many bytes that made go on to the kernel. */
  pass(chain: Chain, timeout: number | null, then: (passed: number) => void): void {
    if (this.pending.length === 0) return then(0);
    const data = this.whole();
    this.pending = [];
    this.size = 0;
    chain.next(
      report => this.file.write(data, timeout, report),
      outcome => (outcome.kind === 'count' ? then(outcome.passed ?? 0) : chain.end(outcome)),
    );
  }

  flush(chain: Chain, timeout: number | null, then: (outcome: Outcome) => void): void {
    this.pass(chain, timeout, () => chain.next(report => this.file.flush(timeout, report), then));
  }

  private whole(): Bytes {
    const { pending } = this;
    return pending.length === 1
      ? pending[0]!
      : { kind: 'literal', notation: 'text', data: Buffer.concat(pending.map(part => materialise(part))) };
  }
}
