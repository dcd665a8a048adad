import { describe, expect, it, test } from 'vitest';
import { parseAddress } from '../../source/core/addresses/address.ts';
import type { Endpoint } from '../../source/core/addresses/endpoint.ts';
import { parseLine } from '../../source/core/language/line.ts';
import {
  formatRelayStatement,
  formatRelayTarget,
  parseRelayTarget,
} from '../../source/core/language/relay-text.ts';
import { leadsBack } from '../../source/core/model/relay.ts';

const at = (text: string): Endpoint => {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(read.message);
  return read.value.endpoint;
};

describe('a relay that would lead back to itself', () => {
  test.each([
    ['127.0.0.1:9', '127.0.0.1:9'],
    ['127.0.0.1:9', 'localhost:9'],
    ['127.0.0.1:9', '127.1:9'],
    ['127.0.0.1:9', ':9'],
    ['0.0.0.0:9', '127.0.0.1:9'],
    ['0.0.0.0:9', '127.0.0.9:9'],
    [':9', 'localhost:9'],
    ['[::]:9', '127.0.0.1:9'],
    ['[::]:9', '[::1]:9'],
    ['[::1]:9', '[0:0:0:0:0:0:0:1]:9'],
    ['[::1]:9', 'localhost:9'],
    ['unix:/a', 'unix:///a'],
  ])('%s to %s', (local, target) => {
    expect(leadsBack(at(local), at(target))).toBe(true);
  });

  test.each([
    ['127.0.0.1:9', '127.0.0.1:8'],
    ['127.0.0.1:9', '127.0.0.2:9'],
    ['127.0.0.1:9', '[::1]:9'],
    ['0.0.0.0:9', '[::1]:9'],
    ['0.0.0.0:9', 'example.org:9'],
    ['127.0.0.1:9', 'unix:/a'],
    ['unix:/a', 'unix:/b'],
  ])('%s to %s does not', (local, target) => {
    expect(leadsBack(at(local), at(target))).toBe(false);
  });
});

describe('the line of a relay', () => {
  test.each([
    's1.relay 127.0.0.1:6379',
    's1.relay tls://example.org:443 server_hostname "x" insecure',
    's1.relay unix:/run/a.sock',
    'u1.relay udp://127.0.0.1:53',
    's1.relay off',
  ])('%s is read back as it is written', text => {
    const read = parseLine(text);
    expect(read.ok && read.value.kind === 'relay' && formatRelayStatement(read.value)).toBe(text);
  });

  test.each([
    ['s1.relay', 8, 'where to? Write an address, as in s1.relay 127.0.0.1:6379, or off'],
    ['s1.relay 127.0.0.1:99999', 19, '99999 is no port: ports go from 0 to 65535 (0: the system picks one)'],
    ['s1.relay 127.0.0.1:1 x', 21, 'x is too much: a relay has one target, as in s1.relay 127.0.0.1:6379'],
    ['s1.relay off x', 13, 'x is too much: off stands alone'],
    ['s1.relay 127.0.0.1:1 => ok', 24, 's1.relay stands alone: => belongs behind a call'],
  ])('%s is refused at column %i', (text, column, message) => {
    expect(parseLine(text)).toMatchObject({ ok: false, column, message });
  });

  it('of a session is the target alone', () => {
    const read = parseRelayTarget('tls://[::1]:443');
    expect(read.ok && formatRelayTarget(read.value)).toBe('tls://[::1]:443');
  });
});
