import type { CallOf } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import { createTlsStream, type TlsParts } from '../tls/tls-stream.ts';
import { type Wrapping, wrapEnd, wrapObjection } from '../tls/tls-wrapping.ts';
import type { Addresses, TcpEnd } from './ends.ts';
import { answer, type Report } from './report.ts';
import type { TcpSocketHost } from './tcp-host.ts';
import type { TcpReading } from './tcp-reading.ts';
import { createTcpStream, type TcpStream } from './tcp-stream.ts';
import type { TcpWriting } from './tcp-writing.ts';

/** What a connected socket carries: plain bytes, until it is wrapped; from then on TLS. */
export type TcpConnection = TcpStream & {
  readonly wrap: (call: CallOf<'wrap'>, timeout: number | null, report: Report) => Running | null;
  /** It carries TLS, or shakes hands for that. */
  readonly isWrapped: () => boolean;
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

  const waiting = new Set<() => void>();

  const isShaking = () => wrapping?.inside() ?? false;
  const isWrapped = () => wrapped || isShaking();

  const refusal = () => {
    if (isWrapped()) return failure('VALUE', `${name} is wrapped already`);
    return stream.inside() ? failure('VALUE', `a call is in flight on ${name}`) : null;
  };

  /** What is called while hands are shaken would come between the records: it begins once that is over. */
  const hold = (report: Report, begin: () => Running | null): Running => {
    let begun: Running | null = null;
    const waiter = () => {
      begun = wrapped ? begin() : answer(report, failure('EBADF', name));
    };
    waiting.add(waiter);
    return {
      stop: reason => {
        waiting.delete(waiter);
        return begun?.stop(reason) ?? 0;
      },
      taken: () => begun?.taken() ?? 0,
    };
  };

  const release = () => {
    const all = [...waiting];
    waiting.clear();
    for (const waiter of all) waiter();
  };

  const begin = (call: CallOf<'wrap'>, report: Report): Running | null => {
    // What watched for plain bytes watches no more; another stream stands in its place, whatever becomes of this.
    stream.dispose();
    stream = createTcpStream(host, name, end, addresses);
    const secured = (parts: TlsParts) => {
      stream.dispose();
      stream = createTlsStream(host, name, end, addresses, parts);
      wrapped = true;
      if (left) stream.letGo(left);
    };
    const told: Report = outcome => {
      report(outcome);
      release();
    };
    const begun = wrapEnd(end, call, told, secured);
    wrapping = begun?.wrapping ?? null;
    if (left) wrapping?.letGo(left);
    return begun?.running ?? null;
  };

  return {
    isWrapped,
    wrap: (call, timeout, report) => {
      const refused = refusal() ?? wrapObjection(call, timeout);
      return refused ? answer(report, refused) : begin(call, report);
    },
    inside: () => stream.inside() || (wrapping?.inside() ?? false),
    letGo: then => {
      left = then;
      stream.letGo(then);
      wrapping?.letGo(then);
    },
    reader: () => {
      const reader = stream.reader();
      if (!isShaking()) return reader;
      const recv: TcpReading['recv'] = (wanted, report) =>
        hold(report, () => stream.reader().recv(wanted, report));
      return { ...reader, recv };
    },
    writer: () => {
      const writer = stream.writer();
      if (!isShaking()) return writer;
      const send: TcpWriting['send'] = (outgoing, report) =>
        hold(report, () => stream.writer().send(outgoing, report));
      return { ...writer, send };
    },
    farewell: () => stream.farewell?.(),
    dispose: () => {
      wrapping?.dispose();
      stream.dispose();
      release();
    },
  };
};
