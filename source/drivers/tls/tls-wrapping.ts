import type { CallOf } from '../../core/calls/call.ts';
import type { Running } from '../../core/calls/driver.ts';
import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
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
    ...(settings.certfile === undefined && { note: 'with a certificate made on the spot' }),
  };
};

export const withoutTls = (reason: string): string => `TLS needs the OpenSSL of this Node: ${reason}`;

type Begun = { readonly wrapping: Wrapping; readonly running: Running };

/** Where CPython waits in a handshake the kernel's errors are told as they are; an end that TLS did not announce is its own. */
const failureOfEnd = ({ how }: Extract<Step, { kind: 'end' }>): Failure =>
  how === 'reset' ? failure('ECONNRESET') : failure('SSL_EOF');

/** The handshake: every step that can be made is made, and where bytes of the peer's are missing it waits for them. */
const shakeHands = (
  end: TcpEnd,
  session: TlsSession,
  report: Report,
  succeeded: (parts: TlsParts) => void,
): Begun | null => {
  const output = createTlsOutput(end, session);
  const parts: TlsParts = { session, output };
  let over = false;
  let watching = false;
  let left: (() => void) | null = null;

  const leave = () => {
    over = true;
    if (watching) end.unwatch();
    watching = false;
  };

  const fail = (told: Failure) => {
    leave();
    session.free();
    report(told);
    left?.();
  };

  const succeed = () => {
    leave();
    const outcome: Outcome = { kind: 'none', tls: session.facts(), wire: wireOf(parts) };
    succeeded(parts);
    report(outcome);
    left?.();
  };

  /** What was made must be with the kernel before more is read: the peer's answer cannot come sooner. */
  const afterFlush = (then: () => void) => {
    const status = output.flush();
    if (status === notNow) output.wait(() => !over && afterFlush(then));
    else if (status < 0) fail(failureOf(status));
    else then();
  };

  const watch = () => {
    if (watching) return;
    const status = end.watch(() => !over && advance());
    if (status < 0) fail(failureOf(status));
    else watching = true;
  };

  const advance = () => {
    const step = session.handshake();
    switch (step.kind) {
      case 'done':
      case 'bytes':
        return afterFlush(succeed);
      case 'wants':
        return afterFlush(watch);
      case 'end':
        return fail(failureOfEnd(step));
      case 'failed':
        // The peer is told by an alert, where there is room for it.
        output.flush();
        return fail(step.failure);
    }
  };

  const dispose = () => {
    if (over) return;
    leave();
    session.free();
    left?.();
  };

  advance();
  if (over) return null;
  const stop = () => {
    dispose();
    return 0;
  };
  const wrapping: Wrapping = {
    inside: () => !over,
    letGo: then => {
      left = then;
    },
    dispose: () => {
      if (over) return;
      dispose();
      report(failure('CLOSED'));
    },
  };
  return { wrapping, running: { stop, taken: () => 0 } };
};

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
    return answer(report, failure('UNSUPPORTED', withoutTls('no descriptors here')));
  const session = createTlsSession(library, end.fd(), side, settings);
  return 'kind' in session ? answer(report, session) : shakeHands(end, session, report, succeeded);
};
