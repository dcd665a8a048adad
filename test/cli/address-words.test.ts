import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AddressFlags, readAddresses } from '../../source/cli/address-words.ts';
import type { Verb } from '../../source/cli/tls-flags.ts';
import { formatEndpoint } from '../../source/core/addresses/address.ts';

/** What would be opened, as `family type address`, with ` from ` and the local address where one is bound. */
const read = (verb: Verb, words: string[], flags: AddressFlags = {}): string[] | string => {
  const answer = readAddresses(verb, words, flags);
  if (!answer.ok) return answer.message;
  return answer.openings.map(({ address, type, local }) =>
    [
      address.family ?? 'any',
      type,
      formatEndpoint(address.endpoint),
      local && `from ${formatEndpoint(local)}`,
    ]
      .filter(word => word !== null)
      .join(' '),
  );
};

describe('tls:// with its flags', () => {
  const tls = (verb: Verb, words: string[], flags: AddressFlags) => {
    const answer = readAddresses(verb, words, flags);
    return answer.ok ? answer.openings.map(opening => opening.tls) : answer.message;
  };

  it('is what the call takes, files by their whole paths', () => {
    expect(tls('connect', ['tls://a.example', '9000'], {})).toEqual([{}, null]);
    const flags = { sni: 'b', cacert: '/x/ca.pem', alpn: 'h2, http/1.1', tlsMin: '1.2', insecure: true };
    expect(tls('connect', ['tls://a.example'], flags)).toEqual([
      { serverHostname: 'b', cafile: '/x/ca.pem', alpn: ['h2', 'http/1.1'], min: 'TLSv1.2', insecure: true },
    ]);
    const own = { cert: 'c.pem', key: '/k.pem' };
    expect(tls('listen', ['tls://:9443'], own)).toEqual([{ certfile: resolve('c.pem'), keyfile: '/k.pem' }]);
  });

  it.each<[Verb, string[], AddressFlags, RegExp]>([
    [
      'connect',
      ['a.example:1'],
      { insecure: true },
      /a\.example:1 is no tls:\/\/ address, and --insecure belongs to one/,
    ],
    ['connect', ['tls://a.example'], { udp: true }, /leave -u out/],
    ['connect', ['tls://a.example'], { ca: 'a', cacert: 'a' }, /leave one out/],
    ['listen', ['tls://:1'], { insecure: true }, /--insecure is for connect/],
  ])('%s %j %j is refused', (verb, words, flags, message) => {
    expect(tls(verb, words, flags)).toMatch(message);
  });
});

describe('ADDR... with the flags of nc', () => {
  it.each<[Verb, string[], AddressFlags, string[]]>([
    [
      'listen',
      ['9000', '127.0.0.2', '80'],
      {},
      ['AF_INET SOCK_STREAM 127.0.0.1:9000', 'AF_INET SOCK_STREAM 127.0.0.2:80'],
    ],
    ['listen', ['9000'], { ipv6: true }, ['AF_INET6 SOCK_STREAM [::1]:9000']],
    ['listen', [':9000'], { ipv6: true }, ['AF_INET6 SOCK_STREAM :9000']],
    ['listen', ['9000'], { ipv4: true, udp: true }, ['AF_INET SOCK_DGRAM 127.0.0.1:9000']],
    ['listen', ['udp://9000'], { ipv6: true }, ['AF_INET6 SOCK_DGRAM [::1]:9000']],
    ['listen', [], { port: '9000' }, ['AF_INET SOCK_STREAM 127.0.0.1:9000']],
    ['listen', [], { port: '9000', ipv6: true }, ['AF_INET6 SOCK_STREAM [::1]:9000']],
    [
      'listen',
      ['127.0.0.2', '[::1]'],
      { port: 'http' },
      ['AF_INET SOCK_STREAM 127.0.0.2:http', 'AF_INET6 SOCK_STREAM [::1]:http'],
    ],
    ['connect', ['localhost', '80'], { port: '9000' }, ['any SOCK_STREAM localhost:80 from :9000']],
    [
      'connect',
      ['::1', '80', '127.0.0.2', 'http'],
      {},
      ['AF_INET6 SOCK_STREAM [::1]:80', 'AF_INET SOCK_STREAM 127.0.0.2:http'],
    ],
    ['connect', ['80'], { port: '9000', udp: true, ipv6: true }, ['AF_INET6 SOCK_DGRAM [::1]:80 from :9000']],
  ])('%s %j %j', (verb, words, flags, expected) => {
    expect(read(verb, words, flags)).toEqual(expected);
  });

  it.each<[Verb, string[], AddressFlags, string]>([
    [
      'listen',
      ['127.0.0.1:80'],
      { port: '9000' },
      '127.0.0.1:80 is no host alone, and -p names the port: leave one out',
    ],
    ['listen', ['80'], { port: '9000' }, '80 is no host alone, and -p names the port: leave one out'],
    ['listen', [], { port: '99999' }, '99999 is no port: ports go from 0 to 65535 (0: the system picks one)'],
    [
      'connect',
      ['80'],
      { port: '99999' },
      '99999 is no port: ports go from 0 to 65535 (0: the system picks one)',
    ],
    ['connect', ['[::1]:80'], { ipv4: true }, '[::1]:80 is not an address of AF_INET: leave -4 or -6 out'],
  ])('refuses %s %j %j', (verb, words, flags, message) => {
    expect(read(verb, words, flags)).toBe(message);
  });
});
