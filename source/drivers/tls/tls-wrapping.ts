import type { CallOf } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
import { t } from '../../core/words/translate.ts';
import type { TcpEnd } from '../sockets/ends.ts';
import type { Inside } from '../sockets/inside.ts';
import { answer, type Report } from '../sockets/report.ts';
import { failureOf, notNow } from '../sockets/status.ts';
import { makeContext } from './tls-context.ts';
import { tlsLibrary } from './tls-library.ts';
import { createTlsOutput } from './tls-output.ts';
import { createTlsSession, type Step, type TlsSession } from './tls-session.ts';
import { type TlsParts, wireOf } from './tls-stream.ts';

/** A handshake under way on a connected end. */
export type Wrapping = Inside & { readonly dispose: () => void };

/** What CPython raises before it touches the connection; null where it begins. */
export const wrapObjection = (
  { side, settings: { serverHostname, insecure } = {} }: CallOf<'wrap'>,
  timeout: number | null,
): Failure | null => {
  if (side === 'server' && serverHostname !== undefined)
    return failure('VALUE', 'server_hostname can only be specified in client mode');
  if (side === 'client' && serverHostname === undefined && !insecure)
    return failure('VALUE', 'check_hostname requires server_hostname');
  return timeout === 0
    ? failure('VALUE', 'do_handshake_on_connect should not be specified for non-blocking sockets')
    : null;
};

/** A listener is wrapped by name alone: what it accepts is. Whether that can be done with these settings shows now. */
export const wrapListener = ({ side, settings = {} }: CallOf<'wrap'>): Outcome => {
  const library = tlsLibrary();
  if (typeof library === 'string') return failure('UNSUPPORTED', withoutTls(library));
  if (side === 'client') return failure('VALUE', 'a listener is wrapped as a server');
  const made = makeContext(library, side, settings);
  if ('kind' in made) return made;
  library.SSL_CTX_free(made.context);
  return {
    kind: 'none',
    ...(settings.certfile === undefined && { note: t('with a certificate made on the spot') }),
  };
};

export const withoutTls = (reason: string): string => t`TLS needs the OpenSSL of this Node: ${reason}`;

type Begun = { readonly wrapping: Wrapping; readonly running: Running };

/** Where CPython waits in a handshake the kernel's errors are told as they are; an end that TLS did not announce is its own. */
const failureOfEnd = ({ how }: Extract<Step, { kind: 'end' }>): Failure =>
  how === 'reset' ? failure('ECONNRESET') : failure('SSL_EOF');

/** The handshake: every step that can be made is made, and where bytes of the peer's are missing it waits for them. */
class TlsHandshake implements Wrapping, Running {
  private readonly end: TcpEnd;
  private readonly parts: TlsParts;
  private readonly report: Report;
  private readonly succeeded: (parts: TlsParts) => void;
  private isOver = false;
  private isWatching = false;
  /** Set once the descriptor is closed: hears that no call is left. */
  private left: (() => void) | null = null;

  constructor(end: TcpEnd, session: TlsSession, report: Report, succeeded: (parts: TlsParts) => void) {
    this.end = end;
    this.parts = { session, output: createTlsOutput(end, session) };
    this.report = report;
    this.succeeded = succeeded;
  }

  /** null where it is over by then. */
  begin(): Begun | null {
    this.advance();
    return this.isOver ? null : { wrapping: this, running: this };
  }

  inside(): boolean {
    return !this.isOver;
  }

  letGo(then: () => void): void {
    this.left = then;
  }

  stop(): number {
    this.giveUp();
    return 0;
  }

  taken(): number {
    return 0;
  }

  dispose(): void {
    if (this.isOver) return;
    this.giveUp();
    this.report(failure('CLOSED'));
  }

  private readonly advance = (): void => {
    if (this.isOver) return;
    const { session, output } = this.parts;
    const step = session.handshake();
    switch (step.kind) {
      case 'done':
      case 'bytes':
        return this.afterFlush(() => this.succeed());
      case 'wants':
        return this.afterFlush(() => this.watch());
      case 'end':
        return this.fail(failureOfEnd(step));
      case 'failed':
        // The peer is told by an alert, where there is room for it.
        output.flush();
        return this.fail(step.failure);
    }
  };

  /** What was made must be with the kernel before more is read: the peer's answer cannot come sooner. */
  private afterFlush(then: () => void): void {
    const { output } = this.parts;
    const status = output.flush();
    if (status === notNow) output.wait(() => !this.isOver && this.afterFlush(then));
    else if (status < 0) this.fail(failureOf(status));
    else then();
  }

  private watch(): void {
    if (this.isWatching) return;
    const status = this.end.watch(this.advance);
    if (status < 0) this.fail(failureOf(status));
    else this.isWatching = true;
  }

  private succeed(): void {
    this.leave();
    const outcome: Outcome = { kind: 'none', tls: this.parts.session.facts(), wire: wireOf(this.parts) };
    this.succeeded(this.parts);
    this.report(outcome);
    this.left?.();
  }

  private fail(told: Failure): void {
    this.leave();
    this.parts.session.free();
    this.report(told);
    this.left?.();
  }

  private giveUp(): void {
    if (this.isOver) return;
    this.leave();
    this.parts.session.free();
    this.left?.();
  }

  private leave(): void {
    this.isOver = true;
    if (this.isWatching) this.end.unwatch();
    this.isWatching = false;
  }
}

/** Begins TLS on a connected end; null where it is over at once. */
export const wrapEnd = (
  end: TcpEnd,
  { side, settings = {} }: CallOf<'wrap'>,
  report: Report,
  succeeded: (parts: TlsParts) => void,
): Begun | null => {
  const library = tlsLibrary();
  if (typeof library === 'string') return answer(report, failure('UNSUPPORTED', withoutTls(library)));
  if (end.fd() < 0 || !end.exact)
    return answer(report, failure('UNSUPPORTED', withoutTls(t('no descriptors here'))));
  const session = createTlsSession(library, end.fd(), side, settings);
  return 'kind' in session
    ? answer(report, session)
    : new TlsHandshake(end, session, report, succeeded).begin();
};
