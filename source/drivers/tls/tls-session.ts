import { constants } from 'node:os';
import { familyOf } from '../../core/addresses/ip.ts';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import type { TlsEnding, TlsFacts, TlsSettings, TlsSide } from '../../core/model/tls.ts';
import type { Status } from '../sockets/ends.ts';
import { failureOf } from '../sockets/status.ts';
import { makeContext } from './tls-context.ts';
import { factsOf } from './tls-facts.ts';
import type { Pointer, TlsLibrary } from './tls-library.ts';

/** From openssl/ssl.h and openssl/tls1.h. */
const SSL_ERROR_SSL = 1;
const SSL_ERROR_WANT_READ = 2;
const SSL_ERROR_SYSCALL = 5;
const SSL_ERROR_ZERO_RETURN = 6;
const SSL_CTRL_SET_TLSEXT_HOSTNAME = 55;
const TLSEXT_NAMETYPE_host_name = 0;
const SSL_RECEIVED_SHUTDOWN = 2;
const X509_V_OK = 0;

/** How OpenSSL words an end of the stream that TLS did not announce. */
const cut = /unexpected eof/i;

/**
 * What a step of TLS came to.
 *
 * - `wants`: bytes of the peer's are missing
 * - `end`: the peer said that it sends no more (`close_notify`), or its stream ended without that (`fin`, `reset`)
 */
export type Step =
  | { readonly kind: 'done' }
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'wants' }
  | { readonly kind: 'end'; readonly how: TlsEnding }
  | { readonly kind: 'failed'; readonly failure: Failure };

const done: Step = { kind: 'done' };
const wants: Step = { kind: 'wants' };

/**
 * The TLS of one connection. It reads the peer's bytes from the descriptor itself; its own it leaves in memory, to be
 * written by whoever has it (`outgoing`): a step never waits.
 */
export type TlsSession = {
  readonly side: TlsSide;
  readonly handshake: () => Step;
  readonly read: (into: Uint8Array) => Step;
  /** Makes records of all of it. */
  readonly write: (data: Uint8Array) => Step;
  /** Says that nothing more is sent. */
  readonly closeNotify: () => void;
  /** Bytes for the peer, taken once. */
  readonly outgoing: () => Uint8Array | null;
  /** Bytes that are decrypted and not yet read: in user space, so that the kernel says nothing of them. */
  readonly held: () => number;
  /** Bytes of the peer's taken from the kernel so far. */
  readonly taken: () => number;
  /** Whether the peer has said that it sends no more. */
  readonly ended: () => boolean;
  readonly facts: () => TlsFacts;
  readonly free: () => void;
};

type Made = {
  readonly library: TlsLibrary;
  readonly ssl: Pointer;
  readonly input: Pointer;
  readonly output: Pointer;
};

/** The name that is asked for, and that the certificate must be for: an address is not asked for (RFC 6066, 3). */
const expectName = (
  library: TlsLibrary,
  ssl: Pointer,
  { serverHostname: name, insecure }: TlsSettings,
): void => {
  if (name === undefined) return;
  const isAddress = familyOf(name) !== null;
  if (!isAddress) library.SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name);
  if (insecure) return;
  if (isAddress) library.X509_VERIFY_PARAM_set1_ip_asc(library.SSL_get0_param(ssl), name);
  else library.SSL_set1_host(ssl, name);
};

const connectionOf = (library: TlsLibrary, context: Pointer, fd: number, side: TlsSide): Made => {
  const ssl = library.SSL_new(context);
  const input = library.BIO_new_socket(fd, 0);
  const output = library.BIO_new(library.BIO_s_mem());
  // It owns both from now on.
  library.SSL_set_bio(ssl, input, output);
  if (side === 'client') library.SSL_set_connect_state(ssl);
  else library.SSL_set_accept_state(ssl);
  return { library, ssl, input, output };
};

/** What of OpenSSL's last error is told: its reason, or what it says of the peer's certificate. */
const failureIn = ({ library, ssl }: Made): Failure => {
  const code = library.ERR_peek_last_error();
  const words = library.ERR_reason_error_string(code) ?? 'unknown error';
  if (cut.test(words)) return failure('SSL_EOF');
  const verify = Number(library.SSL_get_verify_result(ssl));
  if (verify === X509_V_OK || !/certificate verify failed/.test(words)) return failure('SSL', words);
  return { ...failure('SSL_CERT', library.X509_verify_cert_error_string(verify) ?? ''), verify };
};

const stepOf = (made: Made, result: number, errno: number): Step => {
  const { library, ssl } = made;
  switch (Number(library.SSL_get_error(ssl, result))) {
    case SSL_ERROR_WANT_READ:
      return wants;
    case SSL_ERROR_ZERO_RETURN:
      return { kind: 'end', how: 'close_notify' };
    case SSL_ERROR_SYSCALL:
      if (errno === 0 || result === 0) return { kind: 'end', how: 'fin' };
      if (errno === constants.errno.ECONNRESET) return { kind: 'end', how: 'reset' };
      return { kind: 'failed', failure: failureOf(-errno as Status) };
    case SSL_ERROR_SSL: {
      const told = failureIn(made);
      return told.code === 'SSL_EOF' ? { kind: 'end', how: 'fin' } : { kind: 'failed', failure: told };
    }
    default:
      return { kind: 'failed', failure: failure('UNKNOWN', 'OpenSSL wants what it was not to want') };
  }
};

/** The TLS of a connected descriptor, before its handshake; or why there can be none with these settings. */
export const createTlsSession = (
  library: TlsLibrary,
  fd: number,
  side: TlsSide,
  settings: TlsSettings,
): TlsSession | Failure => {
  const made = makeContext(library, side, settings);
  if ('kind' in made) return made;
  const connection = connectionOf(library, made.context, fd, side);
  library.SSL_CTX_free(made.context);
  const { ssl, input, output } = connection;
  if (side === 'client') expectName(library, ssl, settings);

  /** Whoever hears of a record later than that the connection is closed must not touch what is no longer there. */
  let live = true;
  /** Said again, OpenSSL would read what the peer answers. */
  let saidFarewell = false;

  const step = (make: () => number | bigint): Step => {
    if (!live) return { kind: 'failed', failure: failure('CLOSED') };
    library.ERR_clear_error();
    const result = Number(make());
    const errno = result > 0 ? 0 : library.errno();
    return result > 0 ? { kind: 'bytes', count: result } : stepOf(connection, result, errno);
  };

  return {
    side,
    handshake: () => {
      const { kind, ...rest } = step(() => library.SSL_do_handshake(ssl));
      return kind === 'bytes' ? done : ({ kind, ...rest } as Step);
    },
    read: into => step(() => library.SSL_read(ssl, into, into.length)),
    write: data => step(() => library.SSL_write(ssl, data, data.length)),
    closeNotify: () => {
      if (!live || saidFarewell) return;
      saidFarewell = true;
      library.ERR_clear_error();
      library.SSL_shutdown(ssl);
    },
    outgoing: () => {
      const size = live ? Number(library.BIO_ctrl_pending(output)) : 0;
      if (size === 0) return null;
      const bytes = Buffer.allocUnsafeSlow(size);
      library.BIO_read(output, bytes, size);
      return bytes;
    },
    held: () => (live ? Number(library.SSL_pending(ssl)) : 0),
    taken: () => (live ? Number(library.BIO_number_read(input)) : 0),
    ended: () => live && (Number(library.SSL_get_shutdown(ssl)) & SSL_RECEIVED_SHUTDOWN) !== 0,
    facts: () => factsOf(library, ssl, side, settings),
    free: () => {
      if (live) library.SSL_free(ssl);
      live = false;
    },
  };
};
