import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCertificate, ownCertificate } from '../../source/drivers/tls/tls-certificate.ts';
import { certificateOf } from '../../source/drivers/tls/tls-facts.ts';
import { certificates } from '../support/certificates.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

const files = certificates();
afterAll(files.dispose);

const verify = (...args: string[]): string => {
  const { stdout, stderr } = spawnSync('openssl', ['verify', ...args], { encoding: 'utf8' });
  return stdout + stderr;
};

describe('a certificate made here', () => {
  it('is for the names that it was made for', () => {
    const { der } = makeCertificate({
      subject: 'x',
      names: ['a.example', '127.0.0.1', 'fe80::1:2'],
      from: 0,
      until: 1e12,
    });
    const read = new X509Certificate(der);
    expect(read.subject).toBe('CN=x');
    expect(read.checkHost('a.example')).toBe('a.example');
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(read.checkIP('fe80::1:2')).toBe('fe80::1:2');
    expect(read.checkHost('b.example')).toBeUndefined();
  });

  it.each([0, 2.5e12, 3e12, 1e13])('keeps its dates (%d ms)', until => {
    const { der } = makeCertificate({ subject: 'x', names: [], from: 0, until });
    expect(Date.parse(new X509Certificate(der).validTo)).toBe(until);
  });

  it('of a peer may have dates that are none', () => {
    const { der } = makeCertificate({ subject: 'x', names: [], from: 0, until: 4e12 });
    const text = Buffer.from(der)
      .toString('latin1')
      .replace(/\d{14}Z/, '20961002070x40Z');
    expect(certificateOf(Buffer.from(text, 'latin1'))).toMatchObject({
      subject: 'CN=x',
      from: 0,
      until: null,
    });
  });

  it('of this process is one, whose key is its own', () => {
    const own = ownCertificate();
    expect(ownCertificate()).toBe(own);
    const read = new X509Certificate(own.der);
    expect(read.checkPrivateKey(own.key)).toBe(true);
    expect(read.verify(read.publicKey)).toBe(true);
  });

  it.runIf(hasOpenssl)('is one by the letter of RFC 5280, as openssl has it', () => {
    const { ca, good, own } = files;
    expect(verify('-x509_strict', '-CAfile', ca, good.cert)).toContain(': OK');
    expect(verify('-CAfile', own.cert, own.cert)).toContain(': OK');
    expect(verify('-x509_strict', '-CAfile', ca, files.expired.cert)).toContain('certificate has expired');
    expect(verify('-x509_strict', '-CAfile', ca, own.cert)).toMatch(/self.signed certificate/);
  });
});
