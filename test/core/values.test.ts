import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFinder, hasBytes } from '../../source/core/bytes/find-bytes.ts';
import { formatExpectation } from '../../source/core/language/expectation-text.ts';
import { parseLine } from '../../source/core/language/line.ts';
import { readLine, writtenValue } from '../../source/core/language/values.ts';
import { matches } from '../../source/labs/matches.ts';
import { runsOf } from '../support/sizes.ts';
import { anyBytes } from './arbitraries.ts';

const runs = runsOf('values kept by variables');

const recv = { name: 'recv', on: 'c1', size: 100 } as const;

test('a variable keeps bytes exactly: what is sent with $d is what was received', () => {
  fc.assert(
    fc.property(anyBytes, data => {
      const d = writtenValue({ kind: 'data', data }, recv)!;
      const read = readLine('a1.sendall $d', { d });
      expect(read).toMatchObject({ ok: true, line: { call: { data: { kind: 'literal' } } } });
      const call = read.ok && read.line.kind === 'call' ? read.line.call : undefined;
      const sent = call && 'data' in call && call.data.kind === 'literal' ? call.data.data : undefined;
      expect(sent && Buffer.from(sent)).toEqual(Buffer.from(data));
    }),
    runs,
  );
});

test('what is looked for in bytes is found as Buffer finds it, in one piece or in several', () => {
  const few = fc.array(fc.constantFrom(97, 98, 99), { maxLength: 30 }).map(list => Uint8Array.from(list));
  fc.assert(
    fc.property(few, few, fc.nat(30), (whole, part, cut) => {
      const at = Buffer.from(whole).indexOf(part);
      expect(hasBytes(whole, part)).toBe(at >= 0);
      fc.pre(part.length > 0);
      const finder = createFinder(part);
      const first = finder.look(whole.subarray(0, cut));
      expect(finder.take(whole.subarray(0, cut))).toBe(first);
      const piece = Math.min(cut, whole.length);
      const end = first >= 0 ? first : finder.take(whole.subarray(cut));
      expect(end < 0 ? -1 : end + (first >= 0 ? 0 : piece) - part.length).toBe(at);
    }),
    runs,
  );
});

const outcome = (data: string) => ({ kind: 'data', data: Buffer.from(data, 'latin1') }) as const;

const judge = (expected: string, data: string): true | string => {
  const read = parseLine(`c1.recv 100 ${expected}`);
  if (!read.ok || read.value.kind !== 'call' || !read.value.expectation)
    throw new Error(JSON.stringify(read));
  const { expectation } = read.value;
  const again = parseLine(`c1.recv 100 => ${formatExpectation(expectation)}`);
  expect(again).toMatchObject({ ok: true, value: { expectation } });
  return matches(expectation, outcome(data), recv);
};

test.each([
  ['=> /^HTTP\\/1\\.[01] 200/', 'HTTP/1.1 200 OK\r\n'],
  ['=> /a b, \\(c\\) = "d" # e => f/', 'a b, (c) = "d" # e => f'],
  ['=> /ok$/i # a comment', 'that is OK'],
  ['=> /^b/m', 'a\nb'],
  ['=> /a.b/s', 'a\nb'],
  ['=> /\\x00\\xff/', '\0\xff'],
  ['=> /^\\p{Han}$/', Buffer.from('中').toString('latin1')],
  ['=> starts "HTTP/"', 'HTTP/1.1'],
  ['=> starts hex"ff 00"', '\xff\0rest'],
  ['=> contains "\\r\\n\\r\\n"', 'head\r\n\r\nbody'],
  ['=> contains ""', ''],
  ['=> starts 3B of "x"', 'xxxy'],
])('%s holds for %j', (expected, data) => {
  expect(judge(expected, data)).toBe(true);
});

test.each([
  ['=> /^hi$/', 'hi there'],
  ['=> starts "HTTP/"', 'GET HTTP/1.1'],
  ['=> starts "long"', 'lo'],
  ['=> contains "x"', 'abc'],
])('%s does not hold for %j', (expected, data) => {
  expect(judge(expected, data)).toMatch(/^expected .*, found "/);
});

test('an expression that goes back for ever elsewhere is answered at once', () => {
  const ways = ['=> /^(a+)+$/', '=> /(a|aa)+$/', '=> /(.*)*x/'];
  for (const way of ways) judge(way, `${'a'.repeat(200_000)}!`);
});

test.each([
  ['c1.recv 1 => /abc', /the \/ opened here is not closed/],
  ['c1.recv 1 => //', /which expression/],
  ['c1.recv 1 => /a/g', /g is no flag/],
  ['c1.recv 1 => /a/ii', /i is no flag/],
  ['c1.recv 1 => starts', /starts needs bytes/],
  ['c1.recv 1 => contains 5', /contains needs bytes/],
  ['repeat', /how often\?/],
  ['repeat 0 c1.close', /0 is no count of rounds/],
  ['repeat 1000001 c1.close', /is no count of rounds/],
  ['repeat 3', /what is repeated\?/],
  ['repeat 3 every c1.close', /c1\.close" is no time/],
  ['repeat 3 repeat 3 c1.close', /one repeat is enough/],
  ['repeat 3 c1.recv 1 => 5 => 6', /one => is enough/],
  ['sleep', /sleep needs a time/],
  ['sleep 1s 2s', /2s is too much/],
  ['sleep 1s => ok', /sleep stands alone/],
  ['sleep = c1.getsockname', /cannot name a value/],
  ['c1.recv until', /until which bytes\?/],
  ['c1.recv until ""', /empty delimiter/],
  ['c1.recv until file"x"', /a delimiter is text or hex/],
  ['c1.recv until "x" &', /leave out the &/],
  ['c1.recv until "x" => blocked', /waits for the delimiter/],
  ['c2 = c1.recv until "x"', /c2 names a socket/],
  ['client.policy', /write single or per-socket or duplex/],
  ['client.policy sinle', /did you mean single\?/],
  ['client.loop accept on', /accept is not meant here/],
  ['tcp-server.loop accept yes', /yes is not meant here/],
  ['client.speed 5', /client has no speed/],
])('%s is refused', (text, message) => {
  const read = parseLine(text);
  expect(read.ok ? '' : read.message).toMatch(message);
});
