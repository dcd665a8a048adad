import { describe, expect, it } from 'vitest';
import type { Certificate, TlsFacts, TlsState } from '../../source/core/model/tls.ts';
import {
  certificateWords,
  tlsWords,
  verificationWords,
  wireWords,
} from '../../source/core/words/tls-facts-words.ts';

const certificate: Certificate = {
  subject: 'CN=localhost',
  issuer: 'CN=Test authority',
  names: ['localhost', '127.0.0.1'],
  from: Date.parse('2026-01-02T03:00:00Z'),
  until: Date.parse('2027-01-02T03:00:00Z'),
  sha256: 'ab12',
};

const facts: TlsFacts = {
  side: 'client',
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  alpn: 'h2',
  sni: 'localhost',
  verified: true,
  verify: 0,
  verifyWords: 'ok',
  chain: [certificate],
};

const state = (more: Partial<TlsState> = {}): TlsState => ({
  facts,
  settings: {},
  wire: { taken: 2048, given: 1024, held: 0 },
  tickets: 0,
  ...more,
});

describe('what is known of a TLS connection', () => {
  it('may be dates that are none, which a peer wrote', () => {
    const words = certificateWords({ ...certificate, from: null, until: null });
    expect(words).toContain('; no readable date to no readable date; SHA-256');
  });

  it('is said in a line', () => {
    expect(tlsWords(state())).toBe('TLSv1.3, TLS_AES_256_GCM_SHA384, ALPN h2, SNI localhost, verified');
    const unasked = { ...facts, alpn: '', sni: '', verified: false };
    expect(tlsWords(state({ facts: unasked }))).toBe('TLSv1.3, NOT verified, TLS_AES_256_GCM_SHA384');
  });

  it('of a listener is what it shows to those that it accepts', () => {
    expect(tlsWords(state({ facts: null }))).toMatch(/wrapped in TLS, with a certificate made here/);
    expect(tlsWords(state({ facts: null, settings: { certfile: '/x.pem' } }))).toMatch(/with \/x\.pem/);
    expect(wireWords(state({ facts: null }))).toBe('');
  });

  it('counts records apart from what they carry, and says what lies in user space', () => {
    expect(wireWords(state())).toBe('as records 1.0 KiB sent, 2.0 KiB received');
    const held = state({ wire: { taken: 2048, given: 1024, held: 6 }, tickets: 510 });
    expect(wireWords(held)).toBe(
      "as records 1.0 KiB sent, 2.0 KiB received, 510 bytes of them TLS's own (session tickets); 6 bytes decrypted and not received (in user space)",
    );
  });

  it('says who was looked at, and who was not', () => {
    expect(verificationWords(facts)).toBe('verified');
    const odd = { ...facts, verified: false, verify: 18, verifyWords: 'self-signed certificate' };
    expect(verificationWords(odd)).toBe(
      'not verified: nobody looked at it; OpenSSL says 18: self-signed certificate',
    );
    const server: TlsFacts = { ...facts, side: 'server', verified: false, chain: [] };
    expect(verificationWords(server)).toBe('the client was asked for no certificate');
  });

  it('has of a certificate whose it is, who signed it, and its dates', () => {
    expect(certificateWords(certificate)).toBe(
      'CN=localhost, for localhost, 127.0.0.1; signed by CN=Test authority; 2026-01-02 to 2027-01-02; SHA-256 ab12',
    );
    expect(certificateWords({ ...certificate, names: [], issuer: 'CN=localhost' })).toMatch(
      /^CN=localhost; signed by itself;/,
    );
  });
});
