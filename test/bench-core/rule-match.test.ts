import { describe, expect, it } from 'vitest';
import {
  findAnswer,
  type Heard,
  hear,
  heardNothing,
  mostUnanswered,
  sentBytes,
} from '../../source/bench/behaviours/rule-match.ts';
import { rulePatternProblem } from '../../source/bench/behaviours/rule-pattern.ts';
import { parseRuleText } from '../../source/core/language/rule-text.ts';
import { actsOnAccept, actsOnReceive, type RuleState } from '../../source/core/model/rule.ts';

const rulesOf = (...texts: readonly string[]): readonly RuleState[] =>
  texts.map((text, index) => {
    const rule = parseRuleText(text, rulePatternProblem);
    if (!rule.ok) throw new Error(`${text}: ${rule.message}`);
    return { number: index + 1, socket: 's1', rule: rule.value, enabled: true };
  });

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

/** What is answered to pieces that come one after the other, then an end: `2:PONG` by rule 2. */
const answersTo = (rules: readonly RuleState[], pieces: readonly string[], ends = true): string[] => {
  const answers: string[] = [];
  let heard = heardNothing;
  const answerAll = (final: boolean) => {
    for (;;) {
      const found = findAnswer(rules, heard, { final });
      heard = found.heard;
      if (!found.answer) return;
      const { answer } = found;
      const sent = actsOnReceive(answer.rule.rule).map(act => {
        if (act.kind === 'send') return text(sentBytes(act.parts, answer));
        return act.kind === 'echo' ? text(answer.found) : act.kind;
      });
      answers.push(`${answer.rule.number}:${sent.join('+')}`);
    }
  };
  for (const piece of pieces) {
    heard = hear(heard, bytes(piece));
    answerAll(false);
  }
  if (ends) answerAll(true);
  return answers;
};

const modbus = 'recv /\\x01\\x03\\x00\\x00\\x00\\x02\\xc4\\x0b/ send hex"01 03 04 00 01 00 02 2a 32"';

/** Rules, what comes, and the answers. */
const playbook: [rules: string[], request: string, answers: string[]][] = [
  [['recv "PING" send "PONG"'], 'PING', ['1:PONG']],
  [['recv contains "PING" send "PONG"'], 'xPINGyPING', ['1:PONG', '1:PONG']],
  [['recv contains "PING" echo then close'], 'xPING', ['1:PING+close']],
  [['recv starts "GET " send "200"'], 'GET ', ['1:200']],
  [
    ['recv /PING/ send "PONG"', 'recv /QUIT/ send "BYE" then close'],
    'PING\r\nQUIT\r\n',
    ['1:PONG', '2:BYE+close'],
  ],
  [['recv /^GET (\\S+)/ send "200 $1\\r\\n"'], 'GET /a/b.html HTTP/1.1\r\n', ['1:200 /a/b.html\r\n']],
  [['recv /^GET (\\S+)/ send "200 $1"'], 'GET /a/b.html', ['1:200 /a/b.html']],
  [['recv /(\\w+)=(\\d*)\\n/ send "$2 is $1, $0"'], 'a=1\nbc=\n', ['1:1 is a, a=1\n', '1: is bc, bc=\n']],
  [['recv /(?:x(y)|z)+/ send "[$1]"'], 'xy!z!', ['1:[y]', '1:[]']],
  [['recv /ab*/ send "$0"'], 'abbbc', ['1:abbb']],
  [[modbus], '\x01\x03\x00\x00\x00\x02\xc4\x0b', ['1:\x01\x03\x04\x00\x01\x00\x02*2']],
  [['recv /\\xff[\\x80-\\xff]{2}/s send hex"00"'], 'a\xff\n\xff\x80\xfe', ['1:\x00']],
  [['recv /é/ send "e"'], 'caf\xc3\xa9', ['1:e']],
  [['recv "a" send "1"', 'recv "a" send "2"'], 'a', ['1:1']],
  [['accept send "hi" then discard'], '', []],
  [['recv "x" echo'], 'nothing of that', []],
];

describe('rules of a stream', () => {
  it.each(playbook)('%j and %j', (texts, request, answers) => {
    const rules = rulesOf(...texts);
    expect(answersTo(rules, [request])).toEqual(answers);
    expect(answersTo(rules, [...request]), 'a byte at a time').toEqual(answers);
    for (let at = 1; at < request.length; at++)
      expect(answersTo(rules, [request.slice(0, at), request.slice(at)]), `cut at ${at}`).toEqual(answers);
  });

  it('echo gives back every byte, however they come', () => {
    for (const rule of ['echo', 'accept echo'])
      for (let at = 1; at < 5; at++) {
        const answers = answersTo(rulesOf(rule), ['hello'.slice(0, at), 'hello'.slice(at)]);
        expect(answers.map(answer => answer.slice(2)).join('')).toBe('hello');
      }
  });

  it('an expression that can go on waits for more or for the end; another answers at once', () => {
    const get = rulesOf('recv /^GET (\\S+)/ send "$1"');
    expect(answersTo(get, ['GET /a'], false)).toEqual([]);
    expect(answersTo(get, ['GET /a', 'b '], false)).toEqual(['1:/ab']);
    expect(answersTo(rulesOf('recv /PING/ send "PONG"'), ['PING'], false)).toEqual(['1:PONG']);
    expect(answersTo(rulesOf('recv /\\d{2,3}/ echo'), ['12'], false)).toEqual([]);
    expect(answersTo(rulesOf('recv /\\d{2,3}/ echo'), ['123'], false)).toEqual(['1:123']);
    expect(answersTo(rulesOf('recv /A|\\xc3\\x84|AB/ echo'), ['A'], false)).toEqual(['1:A']);
  });

  it('the first that fits is held back for no later one', () => {
    const rules = rulesOf('recv /a+/ send "1"', 'recv send "2"');
    expect(answersTo(rules, ['a'], false)).toEqual([]);
    expect(answersTo(rules, ['a', 'ab'], false)).toEqual(['1:1', '2:2']);
  });

  it('what is equal is all that came; what begins so takes all of it', () => {
    expect(answersTo(rulesOf('recv "PING" send "PONG"'), ['PINGPING'])).toEqual([]);
    expect(answersTo(rulesOf('recv starts "GET " echo'), ['GET /a', 'GET /b'])).toEqual([
      '1:GET /a',
      '1:GET /b',
    ]);
  });

  it("a rest that nobody has answered, of a line or a whole one, is in no later message's way", () => {
    const rules = rulesOf(
      'recv /^GET (\\S+)/ send "$1"',
      'recv "PING\\n" send "PONG"',
      'recv starts "SET " echo',
    );
    expect(answersTo(rules, ['GET /a HTTP/1.1\r\n\r\n', 'GET /b\n'], false)).toEqual(['1:/a', '1:/b']);
    expect(answersTo(rules, ['GET /a\n', 'PING\n'], false)).toEqual(['1:/a', '2:PONG']);
    expect(answersTo(rules, ['what?\n', 'PING\n', 'SE', 'T x'], false)).toEqual(['2:PONG', '3:SET x']);
    expect(answersTo(rules, ['what?\n', 'PI', 'NG', '\n'], false)).toEqual(['2:PONG']);
    expect(answersTo(rules, ['xPING\n'], false)).toEqual([]);
  });

  it('an accept acts first, then goes on with what is received', () => {
    const [rule] = rulesOf('accept send "hi" then echo then close');
    expect(actsOnAccept(rule!.rule).map(({ kind }) => kind)).toEqual(['send']);
    expect(actsOnReceive(rule!.rule).map(({ kind }) => kind)).toEqual(['echo', 'close']);
    const [only] = rulesOf('accept send "hi"');
    expect(actsOnReceive(only!.rule)).toEqual([]);
    expect(answersTo([only!], ['x'])).toEqual([]);
  });
});

describe('rules of datagrams', () => {
  it('look at each by itself, whole', () => {
    const rules = rulesOf('recv /^(\\w+)/ send "$1"', 'recv /^$/ send "empty"');
    const answer = (datagram: string) => {
      const found = findAnswer(rules, hear(heardNothing, bytes(datagram)), { final: false, datagram: true });
      expect(found.heard.bytes).toHaveLength(0);
      return found.answer && [found.answer.rule.number, text(found.answer.found)];
    };
    expect(answer('abc def')?.[0]).toBe(1);
    expect(answer('')?.[0]).toBe(2);
    expect(answer('!')).toBeNull();
  });
});

describe('what fits no rule', () => {
  /** `works`: bytes that were looked at with each piece. */
  const heardIn = (rule: string, pieces: number, size: number): { heard: Heard; works: number[] } => {
    const rules = rulesOf(rule);
    let heard = heardNothing;
    const works: number[] = [];
    const piece = new Uint8Array(size).fill(0x61);
    for (let i = 0; i < pieces; i++) {
      let work = 0;
      heard = findAnswer(rules, hear(heard, piece), {
        final: false,
        work: count => {
          work += count;
        },
      }).heard;
      works.push(work);
    }
    return { heard, works };
  };

  it('is kept up to a cap, the newest of it, and how much was let go is known', () => {
    const { heard } = heardIn('recv contains "b" echo', 5, mostUnanswered / 2);
    expect(heard.bytes).toHaveLength(mostUnanswered);
    expect(heard.lost).toBe(1.5 * mostUnanswered);
  });

  it.each([
    'recv contains "b" echo',
    'recv /b(c)/ echo',
    'recv /a+/ echo',
    'recv "ab" echo',
    'recv starts "ab" echo',
  ])('in pieces of a byte it is not looked at again without bound: %s', rule => {
    const { works } = heardIn(rule, 14_000, 1);
    expect(works.slice(10_000).reduce((sum, work) => sum + work, 0)).toBeLessThan(4_000 * 8_000);
    expect(works.at(-1)).toBeGreaterThan(0);
  });
});

describe('expressions of rules', () => {
  const problem = (source: string) => rulePatternProblem({ source, flags: '' });

  it('are refused where they are none, or too much for all that comes', () => {
    expect(problem('(')).toMatch(/is no regular expression/);
    expect(problem('(a{20}){20}')).toMatch(/too large to be searched for in all that comes/);
    expect(problem('[é]')).toMatch(/a class holds bytes/);
    expect(problem('é\\x{e9}\\Qé\\E')).toBeNull();
  });
});
