import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { formatExpectation } from '../../source/core/language/expectation-text.ts';
import { formatCall, type Line, parseCall, parseLine } from '../../source/core/language/line.ts';
import { substitute } from '../../source/core/language/substitute.ts';
import { longestLine } from '../../source/core/language/tokens.ts';
import { anyCall, anyText, unsafe } from './arbitraries.ts';

const text = (value: string) => ({
  kind: 'literal',
  data: new TextEncoder().encode(value),
  notation: 'text',
});

const line = (source: string): Line => {
  const result = parseLine(source);
  if (!result.ok) throw new Error(`${source}: ${result.message}`);
  return result.value;
};

const refusal = (source: string) => {
  const result = parseLine(source);
  if (result.ok) throw new Error(`${source} was taken`);
  return result;
};

describe('a call as a line', () => {
  it('reads back as the same call, for every call of the table', () => {
    fc.assert(
      fc.property(anyCall, call => {
        const written = formatCall(call);
        expect(written).not.toMatch(unsafe);
        expect(parseCall(written)).toEqual({ ok: true, value: call });
        expect(line(written)).toEqual({ kind: 'call', call, background: false, expectation: null });
      }),
      { numRuns: 5000 },
    );
  });

  it('with a limit cuts bytes and says so', () => {
    const call = parseCall('c1.send "0123456789"');
    expect(call.ok && formatCall(call.value, 4)).toBe('c1.send "0123"...');
    const hex = parseCall('c1.send hex"00 01 02 03 04 05"');
    expect(hex.ok && formatCall(hex.value, 6)).toBe('c1.send hex"00 01"...');
  });

  it.each([
    ['c1.connect(127.0.0.1:51423)', 'c1.connect 127.0.0.1:51423'],
    ['c1.connect(("localhost", 80))', 'c1.connect localhost:80'],
    ["c1.connect(('::1', 80))", 'c1.connect [::1]:80'],
    ['c1.connect localhost 80', 'c1.connect localhost:80'],
    ['s1.bind(("", 80))', 's1.bind :80'],
    ['c1.connect 127.0.0.1:70000', 'c1.connect 127.0.0.1:70000'],
    ['c1=socket.socket(socket.AF_INET, socket.SOCK_STREAM)', 'c1 = socket AF_INET SOCK_STREAM'],
    ['c1 = socket', 'c1 = socket AF_INET SOCK_STREAM'],
    ['s1.listen()', 's1.listen 128'],
    ['c1.shutdown', 'c1.shutdown SHUT_WR'],
    ['a1.recv(10, MSG_PEEK | MSG_WAITALL)', 'a1.recv 10 MSG_PEEK|MSG_WAITALL'],
    ['u1.sendto(b"hi", ("127.0.0.1", 5000))', 'u1.sendto "hi" 127.0.0.1:5000'],
    ['u1.sendto 64KiB of "xy" 127.0.0.1 5000', 'u1.sendto 64KiB of "xy" 127.0.0.1:5000'],
    ['c1.send hex"0103 ff"', 'c1.send hex"01 03 ff"'],
    ['c1.send base64"AGhp/w=="', 'c1.send "\\0hi\\xff"'],
    ['c1.send base64""', 'c1.send ""'],
    ['c1.sendall file"a b.txt"', 'c1.sendall file"a b.txt"'],
    ['c1.settimeout(None)', 'c1.settimeout none'],
    ['c1.settimeout 0.5', 'c1.settimeout 500ms'],
    ['c1.settimeout -1', 'c1.settimeout -1s'],
    ['c1.settimeout 9999999999999', 'c1.settimeout 9999999999999s'],
    ['c1.recv -1', 'c1.recv -1'],
    ['c1.recv 9223372036854775808', 'c1.recv 9223372036854775808'],
    ['s1.listen -0', 's1.listen 0'],
    ['s1.listen 4294967296', 's1.listen 4294967296'],
    ['c1.connect 127.0.0.1:1099511627776', 'c1.connect 127.0.0.1:1099511627776'],
    ['u1.setsockopt SOL_SOCKET SO_RCVBUF 99999999999', 'u1.setsockopt SOL_SOCKET SO_RCVBUF 99999999999'],
    ['c1.setsockopt SOL_SOCKET SO_LINGER 2s', 'c1.setsockopt SOL_SOCKET SO_LINGER "2s"'],
    ['c1.setsockopt(SOL_SOCKET, SO_REUSEADDR, True)', 'c1.setsockopt SOL_SOCKET SO_REUSEADDR 1'],
    ['c1.setsockopt SOL_SOCKET SO_LINGER off', 'c1.setsockopt SOL_SOCKET SO_LINGER "off"'],
    ['c1.setsockopt(SOL_SOCKET, SO_LINGER, 0)', 'c1.setsockopt SOL_SOCKET SO_LINGER 0'],
    ['c1.setsockopt SOL_SOCKET SO_KEEPALIVE off', 'c1.setsockopt SOL_SOCKET SO_KEEPALIVE 0'],
    ['c1.setsockopt SOL_SOCKET SO_RCVBUF 64KiB', 'c1.setsockopt SOL_SOCKET SO_RCVBUF 65536'],
    ['getservbyname http tcp', 'getservbyname "http" "tcp"'],
    ['getaddrinfo localhost', 'getaddrinfo "localhost" 0'],
    ['getaddrinfo(None, 80)', 'getaddrinfo None 80'],
    ['getaddrinfo None None AF_INET6 SOCK_DGRAM', 'getaddrinfo None None AF_INET6 SOCK_DGRAM'],
    ['getaddrinfo "None" "None"', 'getaddrinfo "None" "None"'],
    ['me = c1.getsockname  # mine', 'me = c1.getsockname'],
    ['f1 = c1.makefile', 'f1 = c1.makefile "rwb"'],
    ['f1.read', 'f1.read'],
    ['c1.send "a # b => c"', 'c1.send "a # b => c"'],
  ])('%s', (source, written) => {
    const call = parseCall(source);
    expect(call.ok ? formatCall(call.value) : call.message).toBe(written);
  });
});

describe('lines', () => {
  it('calls, in the background, with expectations', () => {
    expect(line('c3.connect 127.0.0.1:80 &    => blocked for 300ms')).toEqual({
      kind: 'call',
      call: { name: 'connect', on: 'c3', address: inet('127.0.0.1', 80) },
      background: true,
      expectation: { value: { kind: 'blocked', for: 300 }, span: null },
    });
    expect(line('a1.recv 10 => "hello"')).toMatchObject({
      background: false,
      expectation: { value: { kind: 'bytes', bytes: text('hello'), from: null }, span: null },
    });
    expect(line('   # only a comment')).toEqual({ kind: 'empty' });
    expect(line('')).toEqual({ kind: 'empty' });
  });

  it('wait and cancel', () => {
    const target = { on: 'c1', name: 'recv' };
    expect(line('wait c1.recv')).toEqual({ kind: 'wait', target, expectation: null });
    expect(line('wait c1.recv => 1..64KiB bytes in 0.9s..1.5s')).toEqual({
      kind: 'wait',
      target,
      expectation: {
        value: { kind: 'range', from: 1, to: 65536, bytes: true },
        span: { from: 900, to: 1500 },
      },
    });
    expect(line('cancel c1.recv => KeyboardInterrupt')).toMatchObject({
      kind: 'cancel',
      target,
      expectation: { value: { kind: 'raises', python: 'KeyboardInterrupt', message: null } },
    });
  });

  it.each<[string, object]>([
    [
      'c1.state == SYN-SENT',
      { kind: 'word', socket: 'c1', property: 'state', negated: false, value: 'SYN-SENT', within: null },
    ],
    ['c1.state != ESTAB', { kind: 'word', negated: true }],
    ['c1.peer == 127.0.0.1:80', { kind: 'word', property: 'peer', value: '127.0.0.1:80' }],
    [
      's1.accept-q == 2',
      {
        kind: 'count',
        socket: 's1',
        property: 'accept-q',
        test: { kind: 'compare', operator: '==', value: 2 },
      },
    ],
    ['a1.rcv-q > 0', { test: { kind: 'compare', operator: '>', value: 0 } }],
    ['c1.received == 64MiB', { test: { kind: 'compare', operator: '==', value: 64 * 1024 ** 2 } }],
    ['c1.sent 1B..63MiB', { test: { kind: 'range', from: 1, to: 63 * 1024 ** 2 } }],
    [
      'finding backlog-full s1',
      { kind: 'finding', absent: false, name: 'backlog-full', about: ['s1'], within: null },
    ],
    [
      'finding deadlock c1.recv a1.recv within 500ms',
      {
        about: [
          { on: 'c1', name: 'recv' },
          { on: 'a1', name: 'recv' },
        ],
        within: 500,
      },
    ],
    ['no finding deadlock', { kind: 'finding', absent: true, about: [] }],
    [
      'call getaddrinfo "localhost" inside c1.connect',
      {
        kind: 'call',
        absent: false,
        call: { name: 'getaddrinfo', on: '', host: 'localhost' },
        inside: { on: 'c1', name: 'connect' },
      },
    ],
    ['no call c1.close', { kind: 'call', absent: true, call: { name: 'close', on: 'c1' }, inside: null }],
    ['c1.sendall blocked', { kind: 'blocked', target: { on: 'c1', name: 'sendall' }, for: null }],
    ['c1.recv queued for 1s', { kind: 'queued', for: 1000 }],
    ['refused c1 = socket SOCK_STREAM AF_INET', { kind: 'refused', line: 'c1 = socket SOCK_STREAM AF_INET' }],
    ['refused c1.send "a b"  "c"', { kind: 'refused', line: 'c1.send "a b" "c"' }],
  ])('expect %s', (source, claim) => {
    expect(line(`expect ${source}`)).toMatchObject({ kind: 'expect', claim });
  });

  it.each<[string, object]>([
    ['ok', { kind: 'ok' }],
    ['EOF', { kind: 'eof' }],
    ['none', { kind: 'none' }],
    ['4', { kind: 'range', from: 4, to: 4, bytes: false }],
    ['1..64KiB bytes', { kind: 'range', from: 1, to: 65536, bytes: true }],
    ['64KiB of "y"', { kind: 'bytes', bytes: { kind: 'repeat', size: 65536 } }],
    ['hex"01"', { kind: 'bytes', bytes: { kind: 'literal', notation: 'hex' } }],
    ['"hi" from 127.0.0.1:*', { kind: 'bytes', from: { host: '127.0.0.1', port: '*' } }],
    ['ECONNRESET', { kind: 'error', code: 'ECONNRESET', message: null }],
    [
      'OSError "service/proto not found"',
      { kind: 'raises', python: 'OSError', message: 'service/proto not found' },
    ],
    ['gaierror', { kind: 'raises', python: 'gaierror' }],
    ['127.0.0.1:51423', { kind: 'endpoint', endpoint: { host: '127.0.0.1', port: 51423 } }],
    ['[::1]:*', { kind: 'endpoint', endpoint: { host: '::1', port: '*' } }],
    ['*', { kind: 'endpoint', endpoint: { host: '*', port: '*' } }],
    ['a1 from 127.0.0.1:*', { kind: 'made', name: 'a1', from: { host: '127.0.0.1', port: '*' } }],
    ['500ms', { kind: 'duration', ms: 500 }],
    ['queued for 500ms', { kind: 'queued', for: 500 }],
  ])('=> %s', (source, value) => {
    const result = line(`c1.recv 10 => ${source}`);
    expect(result).toMatchObject({ expectation: { value, span: null } });
    if (result.kind !== 'call' || !result.expectation) return;
    expect(line(`c1.recv 10 => ${formatExpectation(result.expectation)}`)).toEqual(result);
  });

  it.each([
    ['=> within 1s', { from: 0, to: 1000 }],
    ['=> ok within 100ms', { from: 0, to: 100 }],
    ['=> "x" in 0.9s..1.5s', { from: 900, to: 1500 }],
  ])('%s', (source, span) => {
    expect(line(`c1.recv 10 ${source}`)).toMatchObject({ expectation: { span } });
  });
});

describe('what is no line', () => {
  it.each<[string, number, RegExp]>([
    ['recv 10', 0, /recv is called on a socket: write c1\.recv/],
    ['f1.recv 10', 0, /recv is called on a socket/],
    ['c1.recvv 10', 3, /recvv is no call: did you mean recv\?/],
    ['c1.conect 127.0.0.1:80', 3, /did you mean connect\?/],
    ['foo', 0, /foo is no call/],
    ['x1.recv 10', 0, /x1 is no socket/],
    ['c1', 0, /write what it shall do, as in c1\.close/],
    ['c1.recv', 7, /recv needs a size/],
    ['c1.connect', 10, /connect needs an address, as in 127\.0\.0\.1:51423/],
    ['c1.accept 5', 10, /5 is too much: accept takes nothing/],
    ['s1.listen 5 6', 12, /6 is too much: listen takes one argument: s1\.listen \[backlog\]/],
    ['c1.recv 10 MSG_PEEEK', 11, /did you mean MSG_PEEK\?/],
    ['c1.recv 99999999999999999999', 8, /more digits than a number keeps.*OverflowError/],
    ['s1.listen 9223372036854775807', 10, /more digits/],
    ['s1.listen 1.5', 10, /1.5 is no count: write a whole number/],
    ['c1.send 1000000000000000000000000000000 of "x"', 8, /more than any buffer holds/],
    ['c1.send 2GiB of "x"', 8, /at most 1GiB/],
    ['c1.send 5 of ""', 13, /nothing cannot be repeated/],
    ['c1.send hello', 8, /write "hello" for text/],
    ['c1.send "a\\q"', 10, /\\q is no escape/],
    ['c1.send hex"0g"', 13, /no hex digit/],
    ['c1.send base64"aGk"', 15, /no base64: letters, digits, \+ and \//],
    ['c1.send base64"aG=k"', 15, /no base64/],
    ['c1.send base64"a==="', 15, /no base64/],
    ['c1.send base64"aG k"', 15, /no base64/],
    ['c1.send "abc', 8, /the " opened here is not closed/],
    ['c1.connect (127.0.0.1:80', 11, /parenthesis opened here is not closed/],
    ['c1.close)', 8, /closes none/],
    ['c1.connect localhost:99999999999999999999', 21, /ports go from 0 to 65535/],
    ['c1.connect host  bad;port', 17, /neither a port number/],
    ['c1.connect tcp://127.0.0.1:80', 11, /leave out the scheme/],
    ['c1.connect $nowhere', 11, /\$nowhere has no value/],
    ['conn = s1.accept', 0, /conn cannot name a socket: take c1/],
    ['c1 = c1.getsockname', 0, /c1 names a socket/],
    ['wait = c1.getsockname', 0, /cannot name a value/],
    ['c1.settimeout nan', 14, /no time/],
    ['c1.recv 10 & 5', 11, /& stands at the end/],
    ['c1.recv 10 => ', 11, /what is expected\?/],
    ['c1.recv 10 => ok => ok', 17, /one => is enough/],
    ['c1.recv 10 => ECONNREST', 14, /did you mean ECONNRESET\?/],
    ['c1.recv 10 => ok for 5s', 17, /for belongs to blocked and queued/],
    ['c1.recv 10 => blocked in 1s..2s', 22, /no end to time/],
    ['c1.recv 10 => 5..1', 14, /smaller end comes first/],
    ['=> ok', 0, /Write a call left of =>/],
    ['wait', 4, /wait needs a call/],
    ['wait c1.recv 10', 13, /10 is too much/],
    ['expect', 6, /what is expected\?/],
    ['expect c1.state == ESTABLISHED', 19, /did you mean ESTAB\?/],
    ['expect c1.state', 15, /compare it with/],
    ['expect c1.stat == ESTAB', 7, /did you mean state\?/],
    ['c1.setsockopt SOL_SOCKET SO_LINGER on', 35, /takes seconds or off, not on: with 0 close resets/],
    ['expect s1.accept-q = 2', 19, /compare with ==/],
    ['expect finding dead', 15, /did you mean deadlock\?/],
    ['expect c1.state == ESTAB => ok', 28, /expect stands alone/],
    ['c1.close\nc2.close', 8, /one line at a time/],
  ])('%j', (source, column, message) => {
    const { message: said, column: at } = refusal(source);
    expect(said).toMatch(message);
    expect(at).toBe(column);
  });

  it('socket with its arguments swapped: says what Python would do', () => {
    const { message, column } = refusal('c1 = socket(SOCK_STREAM, AF_INET)');
    expect(column).toBe(12);
    expect(message).toMatch(/swapped/);
    expect(message).toMatch(/silently makes an AF_UNIX datagram socket/);
  });

  it('a line of absurd length is refused at once, and its words are not repeated whole', () => {
    expect(refusal('x'.repeat(longestLine + 1)).message).toMatch(/line of 16777217 characters is too long/);
    expect(refusal(`c1.${'y'.repeat(1_000_000)} 5`).message).toMatch(/word is too long/);
    expect(refusal(`c1.${'y'.repeat(4000)} 5`).message.length).toBeLessThan(300);
    expect(refusal(`c1.close "${'y'.repeat(1_000_000)}"`).message.length).toBeLessThan(700);
    expect(refusal(`c1.recv ${'('.repeat(1_000_000)}`).message).toMatch(/too many parentheses/);
    expect(refusal('a '.repeat(1_000_000)).message).toMatch(/too many words/);
    expect(refusal('"'.repeat(1_000_001)).message).toMatch(/not closed/);
  });

  it('never throws, and never says anything unsafe', () => {
    const piece = fc.oneof(
      anyText,
      anyCall.map(call => formatCall(call)),
      fc.constantFrom(
        '=>',
        '&',
        '=',
        'of',
        'in',
        'within',
        'for',
        'expect',
        'no',
        'finding',
        'wait',
        'c1.recv',
        'until',
        'repeat 3',
        'every 1s',
        'sleep',
        'starts',
        '/a b/i',
        'client.policy',
        '10',
        '(',
        ')',
        '..',
        '"',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), pieces => {
        const result = parseLine(pieces.join(' '));
        if (!result.ok) {
          expect(result.message).not.toMatch(unsafe);
          expect(result.column).toBeGreaterThanOrEqual(0);
          expect(result.column).toBeLessThanOrEqual(pieces.join(' ').length);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('substitute', () => {
  const variables = { port: '5000', me: '127.0.0.1:4000', much: '64MiB' };

  it('puts values in, outside quotes and before the comment', () => {
    expect(substitute('c1.connect 127.0.0.1:$port => $me # $nobody', variables)).toEqual({
      ok: true,
      value: 'c1.connect 127.0.0.1:5000 => 127.0.0.1:4000 # $nobody',
    });
    expect(substitute('c1.send "$port \\"$x" $much of \'$\'', variables)).toEqual({
      ok: true,
      value: 'c1.send "$port \\"$x" 64MiB of \'$\'',
    });
  });

  it('does not look at what it put in', () => {
    expect(substitute('$a', { a: '$a$a' })).toEqual({ ok: true, value: '$a$a' });
  });

  it('refuses an unknown name at its column', () => {
    expect(substitute('x $prot', variables)).toMatchObject({
      ok: false,
      column: 2,
      message: expect.stringMatching(/did you mean port/),
    });
    expect(substitute('x $constructor', {})).toMatchObject({
      ok: false,
      column: 2,
      message: expect.stringMatching(/none is set/),
    });
    expect(substitute('cost 5$', variables)).toMatchObject({ ok: false, column: 6 });
  });
});

/** The lines of a lab's stages. */
const lab = (name: string): string[] => {
  const url = new URL(`../../source/labs/built-in/${name}.yaml`, import.meta.url);
  const { stages } = parse(readFileSync(url, 'utf8')) as { stages: { do: string }[] };
  return stages.flatMap(stage => stage.do.split('\n'));
};

describe('the labs', () => {
  const variables = { port: '5000', me: '127.0.0.1:4000', much: '64MiB', piece: '64KiB' };

  it.each(['backlog', 'connect', 'deadlock-write', 'remedy-recv'])(
    '%s parses line by line, and its calls read back',
    name => {
      const lines = lab(name);
      expect(lines.length).toBeGreaterThan(10);
      for (const source of lines) {
        const filled = substitute(source, variables);
        expect(filled).toMatchObject({ ok: true });
        const found = line(filled.ok ? filled.value : '');
        if (found.kind === 'call')
          expect(parseCall(formatCall(found.call))).toEqual({ ok: true, value: found.call });
        else expect(found.kind === 'empty').toBe(source.trim() === '');
      }
    },
  );
});
