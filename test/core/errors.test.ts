import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call } from '../../source/core/calls/call.ts';
import { callNames } from '../../source/core/calls/calls.ts';
import { failure } from '../../source/core/calls/outcome.ts';
import { parseCall } from '../../source/core/language/line.ts';
import { type ErrorCode, errorCodes, errorTable } from '../../source/core/words/error-table.ts';
import { explain } from '../../source/core/words/errors.ts';
import { isSubclass } from '../../source/core/words/python-classes.ts';
import { limits } from '../support/limits.ts';
import { callOf } from '../support/playing.ts';
import { anyCall, anyText, unsafe } from './arbitraries.ts';

const call = (line: string): Call => {
  const result = parseCall(line);
  if (!result.ok) throw new Error(result.message);
  return result.value;
};

const explained = (code: ErrorCode, line: string, detail?: string, count?: number) =>
  explain(failure(code, detail, count), call(line));

describe('explain', () => {
  it.each<[ErrorCode, string, number | null, string, string, string, RegExp]>([
    [
      'ECONNREFUSED',
      'c1.connect 127.0.0.1:80',
      111,
      'ConnectionRefusedError',
      '[Errno 111] Connection refused',
      'connect',
      /nobody listens on 127\.0\.0\.1:80/,
    ],
    [
      'ECONNREFUSED',
      'c1.send "x"',
      111,
      'ConnectionRefusedError',
      '[Errno 111] Connection refused',
      'transfer',
      /ICMP port unreachable/,
    ],
    [
      'ECONNRESET',
      'c1.recv 1',
      104,
      'ConnectionResetError',
      '[Errno 104] Connection reset by peer',
      'transfer',
      /peer reset/,
    ],
    [
      'EPIPE',
      'c1.send "x"',
      32,
      'BrokenPipeError',
      '[Errno 32] Broken pipe',
      'transfer',
      /c1 can send no more/,
    ],
    ['TIMEOUT', 'c1.recv 1', null, 'TimeoutError', 'timed out', 'timeout', /no byte came to c1/],
    [
      'TIMEOUT',
      'c1.connect [::1]:80',
      null,
      'TimeoutError',
      'timed out',
      'timeout',
      /\[::1\]:80 did not answer/,
    ],
    [
      'ETIMEDOUT',
      'c1.connect 10.0.0.1:80',
      110,
      'TimeoutError',
      '[Errno 110] Connection timed out',
      'timeout',
      /gave up sending SYNs/,
    ],
    [
      'EADDRINUSE',
      's1.bind 127.0.0.1:80',
      98,
      'OSError',
      '[Errno 98] Address already in use',
      'usage',
      /127\.0\.0\.1:80 is taken/,
    ],
    [
      'EADDRINUSE',
      'c1.connect 127.0.0.1:80',
      98,
      'OSError',
      '[Errno 98] Address already in use',
      'connect',
      /every local port/,
    ],
    [
      'EADDRNOTAVAIL',
      's1.bind 9.9.9.9:80',
      99,
      'OSError',
      '[Errno 99] Cannot assign requested address',
      'usage',
      /"9\.9\.9\.9" is no address of this machine/,
    ],
    [
      'EMSGSIZE',
      'u1.sendto "x" 127.0.0.1:80',
      90,
      'OSError',
      '[Errno 90] Message too long',
      'transfer',
      /65,507/,
    ],
    [
      'ENETUNREACH',
      'c1.connect 9.9.9.9:80',
      101,
      'OSError',
      '[Errno 101] Network is unreachable',
      'connect',
      /9\.9\.9\.9:80/,
    ],
    [
      'EACCES',
      's1.bind 127.0.0.1:81',
      13,
      'PermissionError',
      '[Errno 13] Permission denied',
      'usage',
      /port 81 is privileged/,
    ],
    [
      'EAI_NONAME',
      'c1.connect "no such":80',
      -2,
      'socket.gaierror',
      '[Errno -2] Name or service not known',
      'resolve',
      /"no such"/,
    ],
    [
      'EAI_NODATA',
      'c1.connect a.example:80',
      -5,
      'socket.gaierror',
      '[Errno -5] No address associated with hostname',
      'resolve',
      /"a\.example"/,
    ],
    [
      'EAI_AGAIN',
      'getaddrinfo "a.example" 80',
      -3,
      'socket.gaierror',
      '[Errno -3] Temporary failure in name resolution',
      'resolve',
      /"a\.example"/,
    ],
    [
      'EAI_ADDRFAMILY',
      'c2.connect 127.0.0.1:80',
      -9,
      'socket.gaierror',
      '[Errno -9] Address family for hostname not supported',
      'resolve',
      /"127\.0\.0\.1" is no address of the family of c2/,
    ],
    [
      'HOST_NOT_FOUND',
      'gethostbyaddr "127.9.9.9"',
      1,
      'socket.herror',
      '[Errno 1] Unknown host',
      'resolve',
      /"127\.9\.9\.9" has no name/,
    ],
    [
      'TRY_AGAIN',
      'gethostbyaddr "127.9.9.9"',
      2,
      'socket.herror',
      '[Errno 2] Host name lookup failure',
      'resolve',
      /127\.9\.9\.9/,
    ],
    [
      'OVERFLOW',
      'c1.connect 127.0.0.1:70000',
      null,
      'OverflowError',
      'connect(): port must be 0-65535.',
      'usage',
      /port 70000 is outside/,
    ],
    [
      'OVERFLOW',
      'getservbyport 70000',
      null,
      'OverflowError',
      'getservbyport: port must be 0-65535.',
      'usage',
      /70000/,
    ],
    [
      'EAGAIN',
      'c1.recv 1',
      11,
      'BlockingIOError',
      '[Errno 11] Resource temporarily unavailable',
      'timeout',
      /timeout of 0/,
    ],
    [
      'NO_SERVICE',
      'getservbyname "no-such" "tcp"',
      null,
      'OSError',
      'service/proto not found',
      'resolve',
      /"no-such"/,
    ],
    ['NO_SERVICE', 'getservbyport 7777', null, 'OSError', 'port/proto not found', 'resolve', /port 7777/],
    [
      'ENOTCONN',
      'c1.getpeername',
      107,
      'OSError',
      '[Errno 107] Transport endpoint is not connected',
      'usage',
      /c1 has no peer/,
    ],
    [
      'EISCONN',
      'c1.connect 127.0.0.1:80',
      106,
      'OSError',
      '[Errno 106] Transport endpoint is already connected',
      'usage',
      /c1 is connected already/,
    ],
    ['EINVAL', 's1.accept', 22, 'OSError', '[Errno 22] Invalid argument', 'usage', /s1 does not listen/],
    [
      'EINVAL',
      's1.bind 127.0.0.1:80',
      22,
      'OSError',
      '[Errno 22] Invalid argument',
      'usage',
      /bound already/,
    ],
    ['EINVAL', 'c1.listen', 22, 'OSError', '[Errno 22] Invalid argument', 'usage', /connected/],
    [
      'EOPNOTSUPP',
      'u1.listen',
      95,
      'OSError',
      '[Errno 95] Operation not supported',
      'usage',
      /datagram socket/,
    ],
    ['EBADF', 'c1.recv 1', 9, 'OSError', '[Errno 9] Bad file descriptor', 'usage', /c1 is closed/],
    [
      'EDESTADDRREQ',
      'u1.send "x"',
      89,
      'OSError',
      '[Errno 89] Destination address required',
      'usage',
      /no destination/,
    ],
    ['INTERRUPTED', 'u1.recvfrom 10', null, 'KeyboardInterrupt', '', 'usage', /you cancelled recvfrom/],
    ['CLOSED', 'c1.recv 10', null, '', 'in CPython the call would stay blocked', 'usage', /you closed c1/],
    [
      'TIMED_OUT_OBJECT',
      'f1.readline',
      null,
      'OSError',
      'cannot read from timed out object',
      'timeout',
      /f1/,
    ],
  ])('%s of %s', (code, line, errno, python, pythonText, layer, sentence) => {
    const found = explained(code, line);
    expect(found).toMatchObject({ code, errno, python, pythonText, layer });
    expect(found.sentence).toMatch(sentence);
    expect(found.advice).not.toBe('');
  });

  it('names TIME-WAIT, how long it lasts, and SO_REUSEADDR, where nobody has the port any more', () => {
    const call = callOf('s1.bind 127.0.0.1:9000');
    const { sentence, advice, pythonText } = explain(
      { kind: 'error', code: 'EADDRINUSE', timeWait: 56_200 },
      call,
    );
    expect(sentence).toBe('127.0.0.1:9000 is held by a closed connection in TIME-WAIT, for 57 s more');
    expect(advice).toMatch(/SO_REUSEADDR before bind/);
    expect(pythonText).toBe('[Errno 98] Address already in use');
  });

  it('tells a name that nobody has from a file that was left over', () => {
    expect(explained('ECONNREFUSED', 'c1.connect unix:/tmp/x').sentence).toBe(
      'nobody listens on unix:/tmp/x, although the file is there',
    );
    expect(explained('ECONNREFUSED', 'c1.connect unix:@x').sentence).toBe('nobody listens on unix:@x');
  });

  it('says what a failed sendall had handed over, and what a detail adds', () => {
    expect(explained('TIMEOUT', 'c1.sendall "x"', undefined, 4096).sentence).toMatch(
      /; the kernel had taken 4096 bytes$/,
    );
    expect(explained('EADDRINUSE', 's1.bind :80', 'python3, process 7').sentence).toMatch(
      / \(python3, process 7\)$/,
    );
    expect(explained('ECONNREFUSED', 'u1.send "x"', '127.0.0.1:9').sentence).toMatch(
      /no socket at 127\.0\.0\.1:9,/,
    );
    expect(explained('UNSUPPORTED', 'c1.getsockopt SOL_SOCKET SO_LINGER', 'koffi is missing')).toMatchObject({
      pythonText: 'koffi is missing',
      sentence: 'this machine cannot do that (koffi is missing)',
    });
    expect(explained('UNKNOWN', 'c1.close', 'the moon').pythonText).toBe('the moon');
  });

  it('has a whole sentence for every code on every call, and nothing unsafe in it', () => {
    /** What was typed is quoted, or escaped as \u{3347a}: neither is a gap in the sentence. */
    const quoted = /"(?:[^"\\]|\\.)*"/g;
    const unfilled = /(?<!\\u)\{\w+\}/;
    const odd = 'c1.bind :"\\u{3347a}"';
    fc.assert(
      fc.property(
        fc.constantFrom(...errorCodes),
        anyCall,
        fc.option(anyText, { nil: undefined }),
        (code, any, detail) => {
          const { sentence, advice, pythonText } = explain(failure(code, detail), any);
          for (const text of [sentence, advice, pythonText]) expect(text).not.toMatch(unsafe);
          expect(advice.replace(quoted, '')).not.toMatch(unfilled);
          if (detail === undefined && !JSON.stringify(any).includes('{'))
            expect(sentence).not.toMatch(/undefined|null/);
        },
      ),
      {
        examples: [
          ['EINVAL', callOf(odd), undefined],
          ['SSL_CERT', callOf('c1.wrap client server_hostname "\\x1b[2J"'), 'self-signed \x1b[2J'],
        ],
        numRuns: 500,
      },
    );
    expect(callNames.length).toBeGreaterThan(20);
  });
});

describe('Python classes', () => {
  it('are caught by their bases and aliases', () => {
    expect(isSubclass('ConnectionRefusedError', 'ConnectionError')).toBe(true);
    expect(isSubclass('ConnectionRefusedError', 'socket.error')).toBe(true);
    expect(isSubclass('socket.gaierror', 'gaierror')).toBe(true);
    expect(isSubclass('TimeoutError', 'timeout')).toBe(true);
    expect(isSubclass('KeyboardInterrupt', 'Exception')).toBe(false);
    expect(isSubclass('OSError', 'ConnectionError')).toBe(false);
    expect(isSubclass('', 'BaseException')).toBe(false);
  });
});

const python = spawnSync('python3', ['-c', ''], { timeout: limits.wait }).status === 0;

const script = `
import errno, json, os, socket, sys
rows = {}
for code, wanted in json.load(sys.stdin).items():
    number = wanted[0]
    if code.startswith('EAI_'):
        try: socket.getaddrinfo('no such host', 0)
        except socket.gaierror: pass
        rows[code] = [getattr(socket, code), 'socket.gaierror', None]
    elif hasattr(errno, code):
        error = OSError(getattr(errno, code), os.strerror(getattr(errno, code)))
        rows[code] = [error.errno, type(error).__name__, error.strerror]
bases = {c: [b for b in names if issubclass(eval(c), eval(b))] for names in [sorted({w[1] for w in rows.values()} | {'ConnectionError', 'OSError', 'Exception'})] for c in names}
print(json.dumps({'rows': rows, 'bases': bases}))
`;

describe.skipIf(!python || process.platform !== 'linux')("against this machine's CPython", () => {
  const run = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(errorTable),
    encoding: 'utf8',
    timeout: limits.wait,
  });
  const found = JSON.parse(run.stdout || 'null') as {
    rows: Record<string, [number, string, string | null]>;
    bases: Record<string, string[]>;
  };

  it('has its errnos, classes and texts', () => {
    expect(run.stderr).toBe('');
    expect(Object.keys(found.rows).length).toBeGreaterThan(50);
    for (const [code, [errno, name, text]] of Object.entries(found.rows)) {
      const row = errorTable[code as ErrorCode];
      expect([code, ...row]).toEqual([code, errno, name, text ?? row[2]]);
    }
  });

  it('has its class tree', () => {
    for (const [name, bases] of Object.entries(found.bases)) {
      for (const base of Object.keys(found.bases)) {
        expect([name, base, isSubclass(name, base)]).toEqual([name, base, bases.includes(base)]);
      }
    }
  });
});
