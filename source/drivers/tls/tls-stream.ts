import { failure, type Outcome } from '../../core/calls/outcome.ts';
import type { Wire } from '../../core/model/tls.ts';
import type { Addresses, TcpEnd } from '../sockets/ends.ts';
import type { Report } from '../sockets/report.ts';
import type { TcpSocketHost } from '../sockets/socket-hosts.ts';
import { TcpReading } from '../sockets/tcp-reading.ts';
import type { Receiving, Sending, TcpStream } from '../sockets/tcp-stream.ts';
import { createTlsEnd } from './tls-end.ts';
import type { TlsOutput } from './tls-output.ts';
import type { TlsSession } from './tls-session.ts';
import { TlsWriting } from './tls-writing.ts';

export type TlsParts = { readonly session: TlsSession; readonly output: TlsOutput };

export const wireOf = ({ session, output }: TlsParts): Wire => ({
  taken: session.taken(),
  given: output.given(),
  held: session.held(),
});

/** The two directions of a wrapped socket: what a TCP stream is, with TLS between the calls and the kernel. */
export const createTlsStream = (
  host: TcpSocketHost,
  name: string,
  end: TcpEnd,
  addresses: Addresses,
  parts: TlsParts,
): TcpStream => {
  const { session, output } = parts;
  const secured = createTlsEnd(end, session, output, {
    ticket: bytes => host.notice({ event: 'ticket', socket: name, bytes, wire: wireOf(parts) }),
  });
  const reading = new TcpReading(secured, host.memory, host.twins.turn);
  const twin = host.twins.join(addresses, reading);
  const writing = new TlsWriting(session, output, {
    wrote: () => twin.wrote(),
    late: bytes => host.late(name, bytes),
  });

  const received = (outcome: Outcome): Outcome => {
    if (outcome.kind === 'data') {
      const ending = outcome.data.length === 0 ? secured.ending() : undefined;
      return { ...outcome, wire: wireOf(parts), ...(ending && { ending }) };
    }
    if (outcome.kind !== 'error') return outcome;
    if (outcome.code === 'EAGAIN') return failure('SSL_WANT_READ');
    return outcome.code === 'EPROTO' ? (secured.failure() ?? outcome) : outcome;
  };

  const sent = (outcome: Outcome): Outcome =>
    outcome.kind === 'none' || outcome.kind === 'count' ? { ...outcome, wire: wireOf(parts) } : outcome;

  const telling =
    (report: Report, as: (outcome: Outcome) => Outcome): Report =>
    outcome =>
      report(as(outcome));

  const reader: Receiving = {
    shut: () => reading.shut(),
    recv: (wanted, report) => reading.recv(wanted, telling(report, received)),
  };
  const farewell = () => {
    session.closeNotify();
    output.flush();
  };

  const writer: Sending = {
    shut: () => {
      farewell();
      writing.shut();
    },
    send: (outgoing, report) => writing.send(outgoing, telling(report, sent)),
  };

  return {
    inside: () => reading.inside() || writing.inside(),
    letGo: then => {
      reading.letGo(then);
      writing.letGo(then);
    },
    reader: () => reader,
    writer: () => writer,
    farewell,
    dispose: () => {
      twin.leave();
      reading.dispose();
      writing.dispose();
      session.free();
    },
  };
};
