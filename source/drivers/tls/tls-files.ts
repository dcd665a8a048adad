import type { KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { quoteText } from '../../core/bytes/payload.ts';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import { isErrorCode } from '../../core/words/error-table.ts';
import { nodeCrypto } from './late-crypto.ts';

/** Bytes of the largest file of certificates that is read: a system's whole store has some 250 KiB. */
const largest = 4 << 20;

const certificates = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The text of a file; a pipe or a device, which may never end, is refused. */
const textOf = (path: string): string | Failure => {
  try {
    const { size, isFile } = ((stat = statSync(path)) => ({ size: stat.size, isFile: stat.isFile() }))();
    if (!isFile) return failure('VALUE', `${quoteText(path)} is no regular file`);
    if (size > largest)
      return failure('VALUE', `${quoteText(path)} is too large for certificates: ${size} bytes`);
    return readFileSync(path, 'latin1');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return isErrorCode(code) ? failure(code, path) : failure('UNKNOWN', message);
  }
};

/** Python says so of a file that holds no PEM, or another than it should. */
const noPem = (why: string): Failure => failure('SSL', `PEM lib: ${why}`);

/** The certificates of a PEM file, in their order. */
export const readCertificates = (path: string): readonly X509Certificate[] | Failure => {
  const text = textOf(path);
  if (typeof text !== 'string') return text;
  const found = text.match(certificates) ?? [];
  if (found.length === 0) return noPem(`${quoteText(path)} holds no certificate`);
  try {
    const { X509Certificate: Read } = nodeCrypto();
    return found.map(pem => new Read(pem));
  } catch {
    return noPem(`${quoteText(path)} holds a certificate that cannot be read`);
  }
};

/** The private key of a PEM file. */
export const readKey = (path: string): KeyObject | Failure => {
  const text = textOf(path);
  if (typeof text !== 'string') return text;
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return noPem(`${quoteText(path)} holds no private key`);
  try {
    return nodeCrypto().createPrivateKey(text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const locked = code === 'ERR_MISSING_PASSPHRASE' || /decrypt|passphrase/i.test((error as Error).message);
    return noPem(
      locked
        ? `the key in ${quoteText(path)} is encrypted: write it out without a passphrase first`
        : `${quoteText(path)} holds a key that cannot be read`,
    );
  }
};

export type Identity = { readonly chain: readonly Uint8Array[]; readonly key: Uint8Array };

const keyBytes = (key: KeyObject): Uint8Array => key.export({ type: 'pkcs8', format: 'der' });

/** A certificate, those behind it, and the key, which may stand in the same file. */
export const readIdentity = (certfile: string, keyfile: string | undefined): Identity | Failure => {
  const chain = readCertificates(certfile);
  if ('kind' in chain) return chain;
  const key = readKey(keyfile ?? certfile);
  if ('kind' in key) return key;
  if (!chain[0]!.checkPrivateKey(key))
    return failure(
      'SSL',
      `key values mismatch: ${quoteText(keyfile ?? certfile)} is not the key of ${quoteText(certfile)}`,
    );
  return { chain: chain.map(({ raw }) => raw), key: keyBytes(key) };
};
