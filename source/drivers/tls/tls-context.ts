import { appendFileSync } from 'node:fs';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import type { TlsSettings, TlsSide, TlsVersion } from '../../core/model/tls.ts';
import { nodeCrypto, nodeTls } from './late-crypto.ts';
import { ownCertificate } from './tls-certificate.ts';
import { type Identity, readCertificates, readIdentity } from './tls-files.ts';
import type { Pointer, TlsLibrary } from './tls-library.ts';

/** From openssl/ssl.h. */
const SSL_CTRL_MODE = 33;
const SSL_CTRL_CHAIN_CERT = 89;
const SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
const SSL_CTRL_SET_MAX_PROTO_VERSION = 124;
const SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 2;
const SSL_MODE_AUTO_RETRY = 4;
const SSL_VERIFY_PEER = 1;
const SSL_VERIFY_FAIL_IF_NO_PEER_CERT = 2;
const SSL_TLSEXT_ERR_OK = 0;
const SSL_TLSEXT_ERR_NOACK = 3;
const OPENSSL_NPN_NEGOTIATED = 1;

const versionNumbers: Readonly<Record<TlsVersion, number>> = {
  TLSv1: 0x301,
  'TLSv1.1': 0x302,
  'TLSv1.2': 0x303,
  'TLSv1.3': 0x304,
};

/** Each behind its length, as they stand in the handshake (RFC 7301, 3.1). */
export const protocolList = (names: readonly string[]): Buffer =>
  Buffer.concat(names.flatMap(name => [Buffer.from([Buffer.byteLength(name)]), Buffer.from(name)]));

const withCertificate = <T>(library: TlsLibrary, der: Uint8Array, then: (x509: Pointer) => T): T => {
  const x509 = library.d2i_X509(null, library.pointerTo(der), der.length);
  try {
    return then(x509);
  } finally {
    library.X509_free(x509);
  }
};

const setIdentity = (library: TlsLibrary, context: Pointer, { chain, key }: Identity): Failure | null => {
  const [own, ...behind] = chain;
  const wasSet = withCertificate(library, own!, x509 => library.SSL_CTX_use_certificate(context, x509));
  for (const der of behind) {
    // With a copy of the reference: SSL_CTX_add1_chain_cert(3).
    withCertificate(library, der, x509 => library.SSL_CTX_ctrl(context, SSL_CTRL_CHAIN_CERT, 1, x509));
  }
  const pkey = library.d2i_AutoPrivateKey(null, library.pointerTo(key), key.length);
  const keyWasSet = library.SSL_CTX_use_PrivateKey(context, pkey);
  library.EVP_PKEY_free(pkey);
  if (wasSet === 1 && keyWasSet === 1) return null;
  return failure('SSL', reasonOf(library, 'the certificate is of a kind that TLS does not take'));
};

export const reasonOf = (library: TlsLibrary, otherwise: string): string => {
  const code = library.ERR_peek_last_error();
  return (Number(code) === 0 ? null : library.ERR_reason_error_string(code)) ?? otherwise;
};

const ownIdentity = (): Identity => {
  const { der, key } = ownCertificate();
  return { chain: [der], key: key.export({ type: 'pkcs8', format: 'der' }) };
};

/** Whom the system trusts, read once a process: some 140 certificates. */
let systemStore: Pointer | undefined;

const storeOf = (library: TlsLibrary, ders: readonly Uint8Array[]): Pointer => {
  const store = library.X509_STORE_new();
  for (const der of ders) withCertificate(library, der, x509 => library.X509_STORE_add_cert(store, x509));
  return store;
};

/** Since Node 22.15; before, those that Node comes with. */
const systemCertificates = (): readonly string[] => {
  const tls = nodeTls();
  const known = tls as { readonly getCACertificates?: (kind: 'system') => string[] };
  const system = known.getCACertificates?.('system') ?? [];
  return system.length > 0 ? system : tls.rootCertificates;
};

export const systemIsRead = (): boolean => systemStore !== undefined;

/** Reads whom the system trusts: a quarter of a second, which is no part of a handshake. */
export const readSystem = (library: TlsLibrary): void => {
  const { X509Certificate } = nodeCrypto();
  systemStore ??= storeOf(
    library,
    systemCertificates().map(pem => new X509Certificate(pem).raw),
  );
};

const trustSystem = (library: TlsLibrary, context: Pointer): void => {
  readSystem(library);
  // Takes the reference over: one more is kept here.
  library.X509_STORE_up_ref(systemStore ?? null);
  library.SSL_CTX_set_cert_store(context, systemStore ?? null);
};

const setTrust = (
  library: TlsLibrary,
  context: Pointer,
  side: TlsSide,
  { cafile, insecure }: TlsSettings,
): Failure | null => {
  if (insecure || (side === 'server' && cafile === undefined)) return null;
  library.SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, null);
  if (cafile === undefined) {
    trustSystem(library, context);
    return null;
  }
  const found = readCertificates(cafile);
  if ('kind' in found) return found;
  const store = library.SSL_CTX_get_cert_store(context);
  for (const { raw } of found)
    withCertificate(library, raw, x509 => library.X509_STORE_add_cert(store, x509));
  return null;
};

/** A server's choices, by the protocols that it takes: a callback that C has is never given back. */
const choices = new Map<string, Pointer>();

const choiceFor = (library: TlsLibrary, names: readonly string[]): Pointer => {
  const wanted = protocolList(names);
  const key = wanted.toString('latin1');
  const known = choices.get(key);
  if (known) return known;
  const choice = library.alpnChoice((_, out, outLength, offered, offeredLength) =>
    Number(library.SSL_select_next_proto(out, outLength, wanted, wanted.length, offered, offeredLength)) ===
    OPENSSL_NPN_NEGOTIATED
      ? SSL_TLSEXT_ERR_OK
      : SSL_TLSEXT_ERR_NOACK,
  );
  choices.set(key, choice);
  return choice;
};

const setAlpn = (library: TlsLibrary, context: Pointer, side: TlsSide, names: readonly string[]): void => {
  const wanted = protocolList(names);
  if (side === 'client') library.SSL_CTX_set_alpn_protos(context, wanted, wanted.length);
  else library.SSL_CTX_set_alpn_select_cb(context, choiceFor(library, names), null);
};

const identityFor = (side: TlsSide, { certfile, keyfile }: TlsSettings): Identity | Failure | null => {
  if (certfile !== undefined) return readIdentity(certfile, keyfile);
  return side === 'server' ? ownIdentity() : null;
};

let keyLog: Pointer | undefined;

/**
 * Where the environment names a file for it, secrets of every connection are written there, as browsers and curl do, so that
 * a capture can be read (SSLKEYLOGFILE; draft-ietf-tls-keylogfile). Python's ssl.create_default_context honours it as well.
 */
const keyLogOf = (library: TlsLibrary): Pointer => {
  const path = process.env.SSLKEYLOGFILE;
  if (path === undefined || path === '') return null;
  keyLog ??= library.keyLog((_, line) => {
    try {
      appendFileSync(path, `${line}\n`, { mode: 0o600 });
    } catch {
      // A handshake does not fail because nobody can write down its secrets.
    }
  });
  return keyLog;
};

const setUp = (
  library: TlsLibrary,
  context: Pointer,
  side: TlsSide,
  settings: TlsSettings,
): Failure | null => {
  const { min = 'TLSv1.2', max, alpn } = settings;
  library.SSL_CTX_ctrl(
    context,
    SSL_CTRL_MODE,
    SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY,
    null,
  );
  library.SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, versionNumbers[min], null);
  if (max) library.SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, versionNumbers[max], null);
  const sessions = Buffer.from('sockbench');
  library.SSL_CTX_set_session_id_context(context, sessions, sessions.length);
  if (alpn && alpn.length > 0) setAlpn(library, context, side, alpn);
  const log = keyLogOf(library);
  if (log) library.SSL_CTX_set_keylog_callback(context, log);
  const identity = identityFor(side, settings);
  if (identity && 'kind' in identity) return identity;
  return (identity && setIdentity(library, context, identity)) ?? setTrust(library, context, side, settings);
};

/** A context as Python's ssl.create_default_context makes one for that side, with these settings; the caller frees it. */
export const makeContext = (
  library: TlsLibrary,
  side: TlsSide,
  settings: TlsSettings,
): { readonly context: Pointer } | Failure => {
  library.ERR_clear_error();
  const context = library.SSL_CTX_new(library.TLS_method());
  const refused = setUp(library, context, side, settings);
  if (!refused) return { context };
  library.SSL_CTX_free(context);
  return refused;
};
