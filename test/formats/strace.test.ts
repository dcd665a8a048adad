import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallName } from '../../source/core/calls/call.ts';
import { type PlannedCall, plannedCalls } from '../../source/formats/projection/call-plan.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import type { Session } from '../../source/formats/session/read-session.ts';
import { exportStrace } from '../../source/formats/strace/export-strace.ts';
import { straceString } from '../../source/formats/strace/strace-words.ts';
import { labSession } from '../support/lab-session.ts';
import { sessionOf } from '../support/line-session.ts';
import { connected, sessionFrom } from './by-hand.ts';

/** What each call is to the kernel; null: none of its own. */
const syscalls: Readonly<Record<CallName, string | null>> = {
  socket: 'socket',
  bind: 'bind',
  listen: 'listen',
  accept: 'accept4',
  connect: 'connect',
  send: 'sendto',
  sendall: 'sendto',
  sendto: 'sendto',
  flush: 'sendto',
  recv: 'recvfrom',
  recvfrom: 'recvfrom',
  read: 'recvfrom',
  readline: 'recvfrom',
  shutdown: 'shutdown',
  close: 'close',
  reset: 'setsockopt close',
  setsockopt: 'setsockopt',
  getsockopt: 'getsockopt',
  getsockname: 'getsockname',
  getpeername: 'getpeername',
  poll: 'poll',
  wrap: null,
  settimeout: null,
  gettimeout: null,
  makefile: null,
  write: null,
  getaddrinfo: null,
  gethostbyaddr: null,
  getservbyname: null,
  getservbyport: null,
};

/** Failures that never reached the kernel. */
const before =
  /^(EAI_|VALUE|OVERFLOW|UNSUPPORTED|UNKNOWN|NO_SERVICE|HOST_NOT_FOUND|TRY_AGAIN|TIMED_OUT_OBJECT)/;

/** A line of strace -f -tt -T: process, time, and a call, its first or its second half, or a signal. */
const line =
  /^\d+ \d\d:\d\d:\d\d\.\d{6} (?:(\w+)\(.*\) += (?:-?\d+|\?|-1 E[A-Z0-9]+ \(.+\)|\? ERESTARTSYS \(.+\)) <\d+\.\d{6}>|(\w+)\(.* <unfinished \.\.\.>|<\.\.\. \w+ resumed>.*\) += .+ <\d+\.\d{6}>|--- SIGINT \{.*\} ---)$/;

const linesOf = (session: Session): string[] =>
  [...exportStrace(projectionOf(session))]
    .join('')
    .trimEnd()
    .split('\n')
    .filter(text => !text.startsWith('#'));

/** Without process, time and duration, one blank before the result. */
const told = (text: string): string =>
  text
    .replace(/^\d+ \S+ /, '')
    .replace(/ <[\d.]+>$/, '')
    .replace(/ +(= \S+( E.*)?)$/, ' $1');

const begun = ({ call, outcome, startedAt }: PlannedCall): boolean =>
  startedAt !== null &&
  syscalls[call.name] !== null &&
  !(outcome?.kind === 'error' && before.test(outcome.code));

const labs = [
  'connect',
  'reset',
  'half-close',
  'server',
  'stream-boundaries',
  'udp-server',
  'ipv6-dual-stack',
  'one-at-a-time',
  'nonblocking',
  'udp-no-end',
];

describe('strace text of a lab', () => {
  it.for(labs)('%s: a line a call, in the order in which they began', async (name, { skip }) => {
    const session = await labSession(name);
    if (!session) return skip('this machine lacks what the lab needs');
    const lines = linesOf(session);
    for (const text of lines) expect(text).toMatch(line);
    const starts = lines.flatMap(text => line.exec(text)?.slice(1).filter(Boolean) ?? []);
    const calls = plannedCalls(session.entries)
      .filter(begun)
      .sort((a, b) => a.startedAt! - b.startedAt! || a.id - b.id);
    expect(starts.join(' ')).toBe(calls.map(({ call }) => syscalls[call.name]).join(' '));
    const times = lines.map(text => text.split(' ')[1]!);
    expect(times).toEqual(times.toSorted());
  });
});

describe('strace text', () => {
  it('reads as strace writes it', async () => {
    const session = await sessionOf([
      's1 = socket',
      's1.setsockopt SOL_SOCKET SO_REUSEADDR 1',
      's1.bind 127.0.0.1:0',
      's1.listen 1',
      'p = s1.getsockname',
      's1.settimeout none',
      's1.accept &',
      'c1 = socket',
      'c1.connect $p',
      'wait s1.accept',
      'c1.send "GET /\\r\\n\\x001\\xff\\""',
      'a1.recv 100',
      'a1.close',
      'c1.recv 5',
      'c1.getpeername',
      'c1.close',
      'c2 = socket AF_INET6 SOCK_DGRAM',
      'c2.bind [::1]:0',
      'c2.recvfrom 5 MSG_DONTWAIT => EAGAIN',
      's1.close',
      'c3 = socket',
      'c3.connect $p => ECONNREFUSED',
      'c3.reset',
    ]);
    const port = (linesOf(session)
      .join('\n')
      .match(/getsockname\(3, \{sa_family=AF_INET, sin_port=htons\((\d+)\)/) ?? [])[1];
    const lines = linesOf(session).map(text =>
      told(text)
        .replaceAll(`htons(${port})`, 'htons(P)')
        .replaceAll(/htons\(\d{2,}\)/g, 'htons(C)'),
    );
    const here = 'sin_addr=inet_addr("127.0.0.1")}';
    expect(lines).toEqual([
      'socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3',
      'setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0',
      `bind(3, {sa_family=AF_INET, sin_port=htons(0), ${here}, 16) = 0`,
      'listen(3, 1) = 0',
      `getsockname(3, {sa_family=AF_INET, sin_port=htons(P), ${here}, [16]) = 0`,
      'accept4(3,  <unfinished ...>',
      'socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 4',
      expect.stringMatching(
        /^connect\(4, \{sa_family=AF_INET, sin_port=htons\(P\), .*, 16(\) = 0| <unfinished \.\.\.>)$/,
      ),
      expect.stringMatching(/accept4 resumed>|connect resumed>/),
      ...(lines.length > 23 ? [expect.stringMatching(/accept4 resumed>|connect resumed>/)] : []),
      'sendto(4, "GET /\\r\\n\\0001\\377\\"", 11, 0, NULL, 0) = 11',
      'recvfrom(5, "GET /\\r\\n\\0001\\377\\"", 100, 0, NULL, NULL) = 11',
      'close(5) = 0',
      'recvfrom(4, "", 5, 0, NULL, NULL) = 0',
      `getpeername(4, {sa_family=AF_INET, sin_port=htons(P), ${here}, [16]) = 0`,
      'close(4) = 0',
      'socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 4',
      'bind(4, {sa_family=AF_INET6, sin6_port=htons(0), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, 28) = 0',
      'recvfrom(4, 0x7ffc00001000, 5, MSG_DONTWAIT, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)',
      'close(3) = 0',
      'socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3',
      `connect(3, {sa_family=AF_INET, sin_port=htons(P), ${here}, 16) = -1 ECONNREFUSED (Connection refused)`,
      'setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0',
      'close(3) = 0',
    ]);
  });

  it('shows what the file object sends where it sends it', async () => {
    const session = await sessionOf([
      's1 = socket',
      's1.bind 127.0.0.1:0',
      's1.listen 1',
      'p = s1.getsockname',
      'c1 = socket',
      'c1.connect $p',
      'f1 = c1.makefile "rwb"',
      'f1.write "one "',
      'f1.write "two"',
      'f1.flush',
      'f1.flush',
      'c1.close',
      'c2 = socket',
    ]);
    const lines = linesOf(session).map(told);
    expect(lines.filter(text => text.includes('one'))).toEqual(['sendto(4, "one two", 7, 0, NULL, 0) = 7']);
    expect(lines.filter(text => text.includes('sendto'))).toHaveLength(1);
    // The file object keeps c1's descriptor.
    expect(lines.at(-1)).toContain('= 5');
  });

  it('marks Ctrl-C, a deadline, and what was cut', async () => {
    const session = await sessionOf([
      'u1 = socket AF_INET SOCK_DGRAM',
      'u1.bind 127.0.0.1:0',
      'u1.settimeout 10ms',
      'u1.recvfrom 9 => TimeoutError',
      'u1.settimeout none',
      'u1.recvfrom 9 &',
      'cancel u1.recvfrom',
      'p = u1.getsockname',
      'u1.sendto 2000 of "ab" $p',
    ]);
    const lines = linesOf(session).map(told);
    expect(lines[2]).toBe(
      'recvfrom(3, 0x7ffc00001000, 9, 0, NULL, NULL) = -1 EAGAIN (Resource temporarily unavailable)',
    );
    expect(lines[3]).toBe(
      'recvfrom(3, 0x7ffc00001000, 9, 0, NULL, NULL) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)',
    );
    expect(lines[4]).toBe('--- SIGINT {si_signo=SIGINT, si_code=SI_KERNEL} ---');
    expect(lines[6]).toMatch(
      /^sendto\(3, "(ab){512}"\.\.\., 2000, 0, \{sa_family=AF_INET, .*\}, 16\) = 2000$/,
    );
  });
});

const micros = fc.integer({ min: 0, max: 10_000_000_000 });

it('says how long a call took, and of a session that somebody made up how long before its beginning it ended', () => {
  fc.assert(
    fc.property(micros, micros, (began, over) => {
      const book = connected();
      book.send('c1', 'x');
      const last = book.entries.pop()!;
      const [startedAt, t] = [began / 1000, 3 + over / 1000];
      const session = sessionFrom([...book.entries, { ...last, thread: '', startedAt, t } as typeof last]);
      const lasted = `<${((t - startedAt) / 1000).toFixed(6)}>`;
      expect(linesOf(session).find(text => text.includes('sendto('))).toContain(lasted);
    }),
    { numRuns: 200 },
  );
});

const anyBytes = fc.uint8Array({ maxLength: 40 });
const mostlyText = fc.string({ maxLength: 60 }).map(text => new TextEncoder().encode(text));

it('writes bytes as strace does: octal as short as it can be read', () => {
  const named = new Map([...'"\\'].map(letter => [letter.charCodeAt(0), `\\${letter}`]));
  for (const [index, letter] of [...'tnvfr'].entries()) named.set(9 + index, `\\${letter}`);
  fc.assert(
    fc.property(fc.oneof(anyBytes, mostlyText), data => {
      const expected = [...data].map((byte, index) => {
        const known = named.get(byte);
        if (known !== undefined) return known;
        if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
        const before = /\d/.test(String.fromCharCode(data[index + 1] ?? 0));
        return `\\${byte.toString(8).padStart(before ? 3 : 1, '0')}`;
      });
      const bytes = { kind: 'literal', data, notation: 'hex' } as const;
      expect(straceString([{ bytes, start: 0, length: data.length }])).toBe(`"${expected.join('')}"`);
    }),
  );
});
