import { type Bytes, byteLength } from '../../core/bytes/bytes.ts';
import type { DirectedCall } from './direction.ts';
import type { Report } from './report.ts';

/** A send as asked for: `all` for sendall. `timeout` in ms as the socket has it. */
export type Outgoing = {
  readonly data: Bytes;
  readonly all: boolean;
  readonly timeout: number | null;
  /** Hears of bytes that left after this send had been stopped, beyond what its count says. */
  readonly left?: (bytes: number) => void;
};

/** A send in flight, of plain bytes or under TLS; `sent`: how many of them the kernel has. */
export abstract class SendInFlight implements DirectedCall {
  readonly data: Bytes;
  readonly total: number;
  readonly all: boolean;
  readonly timeout: number | null;
  readonly left: Outgoing['left'];
  readonly report: Report;
  sent = 0;

  constructor({ data, all, timeout, left }: Outgoing, report: Report) {
    this.data = data;
    this.total = byteLength(data);
    this.all = all;
    this.timeout = timeout;
    this.left = left;
    this.report = report;
  }

  abstract stop(): number;

  abstract taken(): number;

  moved(): number | undefined {
    return this.sent || undefined;
  }
}
