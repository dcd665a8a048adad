import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultHost,
  defaultPort,
  formatEndpoint,
  parseAddress,
} from '../../source/core/addresses/address.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { familyOf, isLoopback, isWildcard, withWildcard } from '../../source/core/addresses/ip.ts';
import { sameEndpoint } from '../../source/core/addresses/twins.ts';
import { anyEndpoint, anyText, unsafe } from './arbitraries.ts';

describe('ADDR', () => {
  it.each([
    ['9000', defaultHost, 9000],
    ['http', defaultHost, 'http'],
    [':80', '', 80],
    [':http', '', 'http'],
    ['*:80', '*', 80],
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['example.org:http', 'example.org', 'http'],
    ['example.org 80', 'example.org', 80],
    ['  localhost   80 ', 'localhost', 80],
    ['::1 80', '::1', 80],
    ['[::1]:80', '::1', 80],
    ['[::1] 80', '::1', 80],
    ['[fe80::1%eth0]:80', 'fe80::1%eth0', 80],
    ['localhost', 'localhost', defaultPort],
    ['127.0.0.1', '127.0.0.1', defaultPort],
    ['db.local', 'db.local', defaultPort],
    ['[::1]', '::1', defaultPort],
    ['"no such host":80', 'no such host', 80],
    ["'no such host' 80", 'no such host', 80],
    ['127.0.0.1:0', '127.0.0.1', 0],
    ['127.0.0.1:65535', '127.0.0.1', 65535],
  ])('%s', (text, host, port) => {
    expect(parseAddress(text)).toMatchObject({ ok: true, value: { endpoint: inet(host, port) } });
  });

  it.each([
    ['tcp://127.0.0.1:80', 'SOCK_STREAM', '127.0.0.1', 80],
    ['udp://[::1]:53/', 'SOCK_DGRAM', '::1', 53],
    ['UDP://:5000', 'SOCK_DGRAM', '', 5000],
    ['tcp://example.org', 'SOCK_STREAM', 'example.org', defaultPort],
  ])('%s', (text, type, host, port) => {
    expect(parseAddress(text)).toMatchObject({ ok: true, value: { type, endpoint: inet(host, port) } });
  });

  it.each([
    ['tls://example.org', 'example.org', 443],
    ['tls://127.0.0.1:9443/', '127.0.0.1', 9443],
    ['TLS://:9443', '', 9443],
    ['tls://[::1]', '::1', 443],
  ])('%s, where the caller wraps', (text, host, port) => {
    const wrapped = { ok: true, value: { type: 'SOCK_STREAM', tls: true, endpoint: inet(host, port) } };
    expect(parseAddress(text, { tls: true })).toMatchObject(wrapped);
    expect(parseAddress(text)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/tls:\/\/ is not known: here/i),
    });
  });

  it('says of an address in the clear nothing of TLS', () => {
    expect(parseAddress('tcp://example.org', { tls: true })).not.toHaveProperty('value.tls');
  });

  it('names the family of a literal', () => {
    expect(parseAddress('[::1]:1')).toMatchObject({ value: { family: 'AF_INET6' } });
    expect(parseAddress('127.0.0.1:1')).toMatchObject({ value: { family: 'AF_INET' } });
    expect(parseAddress('localhost:1')).not.toHaveProperty('value.family');
  });

  it.each([
    ['', 0, /missing/],
    ['localhost:', 10, /port is missing/],
    ['localhost:70000', 10, /70000 is no port: ports go from 0 to 65535/],
    ['99999', 0, /99999 is no port/],
    ['localhost:-1', 10, /-1 is no port/],
    ['::1:80', 0, /brackets/],
    ['a:b:c', 0, /more than one colon/],
    ['[::1', 0, /bracket opened here is not closed/],
    ['[127.0.0.1]:80', 1, /no IPv6 address/],
    ['[::1]80', 5, /":" and a port/],
    ['"abc:80', 0, /quote opened here is not closed/],
    ['host 80 90', 5, /"80 90" is neither a port/],
    ['local\x1bhost:80', 0, /local\\x1bhost/],
    ['http://example.org/', 0, /tcp:\/\/example.org/],
    ['tcp://', 6, /address is missing/],
    ['tcp://host:80/path', 13, /"\/path" is too much/],
    ['udp://host:99999', 11, /no port/],
    ['   :99999', 4, /no port/],
    ['x'.repeat(5000), 0, /too long/],
  ])('%j is refused at its column', (text, column, message) => {
    const result = parseAddress(text);
    expect(result).toMatchObject({ ok: false, column });
    expect(!result.ok && result.message).toMatch(message);
    expect(!result.ok && result.message).not.toMatch(unsafe);
  });

  it('hands any port over where a call asks for it', () => {
    expect(parseAddress('127.0.0.1:70000', { anyPort: true })).toMatchObject({
      value: { endpoint: { port: 70000 } },
    });
    expect(parseAddress('127.0.0.1:-1', { anyPort: true })).toMatchObject({
      value: { endpoint: { port: -1 } },
    });
    expect(parseAddress('127.0.0.1:1e9', { anyPort: true })).toMatchObject({
      value: { endpoint: { port: '1e9' } },
    });
  });

  it('reads back every endpoint that it writes, and writes nothing unsafe', () => {
    fc.assert(
      fc.property(anyEndpoint, endpoint => {
        const text = formatEndpoint(endpoint);
        expect(text).not.toMatch(unsafe);
        expect(parseAddress(text)).toMatchObject({ ok: true, value: { endpoint } });
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(anyText, text => {
        const result = parseAddress(text);
        if (!result.ok) expect(result.message).not.toMatch(unsafe);
      }),
    );
  });
});

describe('literals', () => {
  it('agrees with node:net on what is one', () => {
    const pieces = fc.array(
      fc.constantFrom('::', ':', '0', '1', 'ffff', '127.0.0.1', '.', '256', '01', 'g', '12345'),
      {
        maxLength: 9,
      },
    );
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      pieces.map(parts => parts.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(text, host => {
        const version = net.isIP(host);
        const expected = version === 0 ? null : version === 4 ? 'AF_INET' : 'AF_INET6';
        expect(familyOf(host)).toBe(expected);
      }),
      { numRuns: 3000 },
    );
  });

  it('knows loopback and wildcard however written', () => {
    const loopback = ['127.0.0.1', '127.9.9.9', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'LOCALHOST'];
    const wildcard = ['', '*', '0.0.0.0', '::', '0:0:0:0:0:0:0:0', '::ffff:0.0.0.0'];
    for (const host of loopback)
      expect([host, isLoopback(host), isWildcard(host)]).toEqual([host, true, false]);
    for (const host of wildcard)
      expect([host, isLoopback(host), isWildcard(host)]).toEqual([host, false, true]);
    for (const host of ['10.0.0.1', '128.0.0.1', '::2', 'a', '127.example.org']) {
      expect([host, isLoopback(host), isWildcard(host)]).toEqual([host, false, false]);
    }
  });

  it("maps '' and * by family, as Python binds them", () => {
    expect(withWildcard('', 'AF_INET')).toBe('0.0.0.0');
    expect(withWildcard('*', 'AF_INET6')).toBe('::');
    expect(withWildcard('::1', 'AF_INET6')).toBe('::1');
  });

  it.each([
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['127.0.0.1', '::ffff:127.0.0.1', true],
    ['127.0.0.1', '::ffff:7f00:1', true],
    ['FE80::A%eth0', 'fe80::a%eth0', true],
    ['fe80::a%eth0', 'fe80::a%eth1', false],
    ['::1%lo', '::1', true],
    ['ff02::1%eth0', 'ff02::1%eth1', false],
    ['127.1', '127.0.0.1', true],
    ['127.0.0.256', '127.0.1.0', false],
    ['Localhost', 'localhost', true],
    ['localhost', '127.0.0.1', false],
  ])('%s and %s', (a, b, same) => {
    expect(sameEndpoint(inet(a, 80), inet(b, 80))).toBe(same);
    expect(sameEndpoint(inet(a, 80), inet(b, 81))).toBe(false);
  });
});
