import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { parseLine } from '../../source/core/language/line.ts';
import { humanSize } from '../../source/core/language/units.ts';
import { threadTitle } from '../../source/core/model/threads.ts';
import { errorCodes } from '../../source/core/words/error-table.ts';
import { explain, explainCode } from '../../source/core/words/errors.ts';
import { glossary, wordTitle } from '../../source/core/words/glossary.ts';
import { listed } from '../../source/core/words/listed.ts';
import { translateWith } from '../../source/core/words/translate.ts';
import { encodeSaid } from '../../source/formats/session/jsonl.ts';
import { chinese } from '../../source/zh/chinese.ts';

beforeAll(() => translateWith(chinese));
afterAll(() => translateWith(null));

const han = /\p{Script=Han}/u;

/** Words that follow each other in small letters, as no name or example here does. */
const english = /(?<![\w"'.$-])(?:[a-z]{3,} ){2}[a-z]{3,}/;

describe('what the grammar refuses', () => {
  test.each([
    ['c1.foo', 'foo 不是调用：帮助里列出了所有调用'],
    ['c1.recv', 'recv 需要字节数，例如 4096 或 64KiB'],
    ['c1.settimeout 5parsec', '“parsec”不是时间单位：请写 us、ms、s、min 或 h'],
    ['c1.recv 1 2 3 4', '2 不是标志：请写 MSG_PEEK 或 MSG_WAITALL 或 MSG_DONTWAIT 或 MSG_OOB'],
    ['expect c1.state == ESTABL', 'ESTABL 不是 ss 所用的状态名：是否想写 ESTAB？'],
    [
      'c1.connect ::1:80',
      '“::1:80”：IPv6 地址后跟端口时要加方括号：请写 [::1]:51423，或者写地址、空格和端口',
    ],
  ])('%s', (line, said) => expect(parseLine(line)).toMatchObject({ ok: false, message: said }));
});

describe('an error', () => {
  test('names its values', () => {
    const call = { name: 'connect', on: 'c1', address: inet('127.0.0.1', 1) } as const;
    expect(explain({ kind: 'error', code: 'ECONNREFUSED' }, call)).toMatchObject({
      python: 'ConnectionRefusedError',
      pythonText: '[Errno 111] Connection refused',
      sentence: '没有人监听 127.0.0.1:1：对方机器以重置作答',
      advice: '请在那里启动监听，或检查主机和端口',
    });
  });

  test.each(errorCodes.filter(code => explainCode(code)))('%s is explained in Chinese', code => {
    const { sentence, advice } = explainCode(code)!;
    for (const words of [sentence, advice]) {
      expect(words).toMatch(han);
      expect(words).not.toMatch(english);
      expect(words).not.toMatch(/\{\w+\}/);
    }
  });
});

test.each([...glossary])('%s stands in the glossary in Chinese', (_, { says }) => {
  expect(says).toMatch(/\p{Script=Han}.*。$/u);
  expect(says).not.toMatch(english);
});

test('a word that is no name has its title beside it', () => {
  expect([wordTitle('accept queue'), wordTitle('ESTAB')]).toEqual(['接受队列（accept queue）', 'ESTAB']);
});

test('sizes, lists and threads', () => {
  expect([humanSize(812), humanSize(4 << 20)]).toEqual(['812 字节', '4.0 MiB']);
  expect([listed(['a1', 'c1', 'c2'], 'or'), listed(['p1', 'p2'], 'and')]).toEqual([
    'a1、c1 或 c2',
    'p1 和 p2',
  ]);
  expect([threadTitle('c1.r'), threadTitle('p1/4711')]).toEqual(['c1 的读线程', 'p1 的线程 4711']);
});

test('the words of a finding in JSON are English', () => {
  const finding = { name: 'datagrams-lost', key: 'lost u1', sockets: ['u1'], calls: [], count: 2 } as const;
  const said = JSON.parse(encodeSaid({ kind: 'finding', n: 1, t: 0, on: true, finding } as never));
  expect(said.says).toBe('u1 lost 2 datagrams: its receive buffer was full');
});
