import { describe, expect, it } from 'vitest';
import { type Failure, failure } from '../../source/core/calls/outcome.ts';
import { formatCall, parseCall } from '../../source/core/language/line.ts';
import { explain } from '../../source/core/words/errors.ts';

const callOf = (line: string) => {
  const parsed = parseCall(line);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};

describe('a wrap as a line', () => {
  it.each([
    ['c1.wrap', 'c1.wrap client'],
    [
      'a1.wrap server certfile cert.pem keyfile "my key.pem"',
      'a1.wrap server certfile "cert.pem" keyfile "my key.pem"',
    ],
    [
      'c1.wrap client insecure server_hostname "a.example"',
      'c1.wrap client server_hostname "a.example" insecure',
    ],
    [
      'c1.wrap client alpn "h2, http/1.1" min TLSv1_2 max ssl.TLSVersion.TLSv1_3',
      'c1.wrap client alpn "h2,http/1.1" min TLSv1.2 max TLSv1.3',
    ],
    ['c1.wrap client min 1.2', 'c1.wrap client min TLSv1.2'],
  ])('%s', (line, written) => {
    expect(formatCall(callOf(line))).toBe(written);
    expect(callOf(written)).toEqual(callOf(line));
  });

  it.each([
    ['c1.wrap client hostname x', 15, /hostname is no setting of TLS/],
    ['c1.wrap client cafile', 21, /cafile needs a value/],
    ['c1.wrap client min TLSv9', 19, /"TLSv9" is no version of TLS: write TLSv1, TLSv1.1/],
    ['c1.wrap client alpn "h2,,x"', 20, /a protocol has a name of 1 to 255 bytes/],
    ['c1.wrap client insecure insecure', 24, /twice/],
    ['c1.wrap both', 8, /both is no side of TLS/],
  ])('%s is refused at its column', (line, column, message) => {
    expect(parseCall(line)).toMatchObject({ ok: false, column, message: expect.stringMatching(message) });
  });
});

describe('an error of TLS', () => {
  const told = (line: string, failed: Failure) => explain(failed, callOf(line));
  const client = 'c1.wrap client server_hostname "a.example"';

  it('of a certificate has its number, its own layer, and what to do', () => {
    const said = told(client, { ...failure('SSL_CERT', 'self-signed certificate'), verify: 18 });
    expect(said).toMatchObject({
      layer: 'tls',
      errno: 1,
      python: 'ssl.SSLCertVerificationError',
      pythonText: '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate',
      sentence:
        'the server shows a certificate that it has signed itself (verify error 18: self-signed certificate)',
    });
    expect(said.advice).toMatch(/--ca FILE.*insecure/);
  });

  it.each([
    [10, 'certificate has expired', /has expired/, /certificate has expired/],
    [
      62,
      'hostname mismatch',
      /for other names than "a.example"/,
      /Hostname mismatch, certificate is not valid for 'a.example'\./,
    ],
    [
      20,
      'unable to get local issuer certificate',
      /nobody who is trusted here/,
      /unable to get local issuer/,
    ],
  ])('%d is said', (verify, detail, sentence, python) => {
    const said = told(client, { ...failure('SSL_CERT', detail), verify });
    expect(said.sentence).toMatch(sentence);
    expect(said.pythonText).toMatch(python);
  });

  it.each([
    ['wrong version number', /does not speak TLS here/, '[SSL: WRONG_VERSION_NUMBER] wrong version number'],
    ['http request', /plain HTTP/, '[SSL: HTTP_REQUEST] http request'],
    [
      'tlsv1 alert unknown ca',
      /does not trust who signed/,
      '[SSL: TLSV1_ALERT_UNKNOWN_CA] tlsv1 alert unknown ca',
    ],
    [
      'unsupported protocol',
      /no version of TLS in common/,
      '[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol',
    ],
    [
      'key values mismatch: "k" is not the key of "c"',
      /"k" is not the key of "c"/,
      '[X509: KEY_VALUES_MISMATCH] key values mismatch',
    ],
    ['PEM lib: "c" holds no certificate', /"c" holds no certificate/, '[SSL] PEM lib'],
  ])('"%s" is said', (detail, sentence, python) => {
    const said = told(client, failure('SSL', detail));
    expect(said.sentence).toMatch(sentence);
    expect(said.pythonText).toBe(python);
    expect(said.layer).toBe('tls');
  });

  it('that is an end says whether it came in the handshake', () => {
    expect(told(client, failure('SSL_EOF')).sentence).toMatch(/in the middle of the handshake/);
    expect(told('c1.send "x"', failure('SSL_EOF')).sentence).toMatch(/had not ended TLS before/);
  });
});
