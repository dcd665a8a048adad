import { constants } from 'node:os';
import { type Bytes, byteLength, materialise } from '../../core/bytes/bytes.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { t } from '../../core/words/translate.ts';
import { nativeSockets } from '../native/native-socket.ts';
import type { Literal } from '../system/literal.ts';
import type { Status, UdpEnd } from './ends.ts';
import type { Inside } from './inside.ts';
import { answer, type Report } from './report.ts';
import { cancelled, failureOf } from './status.ts';

/** Largest payload of a UDP datagram: 65,535 less 8 bytes of UDP header, and of IPv4's 20, which its length counts. */
const largest: Readonly<Record<Family, number>> = {
  AF_INET: 65_507,
  AF_INET6: 65_527,
  // Its send buffer is the limit (unix(7)): as much as a person may set that to.
  AF_UNIX: 1 << 26,
};

/** One datagram's bytes; of a payload that can only be refused (EMSGSIZE) no more than the refusal needs. */
export const datagramOf = (data: Bytes, family: Family): Uint8Array =>
  byteLength(data) > largest[family] ? Buffer.alloc(largest[family] + 1) : materialise(data);

/** A datagram on its way out. `to` is null for the peer; `finish` says what a count is as an outcome. */
export type Departure = {
  readonly data: Uint8Array;
  readonly to: Literal | null;
  readonly noWait: boolean;
  readonly finish: (count: number) => Outcome;
};

const nothingTaken = (): number => 0;

const endOf = (status: Status): Failure => (status === cancelled ? failure('CLOSED') : failureOf(status));

/** The sending side of one UDP socket: what its end keeps until there is room, and what waits for that to be gone. */
export class UdpWriting implements Inside {
  private readonly family: Family;
  private readonly late: (bytes: number) => void;
  /** Datagrams that the end keeps until there is room: what is sent past it would overtake them. */
  private queued = 0;
  private readonly afterQueue: (() => void)[] = [];
  /** Set once the descriptor is closed: hears that no call is left. */
  private left: (() => void) | null = null;

  /** `late` hears of a stopped send's datagram that left after its end. */
  constructor(family: Family, late: (bytes: number) => void) {
    this.family = family;
    this.late = late;
  }

  inside(): boolean {
    return this.queued > 0;
  }

  letGo(then: () => void): void {
    this.left = then;
  }

  send(end: UdpEnd, { data, to, noWait, finish }: Departure, report: Report): Running | null {
    let over = false;
    const landed = (ended: Status) => {
      this.queued--;
      if (!over) report(ended < 0 ? endOf(ended) : finish(data.length));
      else if (ended >= 0) this.late(data.length);
      if (this.queued === 0) this.emptied();
    };
    const status = end.send(data, to, landed);
    if (status !== 'later') return answer(report, status < 0 ? this.refusal(status, to) : finish(status));
    this.queued++;
    const stop = () => {
      over = true;
      if (end.withdraw(landed)) landed(cancelled);
      return 0;
    };
    if (!noWait || this.family !== 'AF_UNIX') return { stop, taken: nothingTaken };
    stop();
    return answer(report, failure('EAGAIN'));
  }

  /**
   * Linux sends from a connected socket to any address (udp(7)); libuv refuses that with EISCONN. So it is sent past
   * libuv, once that has sent all that it kept; at once where it keeps none.
   */
  sendPastPeer(end: UdpEnd, to: Literal, { data, finish }: Departure, report: Report): Running | null {
    if (this.queued === 0) return answer(report, this.pastPeer(end, to, data, finish));
    let over = false;
    this.afterQueue.push(() => {
      if (!over) report(this.pastPeer(end, to, data, finish));
    });
    const stop = () => {
      over = true;
      return 0;
    };
    return { stop, taken: nothingTaken };
  }

  dispose(): void {
    this.left = null;
    this.afterQueue.length = 0;
  }

  private pastPeer(end: UdpEnd, to: Literal, data: Uint8Array, finish: Departure['finish']): Outcome {
    const native = nativeSockets();
    const why = t('libuv sends from a connected socket to its peer only; Linux would send this');
    if (typeof native === 'string') return failure('UNSUPPORTED', `${why}: ${native}`);
    if (end.fd() < 0) return failure('UNSUPPORTED', why);
    const status = native.sendTo(end.fd(), this.family, data, to);
    return status < 0 ? failureOf(status) : finish(status);
  }

  private emptied(): void {
    for (const next of this.afterQueue.splice(0)) next();
    this.left?.();
  }

  /** Where no address was named it is the socket at the other end that is gone. */
  private refusal(status: Status, to: Literal | null): Failure {
    const isGone = status === -constants.errno.ECONNREFUSED && this.family === 'AF_UNIX' && !to;
    return isGone ? { ...failureOf(status), there: 'nobody' } : failureOf(status);
  }
}
