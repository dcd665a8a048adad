import fc from 'fast-check';
import { RE2JS, RE2JSException } from 're2js';
import { describe, expect, it } from 'vitest';
import { parseCall } from '../../source/core/language/line.ts';
import { groupCount } from '../../source/core/language/pattern-text.ts';
import { formatRule, parseRuleText } from '../../source/core/language/rule-text.ts';
import { substitute } from '../../source/core/language/substitute.ts';
import { tokenize } from '../../source/core/language/tokens.ts';
import type { Act, AnswerPart, Rule, Search } from '../../source/core/model/rule.ts';
import { anyBytes, anyText, unsafe } from './arbitraries.ts';

const someBytes = anyBytes.filter(bytes => bytes.length > 0);

const anySearch: fc.Arbitrary<Search> = fc.oneof(
  fc.constant<Search>({ kind: 'any' }),
  fc.record({ kind: fc.constantFrom('equals', 'prefix', 'contains'), bytes: someBytes }),
  fc.record({
    kind: fc.constant('pattern' as const),
    pattern: fc.record({
      source: fc.constantFrom('^GET (\\S+)', 'a/b', '([[:alpha:]/]+) "x"', '(a)(?:b)(?P<n>c)', '\\d'),
      flags: fc.constantFrom('', 'i', 'sm'),
    }),
  }),
);

const anyParts = (most: number): fc.Arbitrary<readonly AnswerPart[]> =>
  fc
    .array(
      fc.oneof(
        someBytes.map((data): AnswerPart => ({ kind: 'bytes', data })),
        fc.integer({ min: 0, max: most }).map((group): AnswerPart => ({ kind: 'group', group })),
        fc
          .constantFrom('$', '$1', '0', '"', '\\', '\u0301')
          .map((text): AnswerPart => ({ kind: 'bytes', data: new TextEncoder().encode(text) })),
      ),
      { minLength: 1, maxLength: 4 },
    )
    // Bytes that follow bytes are one part.
    .filter(parts => parts.every((part, at) => part.kind === 'group' || parts[at + 1]?.kind !== 'bytes'));

const anyAct = (most: number | null): fc.Arbitrary<Act> =>
  fc.oneof(
    fc.record({ kind: fc.constantFrom('echo', 'discard', 'shut') }),
    fc.record({
      kind: fc.constant('send' as const),
      parts:
        most === null ? someBytes.map((data): AnswerPart[] => [{ kind: 'bytes', data }]) : anyParts(most),
    }),
    fc.record({
      kind: fc.constant('file' as const),
      path: anyText.filter(path => path !== ''),
      data: fc.constant(null),
    }),
  );

const anyRule: fc.Arbitrary<Rule> = fc
  .oneof(
    fc.constant<Rule['on']>({ kind: 'accept' }),
    anySearch.map((search): Rule['on'] => ({ kind: 'recv', search })),
  )
  .chain(on => {
    const pattern = on.kind === 'recv' && on.search.kind === 'pattern' ? on.search.pattern : null;
    const most = on.kind === 'accept' ? null : pattern ? groupCount(pattern) : 0;
    return fc.record({
      on: fc.constant(on),
      acts: fc
        .tuple(
          fc.array(anyAct(most), { minLength: 1, maxLength: 3 }),
          fc.constantFrom<Act[]>([], [{ kind: 'close' }], [{ kind: 'reset' }]),
        )
        .map(([acts, last]) => [...acts, ...last]),
      after: fc.constantFrom(0, 200, 1500, 0.5, 60_000),
    });
  });

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a rule as text', () => {
  it('reads back as the same rule', () => {
    fc.assert(
      fc.property(anyRule, rule => {
        const text = formatRule(rule);
        expect(text).not.toMatch(unsafe);
        expect(parseRuleText(text)).toEqual({ ok: true, value: rule });
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['echo', 'recv echo'],
    ['accept echo', 'accept echo'],
    ['recv discard', 'recv discard'],
    ['recv "PING" send "PONG"', 'recv "PING" send "PONG"'],
    ['recv hex"0103" send hex"01 83 02"', 'recv hex"01 03" send hex"01 83 02"'],
    [
      'recv starts "GET " send file"index.html" then close',
      'recv starts "GET " send file"index.html" then close',
    ],
    ['recv contains "quit" reset', 'recv contains "quit" reset'],
    ['send "bye" then half-close after 0.2', 'recv send "bye" then half-close after 200ms'],
    [
      'recv /^GET (\\S+)/ send "200 $1\\r\\n" after 200ms',
      'recv /^GET (\\S+)/ send "200 $1\\r\\n" after 200ms',
    ],
    ['recv /a\\/b c/i send "$&"', 'recv /a\\/b c/i send "$0"'],
    ['recv "price" send "$$5 and a $ alone"', 'recv "price" send "$$5 and a $$ alone"'],
    ["accept send 'hello'", 'accept send "hello"'],
    ['  recv   /x/   echo  # all of it', 'recv /x/ echo'],
  ])('%s', (text, written) => {
    const rule = parseRuleText(text);
    expect(rule.ok ? formatRule(rule.value) : rule.message).toBe(written);
  });

  it('takes what is put in for what it is', () => {
    const rule = parseRuleText('recv /(a)(b)/ send "\\$1"');
    expect(rule.ok).toBe(false);
    expect(parseRuleText('recv /(a)(b)/ send "\\\\$2$$1"')).toMatchObject({
      value: {
        acts: [
          {
            parts: [
              { kind: 'bytes', data: bytes('\\') },
              { kind: 'group', group: 2 },
              { kind: 'bytes', data: bytes('$1') },
            ],
          },
        ],
      },
    });
  });
});

describe('what is no rule is refused where it is', () => {
  it.each<[string, number, RegExp]>([
    ['', 0, /^what does the rule do\? Write send, echo, discard, half-close, close, reset, as in recv/],
    ['recv', 4, /^what does the rule do\?/],
    ['recv "PING"', 11, /^what does the rule do\?/],
    ['recv "PING" "PONG"', 12, /^what is done with "PONG"\? Write send before it/],
    ['recv "PING" sned "PONG"', 12, /did you mean send\?/],
    ['recv "PING" send', 16, /^send needs bytes/],
    ['recv "PING" send PONG', 16, /^send needs bytes/],
    ['recv "" echo', 5, /^nothing is everywhere/],
    ['recv file"x" echo', 5, /looks for is text, hex or an expression/],
    ['recv 4 of "x" echo', 5, /looks for is text, hex or an expression/],
    ['recv starts echo', 11, /^starts needs bytes/],
    ['recv /x echo', 5, /not closed/],
    ['recv // echo', 5, /^which expression\?/],
    ['recv /x/q echo', 5, /q is no flag/],
    ['recv "x" send ""', 14, /write discard/],
    ['recv "x" send 1MiB of "x"', 14, /sends text, hex or a file/],
    ['recv "x" send hex"0"', 18, /half a byte/],
    ['recv "x" send "\\q"', 15, /no escape/],
    ['recv "x" send "a$1"', 16, /which has none: a dollar sign itself is written \$\$/],
    ['recv /(x)/ send "a$2"', 18, /only \$1: a dollar/],
    ['recv /(x)(y)/ send b"$3"', 21, /only \$1 to \$2/],
    ['accept send "$0"', 13, /an accept has received nothing/],
    ['echo close', 5, /^close is too much: what may follow is then, or after 200ms/],
    ['close then echo', 11, /nothing can be done behind close/],
    ['echo then', 9, /^what does the rule do\?/],
    ['echo after', 10, /after needs a time/],
    ['echo after soon', 11, /is no time/],
    ['echo after 1s then close', 14, /comes last/],
    ['recv "x" echo => ok', 14, /^=> is too much/],
  ])('%s', (text, column, message) => {
    const rule = parseRuleText(text);
    expect(rule).toMatchObject({ ok: false, column });
    expect(rule.ok ? '' : rule.message).toMatch(message);
  });

  it('and an expression that cannot be compiled is, by who can', () => {
    const rule = parseRuleText('recv /x/ echo', ({ source }) => `no ${source}`);
    expect(rule).toMatchObject({ ok: false, column: 5, length: 3, message: 'no x' });
  });
});

describe('a slash', () => {
  const words = (text: string) => {
    const tokens = tokenize(text);
    return tokens.ok ? tokens.value.map(token => token.text) : tokens.message;
  };

  it('begins an expression behind the recv of a rule', () => {
    expect(words('a1.on recv /a b/ echo')).toEqual(['a1.on', 'recv', '/a b/', 'echo']);
    expect(words('recv /a b/ echo')).toEqual(['recv', '/a b/', 'echo']);
    expect(words('repeat 2 s1.on  recv\t/a "b/i echo')).toEqual([
      'repeat',
      '2',
      's1.on',
      'recv',
      '/a "b/i',
      'echo',
    ]);
    expect(substitute('a1.on recv /$x/ send $y', { y: '"1"' })).toEqual({
      ok: true,
      value: 'a1.on recv /$x/ send "1"',
    });
  });

  it.each([
    ['getaddrinfo recv /x'],
    ['x = getaddrinfo recv /x'],
    ['getaddrinfo on.recv /x'],
    ['getaddrinfo "recv" /x'],
    ['c1.connect unix:/run/a.sock'],
  ])('is none in %s', text => {
    const slash = text.slice(text.lastIndexOf(' ') + 1);
    expect(words(text)).toEqual([...text.slice(0, text.lastIndexOf(' ')).split(' '), slash]);
    expect(parseCall(text).ok).toBe(true);
  });
});

describe('groups of an expression', () => {
  it('are counted as RE2 does', () => {
    const piece = fc.constantFrom(
      'a',
      '(',
      ')',
      '(?:',
      '(?i)',
      '(?P<n>',
      '(?<m>',
      '[(]',
      '[]()]',
      '[^](]',
      '[[:alpha:](]',
      '\\(',
      '\\Q(\\E',
      '\\[',
      '[\\](]',
      '|',
      '*',
      'é',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const source = pieces.join('');
        try {
          const compiled = RE2JS.compile(source);
          expect(groupCount({ source, flags: '' })).toBe(compiled.groupCount());
        } catch (error) {
          if (!(error instanceof RE2JSException)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
