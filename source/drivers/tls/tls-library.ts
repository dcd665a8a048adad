import { t } from '../../core/words/translate.ts';
import { loadKoffi } from '../native/native-library.ts';

/*
 * The OpenSSL inside this Node, called directly. Node documents none of it: its binary exports the functions of its own
 * OpenSSL for native add-ons. Only drivers/tls-*.ts use it, and tlsLibrary() tries it before the first handshake.
 */

/** A pointer of C's, which only goes back where it came from. */
export type Pointer = { readonly pointer: never } | null;

type Koffi = {
  readonly errno: () => number;
  readonly load: (path: null) => { readonly func: (declaration: string) => unknown };
  readonly proto: (declaration: string) => unknown;
  readonly pointer: (type: unknown) => unknown;
  readonly register: (callback: (...given: never[]) => unknown, type: unknown) => Pointer;
  readonly address: (value: ArrayBufferView) => bigint;
  readonly decode: (value: unknown, type: unknown, length?: number) => unknown;
  readonly array: (type: string, length: number, hint?: string) => unknown;
};

/*
 * What each takes, as OpenSSL's manual pages of section 3 have it, by what they return.
 */

/** A number, and its type: success is mostly 1 and above. */
const numbers = {
  SSL_CTX_ctrl: 'long (void *, int, long, void *)',
  SSL_CTX_use_certificate: 'int (void *, void *)',
  SSL_CTX_use_PrivateKey: 'int (void *, void *)',
  SSL_CTX_check_private_key: 'int (void *)',
  SSL_CTX_set_alpn_protos: 'int (void *, void *, unsigned int)',
  SSL_CTX_set_session_id_context: 'int (void *, void *, unsigned int)',
  SSL_select_next_proto: 'int (void *, void *, void *, unsigned int, void *, unsigned int)',
  X509_STORE_up_ref: 'int (void *)',
  X509_STORE_add_cert: 'int (void *, void *)',
  i2d_X509: 'int (void *, void *)',
  SSL_ctrl: 'long (void *, int, long, const char *)',
  SSL_set1_host: 'int (void *, const char *)',
  X509_VERIFY_PARAM_set1_ip_asc: 'int (void *, const char *)',
  SSL_do_handshake: 'int (void *)',
  SSL_read: 'int (void *, void *, int)',
  SSL_write: 'int (void *, void *, int)',
  SSL_shutdown: 'int (void *)',
  SSL_get_shutdown: 'int (void *)',
  SSL_pending: 'int (void *)',
  SSL_get_error: 'int (void *, int)',
  SSL_get_verify_result: 'long (void *)',
  OPENSSL_sk_num: 'int (void *)',
  BIO_free: 'int (void *)',
  BIO_read: 'int (void *, void *, int)',
  BIO_ctrl_pending: 'size_t (void *)',
  BIO_number_read: 'uint64_t (void *)',
  ERR_peek_last_error: 'unsigned long ()',
} as const;

/** An address, null where there is nothing. */
const pointers = {
  TLS_method: '',
  SSL_CTX_new: 'void *',
  SSL_CTX_get_cert_store: 'void *',
  X509_STORE_new: '',
  d2i_X509: 'void *, void *, long',
  d2i_AutoPrivateKey: 'void *, void *, long',
  SSL_new: 'void *',
  SSL_get0_param: 'void *',
  SSL_get_current_cipher: 'void *',
  SSL_get1_peer_certificate: 'void *',
  SSL_get_peer_cert_chain: 'void *',
  OPENSSL_sk_value: 'void *, int',
  OPENSSL_sk_new_null: '',
  BIO_new_socket: 'int, int',
  BIO_new: 'void *',
  BIO_s_mem: '',
} as const;

/** A text of OpenSSL's own. */
const texts = {
  OpenSSL_version: 'int',
  X509_verify_cert_error_string: 'long',
  SSL_get_version: 'void *',
  SSL_CIPHER_get_name: 'void *',
  SSL_get_servername: 'void *, int',
  ERR_reason_error_string: 'unsigned long',
} as const;

/** Nothing. */
const others = {
  SSL_CTX_free: 'void *',
  SSL_CTX_set_verify: 'void *, int, void *',
  SSL_CTX_set_cert_store: 'void *, void *',
  SSL_CTX_set_client_CA_list: 'void *, void *',
  SSL_CTX_set_alpn_select_cb: 'void *, void *, void *',
  SSL_CTX_set_keylog_callback: 'void *, void *',
  X509_STORE_free: 'void *',
  X509_free: 'void *',
  EVP_PKEY_free: 'void *',
  SSL_free: 'void *',
  SSL_set_bio: 'void *, void *, void *',
  SSL_set_connect_state: 'void *',
  SSL_set_accept_state: 'void *',
  SSL_get0_alpn_selected: 'void *, void *, void *',
  ERR_clear_error: '',
} as const;

type Argument = Pointer | ArrayBufferView | number | bigint | string;

type Functions = { readonly [N in keyof typeof numbers]: (...given: Argument[]) => number | bigint } & {
  readonly [N in keyof typeof pointers]: (...given: Argument[]) => Pointer;
} & { readonly [N in keyof typeof texts]: (...given: Argument[]) => string | null } & {
  readonly [N in keyof typeof others]: (...given: Argument[]) => void;
};

/** A server's choice of protocol: `in` and `inLength` are what the client offers (SSL_CTX_set_alpn_select_cb(3)). */
export type AlpnChoice = (
  ssl: Pointer,
  out: Pointer,
  outLength: Pointer,
  offered: Pointer,
  offeredLength: number,
) => number;

export type TlsLibrary = Functions & {
  /** Of the function called last. */
  readonly errno: () => number;
  /** For a pointer to a pointer: 8 bytes that hold where these are. */
  readonly pointerTo: (bytes: Uint8Array) => Uint8Array;
  /** So many bytes of where 8 bytes say. */
  readonly bytesAt: (pointer: Uint8Array, length: number) => Uint8Array;
  readonly alpnChoice: (choice: AlpnChoice) => Pointer;
  readonly keyLog: (line: (ssl: Pointer, line: string) => void) => Pointer;
};

const declarations = (): (readonly [name: string, declaration: string])[] => [
  ...Object.entries(numbers).map(([name, text]) => [name, text.replace(' (', ` ${name}(`)] as const),
  ...Object.entries(pointers).map(([name, text]) => [name, `void *${name}(${text})`] as const),
  ...Object.entries(texts).map(([name, text]) => [name, `const char *${name}(${text})`] as const),
  ...Object.entries(others).map(([name, text]) => [name, `void ${name}(${text})`] as const),
];

const open = (): TlsLibrary => {
  const koffi = loadKoffi() as unknown as Koffi;
  const library = koffi.load(null);
  const functions = Object.fromEntries(declarations().map(([name, text]) => [name, library.func(text)]));
  let alpn: unknown;
  let log: unknown;
  return {
    ...(functions as unknown as Functions),
    errno: koffi.errno,
    pointerTo: bytes => {
      const cell = new BigUint64Array([koffi.address(bytes)]);
      return new Uint8Array(cell.buffer);
    },
    bytesAt: (pointer, length) =>
      Uint8Array.from(koffi.decode(koffi.decode(pointer, 'void *'), 'uint8_t', length) as number[]),
    alpnChoice: choice => {
      alpn ??= koffi.pointer(
        koffi.proto('int SockbenchAlpn(void *, void *, void *, void *, unsigned int, void *)'),
      );
      return koffi.register(choice as (...given: never[]) => unknown, alpn);
    },
    keyLog: line => {
      log ??= koffi.pointer(koffi.proto('void SockbenchKeyLog(void *, const char *)'));
      return koffi.register(line as (...given: never[]) => unknown, log);
    },
  };
};

/** What everything here hangs on, tried once: a context and a connection can be made of this OpenSSL. */
const selfTest = (library: TlsLibrary): string | null => {
  const version = library.OpenSSL_version(0) ?? '';
  if (!version.startsWith('OpenSSL 3')) return t`this Node has ${version || t('no OpenSSL')}, not OpenSSL 3`;
  const context = library.SSL_CTX_new(library.TLS_method());
  if (!context) return t('OpenSSL makes no context');
  const ssl = library.SSL_new(context);
  library.SSL_CTX_free(context);
  if (!ssl) return t('OpenSSL makes no connection');
  library.SSL_free(ssl);
  return null;
};

const load = (): TlsLibrary | string => {
  if (process.platform !== 'linux') return t`known for Linux only, this is ${process.platform}`;
  try {
    const library = open();
    return selfTest(library) ?? library;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND') return t('the optional package koffi is not installed');
    return t`this Node's OpenSSL is out of reach: ${message.split('\n')[0]}`;
  }
};

let loaded: TlsLibrary | string | undefined;

export const tlsIsKnown = (): boolean => loaded !== undefined;

/** Node's OpenSSL, or the reason why it is out of reach. Loads koffi and some 70 functions when first asked. */
export const tlsLibrary = (): TlsLibrary | string => {
  loaded ??= load();
  return loaded;
};
