import type { CallOf } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import { createTlsStream, type TlsParts } from '../tls/tls-stream.ts';
import { type Wrapping, wrapEnd, wrapObjection } from '../tls/tls-wrapping.ts';
import type { Addresses, TcpEnd } from './ends.ts';
import { answer, type Report } from './report.ts';
import type { TcpSocketHost } from './socket-hosts.ts';
import { createTcpStream, type Receiving, type Sending, type TcpStream } from './tcp-stream.ts';

/** What a connected socket carries: plain bytes, until it is wrapped; from then on TLS. */
export type TcpConnection = TcpStream & {
  readonly wrap: (call: CallOf<'wrap'>, timeout: number | null, report: Report) => Running | null;
  /** It carries TLS, or shakes hands for that. */
  readonly isWrapped: () => boolean;
};

/** Calls that are made while hands are shaken: their bytes would come between the records, so they begin once that is over. */
const createHeldCalls = () => {
  const waiting = new Set<() => void>();
  return {
    hold: (begin: () => Running | null): Running => {
      let begun: Running | null = null;
      const waiter = () => {
        begun = begin();
      };
      waiting.add(waiter);
      return {
        stop: reason => {
          waiting.delete(waiter);
          return begun?.stop(reason) ?? 0;
        },
        taken: () => begun?.taken() ?? 0,
      };
    },
    release: () => {
      const all = [...waiting];
      waiting.clear();
      for (const waiter of all) waiter();
    },
  };
};

export const createTcpConnection = (
  host: TcpSocketHost,
  name: string,
  end: TcpEnd,
  addresses: Addresses,
): TcpConnection => {
  let stream = createTcpStream(host, name, end, addresses);
  let wrapping: Wrapping | null = null;
  let wrapped = false;
  let left: (() => void) | null = null;
  const held = createHeldCalls();

  const isShaking = () => wrapping?.inside() ?? false;
  const isWrapped = () => wrapped || isShaking();

  const refusal = () => {
    if (isWrapped()) return failure('VALUE', `${name} is wrapped already`);
    return stream.inside() ? failure('VALUE', `a call is in flight on ${name}`) : null;
  };

  const onceWrapped = (report: Report, begin: () => Running | null): Running =>
    held.hold(() => (wrapped ? begin() : answer(report, failure('EBADF', name))));

  const secured = (parts: TlsParts) => {
    stream.dispose();
    stream = createTlsStream(host, name, end, addresses, parts);
    wrapped = true;
    if (left) stream.letGo(left);
  };

  const begin = (call: CallOf<'wrap'>, report: Report): Running | null => {
    // What watched for plain bytes watches no more; another stream stands in its place, whatever becomes of this.
    stream.dispose();
    stream = createTcpStream(host, name, end, addresses);
    const told: Report = outcome => {
      report(outcome);
      held.release();
    };
    const begun = wrapEnd(end, call, told, secured);
    wrapping = begun?.wrapping ?? null;
    if (left) wrapping?.letGo(left);
    return begun?.running ?? null;
  };

  /** What is called while hands are shaken is called of the stream that stands then. */
  const reader: Receiving = {
    recv: (wanted, report) => onceWrapped(report, () => stream.reader().recv(wanted, report)),
    shut: () => stream.reader().shut(),
  };
  const writer: Sending = {
    send: (outgoing, report) => onceWrapped(report, () => stream.writer().send(outgoing, report)),
    shut: () => stream.writer().shut(),
  };

  return {
    isWrapped,
    wrap: (call, timeout, report) => {
      const refused = refusal() ?? wrapObjection(call, timeout);
      return refused ? answer(report, refused) : begin(call, report);
    },
    inside: () => stream.inside() || isShaking(),
    letGo: then => {
      left = then;
      stream.letGo(then);
      wrapping?.letGo(then);
    },
    reader: () => (isShaking() ? reader : stream.reader()),
    writer: () => (isShaking() ? writer : stream.writer()),
    farewell: () => stream.farewell?.(),
    dispose: () => {
      wrapping?.dispose();
      stream.dispose();
      held.release();
    },
  };
};
