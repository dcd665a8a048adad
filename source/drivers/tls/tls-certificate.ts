import type { KeyObject } from 'node:crypto';
import { familyOf } from '../../core/addresses/ip.ts';
import { nodeCrypto } from './late-crypto.ts';

/*
 * Certificates made here, as X.509 in DER (RFC 5280; ITU-T X.690): Node reads certificates and makes none.
 */

/** A certificate in DER, and its key in PKCS #8. */
export type MadeCertificate = {
  readonly subject: string;
  readonly der: Uint8Array;
  readonly key: KeyObject;
  /** The identifier of its key, which what it signs names (RFC 5280, 4.2.1.2). */
  readonly keyId: Uint8Array;
};

/** `names`: hosts and addresses that it is for. Without an issuer it signs itself. Times in ms since 1970. */
export type Wish = {
  readonly subject: string;
  readonly names: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly signs?: boolean;
  readonly issuer?: MadeCertificate;
};

/** Tags of ASN.1 that a certificate needs; those from 0x80 up are its own, by their place. */
const tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  object: 0x06,
  text: 0x0c,
  utcTime: 0x17,
  time: 0x18,
  sequence: 0x30,
  set: 0x31,
};

const lengthOf = (size: number): number[] => {
  if (size < 0x80) return [size];
  return size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
};

const value = (kind: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([kind, ...lengthOf(body.length)]), body]);
};

const sequence = (...parts: readonly Uint8Array[]): Buffer => value(tag.sequence, ...parts);

/** An object identifier: seven bits a byte, the first two numbers in one (X.690, 8.19). */
const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const number of rest) {
    const digits = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return value(tag.object, Buffer.from(bytes));
};

/** Two digits of the year up to 2049, four from then on (RFC 5280, 4.1.2.5). */
const moment = (ms: number): Buffer => {
  const digits = `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
  return Number(digits.slice(0, 4)) < 2050
    ? value(tag.utcTime, Buffer.from(digits.slice(2)))
    : value(tag.time, Buffer.from(digits));
};

const commonName = (name: string): Buffer =>
  sequence(value(tag.set, sequence(objectId('2.5.4.3'), value(tag.text, Buffer.from(name)))));

const extension = (id: string, critical: boolean, body: Uint8Array): Buffer =>
  sequence(
    objectId(id),
    ...(critical ? [value(tag.boolean, Buffer.from([0xff]))] : []),
    value(tag.bytes, body),
  );

/** 16 bytes of an IPv6 address in any of its spellings. */
const bytesOfV6 = (host: string): Buffer => {
  const [before = '', after] = host.split('::');
  const words = (text: string) => (text === '' ? [] : text.split(':').map(word => Number.parseInt(word, 16)));
  const [left, right] = [words(before), after === undefined ? [] : words(after)];
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
  return Buffer.from(all.flatMap(word => [word >> 8, word & 0xff]));
};

/** A name that a certificate is for: dNSName is the third choice of a GeneralName, iPAddress the eighth. */
const generalName = (name: string): Buffer => {
  const family = familyOf(name);
  if (family === null) return value(0x82, Buffer.from(name));
  return value(0x87, family === 'AF_INET6' ? bytesOfV6(name) : Buffer.from(name.split('.').map(Number)));
};

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));

const extensionsOf = ({ names, signs, issuer }: Wish, keyId: Uint8Array): Buffer =>
  sequence(
    extension('2.5.29.19', true, signs ? sequence(value(tag.boolean, Buffer.from([0xff]))) : sequence()),
    // keyCertSign and cRLSign: the sixth and the seventh bit.
    ...(signs ? [extension('2.5.29.15', true, value(tag.bits, Buffer.from([1, 0x06])))] : []),
    extension('2.5.29.14', false, value(tag.bytes, keyId)),
    ...(issuer ? [extension('2.5.29.35', false, sequence(value(0x80, issuer.keyId)))] : []),
    ...(names.length > 0 ? [extension('2.5.29.17', false, sequence(...names.map(generalName)))] : []),
  );

/** A certificate and a new key of it, on the curve P-256, which every peer knows. */
export const makeCertificate = (wish: Wish): MadeCertificate => {
  const { subject, issuer, from, until } = wish;
  const { createHash, generateKeyPairSync, randomBytes, sign } = nodeCrypto();
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const keyId = createHash('sha1').update(spki).digest();
  // Positive, as a serial number must be.
  const serial = Buffer.concat([Buffer.from([0x40]), randomBytes(15)]);
  const signed = sequence(
    value(0xa0, value(tag.integer, Buffer.from([2]))),
    value(tag.integer, serial),
    ecdsaWithSha256,
    commonName(issuer?.subject ?? subject),
    sequence(moment(from), moment(until)),
    commonName(subject),
    spki,
    value(0xa3, extensionsOf(wish, keyId)),
  );
  const signature = sign('sha256', signed, issuer?.key ?? privateKey);
  const der = sequence(signed, ecdsaWithSha256, value(tag.bits, Buffer.from([0]), signature));
  return { subject, der, key: privateKey, keyId };
};

export const pemOf = (kind: 'CERTIFICATE' | 'PRIVATE KEY', der: Uint8Array): string => {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----\n`;
};

const day = 24 * 60 * 60 * 1000;

/** Clocks differ: it is good from an hour ago. */
const leeway = 60 * 60 * 1000;

let own: MadeCertificate | undefined;

/** The one of this process, for servers that were given none: it has signed itself, for 30 days, for this machine's own names. */
export const ownCertificate = (): MadeCertificate => {
  const now = Date.now();
  own ??= makeCertificate({
    subject: 'localhost',
    names: ['localhost', '127.0.0.1', '::1'],
    from: now - leeway,
    until: now + 30 * day,
  });
  return own;
};
