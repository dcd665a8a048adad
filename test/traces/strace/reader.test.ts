import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Moment } from '../../../source/traces/strace/moments.ts';
import { createStraceReader } from '../../../source/traces/strace/reader.ts';
import { field, parseValue } from '../../../source/traces/strace/value.ts';
import { runsOf } from '../../support/sizes.ts';

const folder = join(import.meta.dirname, '../fixtures/strace');
const fixtures = readdirSync(folder).map(name => [name, readFileSync(join(folder, name))] as const);

const momentsOf = (stream: Uint8Array): Moment[] => createStraceReader().take(stream);

/** What is left where nobody asked in between whether a call was in flight. */
const withoutBegins = (moments: readonly Moment[]) =>
  moments
    .filter(({ kind }) => kind !== 'begin' && kind !== 'cut')
    .map(moment => (moment.kind === 'end' ? { ...moment, seen: false } : moment));

const text = (lines: string): Moment[] => momentsOf(Buffer.from(lines));

const inWords = (moment: Moment): string => {
  switch (moment.kind) {
    case 'begin':
      return `begin ${moment.call}(${moment.texts.join(', ')})`;
    case 'end': {
      const { value, error } = moment.result;
      return `end ${moment.call}(${moment.texts.join(', ')}) = ${value ?? '?'}${error === '' ? '' : ` ${error}`}`;
    }
    case 'interrupted':
    case 'again':
    case 'cut':
      return `${moment.kind} ${moment.call}`;
    case 'signal':
    case 'stopped':
      return `${moment.kind} ${moment.signal}`;
    case 'exit':
      return `exit ${moment.code ?? moment.signal}`;
    case 'superseded':
      return `superseded by ${moment.by}`;
  }
};

const words = (moments: readonly Moment[]): string[] => moments.map(inWords);

describe.each(fixtures)('%s', (_, stream) => {
  const whole = momentsOf(stream);

  test('cut at every byte it says the same', () => {
    expect(whole.length).toBeGreaterThan(3);
    const reader = createStraceReader();
    const bytewise = [...stream].flatMap(byte => reader.take(Uint8Array.of(byte)));
    expect(bytewise).toEqual(whole);
  });

  test('a pause at every byte tells of calls in flight, and changes nothing of how they end', () => {
    const expected = withoutBegins(whole);
    const reader = createStraceReader();
    const told = [...stream].flatMap(byte => [...reader.take(Uint8Array.of(byte)), ...reader.quiet()]);
    expect(withoutBegins(told)).toEqual(expected);
    const ends = told.filter(({ kind }) => kind === 'end');
    expect(ends.every(end => end.kind === 'end' && end.seen)).toBe(true);
  });
});

describe('a call', () => {
  test('in flight has no newline: what it has printed is told once, after a pause', () => {
    const reader = createStraceReader();
    const first = reader.take(Buffer.from('7 10.000000001 recvfrom(4<socket:[99]>, '));
    expect(first).toEqual([]);
    expect(words(reader.quiet())).toEqual(['begin recvfrom(4<socket:[99]>)']);
    expect(reader.quiet()).toEqual([]);
    const end = reader.take(Buffer.from('"hi", 100, 0, NULL, NULL) = 2 <0.500000000>\n'));
    expect(words(end)).toEqual(['end recvfrom(4<socket:[99]>, "hi", 100, 0, NULL, NULL) = 2']);
    expect(end).toMatchObject([{ began: 10_000.000001, took: 500, seen: true }]);
  });

  test('a half of a string is no argument', () => {
    const reader = createStraceReader();
    reader.take(Buffer.from('7 10.0 write(4<socket:[99]>, "ab'));
    expect(words(reader.quiet())).toEqual(['begin write(4<socket:[99]>)']);
  });

  test('with what looks like the end of one in its bytes', () => {
    expect(
      words(text('7 1.0 write(3<socket:[1]>, ") = 5 <0.1>, \\" <unfinished ...>", 24) = 24 <0.0>\n')),
    ).toEqual(['end write(3<socket:[1]>, ") = 5 <0.1>, \\" <unfinished ...>", 24) = 24']);
  });

  test('resumed has the arguments of both its lines', () => {
    const lines = `7 1.0 accept4(3<socket:[1]>,  <unfinished ...>
8 1.5 close(4<socket:[2]>) = 0 <0.0>
7 2.0 <... accept4 resumed>{sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("1.2.3.4")}, [16], SOCK_CLOEXEC) = 4<socket:[5]> <1.0>
`;
    expect(words(text(lines))).toEqual([
      'begin accept4(3<socket:[1]>)',
      'end close(4<socket:[2]>) = 0',
      'end accept4(3<socket:[1]>, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("1.2.3.4")}, [16], SOCK_CLOEXEC) = 4',
    ]);
  });

  const poll = 'poll([{fd=3<socket:[1]>, events=POLLIN}], 1, 500';
  const stopped = `7 1.0 ${poll}) = ? ERESTART_RESTARTBLOCK (Interrupted by signal) <0.1>
7 1.1 --- SIGSTOP {si_signo=SIGSTOP} ---
7 1.2 --- stopped by SIGSTOP ---
7 2.0 --- SIGCONT {si_signo=SIGCONT} ---
`;

  test('that goes on behind SIGSTOP and SIGCONT is one, and began when it began', () => {
    const moments = text(`${stopped}7 2.1 restart_syscall(<... resuming interrupted poll ...>) = 0 <0.2>\n`);
    expect(words(moments)).toEqual([
      `begin ${poll})`,
      'interrupted poll',
      'signal SIGSTOP',
      'stopped SIGSTOP',
      'signal SIGCONT',
      'again poll',
      `end ${poll}) = 0`,
    ]);
    expect(moments.at(-1)).toMatchObject({ began: 1000, took: 1300, seen: true });
  });

  test('that a handler has fail ends with EINTR before the next one', () => {
    expect(words(text(`${stopped}7 2.1 close(5<socket:[9]>) = 0 <0.0>\n`)).slice(-2)).toEqual([
      `end ${poll}) = -1 EINTR`,
      'end close(5<socket:[9]>) = 0',
    ]);
  });

  test('of which strace has not seen the beginning', () => {
    expect(words(text('7 2.1 restart_syscall(<... resuming interrupted read ...>) = 5 <0.2>\n'))).toEqual([
      'end read() = 5',
    ]);
  });

  test('that its thread ends in, or that strace leaves', () => {
    const lines = `7 1.0 read(3<socket:[1]>,  <unfinished ...>
8 1.1 read(4<socket:[2]>,  <detached ...>
7 1.2 <... read resumed> <unfinished ...>) = ?
7 1.3 +++ killed by SIGKILL +++
`;
    expect(words(text(lines))).toEqual(['begin read(3<socket:[1]>)', 'cut read', 'exit SIGKILL']);
  });
});

test('every byte value comes through strace and back', () => {
  // As strace prints them: digits as short as may be, three where a digit follows.
  const escaped = `"${Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8)}`).join('')}"`;
  const value = parseValue(escaped);
  expect(value).toMatchObject({ kind: 'text', cut: false });
  expect(value.kind === 'text' && [...value.bytes]).toEqual(Array.from({ length: 256 }, (_, byte) => byte));
  expect(parseValue('"\\t\\n\\v\\f\\r\\"\\\\\\177\\3777"')).toMatchObject({
    bytes: Uint8Array.from([9, 10, 11, 12, 13, 34, 92, 127, 255, 55]),
  });
});

test('a string that strace has cut says so', () => {
  expect(parseValue('"abc"...')).toMatchObject({
    kind: 'text',
    cut: true,
    bytes: Uint8Array.from(Buffer.from('abc')),
  });
});

test('structures, sets, and what went in and came out', () => {
  const message = parseValue(
    '{msg_name={sa_family=AF_INET, sin_port=htons(53)}, msg_iov=[{iov_base="a,}", iov_len=3}], msg_flags=0}',
  );
  expect(field(field(message, 'msg_name'), 'sin_port')).toEqual({
    kind: 'made',
    by: 'htons',
    from: [{ kind: 'number', number: 53 }],
  });
  expect(parseValue('[3<socket:[1]> 7<pipe:[2]>]')).toMatchObject({
    kind: 'list',
    items: [{ fd: 3, target: 'socket:[1]' }, { fd: 7 }],
  });
  expect(parseValue('[128 => 16]')).toMatchObject({ items: [{ after: { number: 16 } }] });
  expect(parseValue('0</dev/null<char 1:3>>')).toMatchObject({ fd: 0, target: '/dev/null<char 1:3>' });
  expect(parseValue('3</tmp/a->')).toMatchObject({ fd: 3, target: '/tmp/a-' });
});

test('a stream that was changed in any place breaks nothing', () => {
  const mutated = fc.record({
    stream: fc.constantFrom(...fixtures.map(([, bytes]) => bytes)),
    edits: fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 3 })), { maxLength: 40 }),
  });
  fc.assert(
    fc.property(mutated, ({ stream, edits }) => {
      const bytes = [...stream];
      for (const [at, byte, kind] of edits) {
        if (kind === 0) bytes.splice(at % bytes.length, 1);
        else if (kind === 1) bytes.splice(at % bytes.length, 0, byte);
        else bytes[at % bytes.length] = byte;
      }
      const reader = createStraceReader();
      const half = bytes.length >> 1;
      reader.take(Uint8Array.from(bytes.slice(0, half)));
      reader.quiet();
      for (const moment of reader.take(Uint8Array.from(bytes.slice(half)))) {
        if (moment.kind === 'begin' || moment.kind === 'end') moment.texts.map(parseValue);
      }
    }),
    runsOf('spoiled streams of strace'),
  );
});
