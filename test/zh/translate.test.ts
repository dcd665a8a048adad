import { afterEach, describe, expect, test } from 'vitest';
import { refused } from '../../source/core/language/parsed.ts';
import { filled, inEnglish, t, translateWith } from '../../source/core/words/translate.ts';

afterEach(() => translateWith(null));

const withValues = (sentence: string, ...values: readonly string[]): string =>
  filled(sentence, name => values[Number(name)]);

describe('a sentence with values', () => {
  test.each([
    ['a blank parts a Latin word from Chinese', '{0} 等待 {1}', ['c1.recv', 'a1'], 'c1.recv 等待 a1'],
    [
      'there is none where a value is Chinese as well',
      '{0} 正忙，{1} 等待',
      ['线程', 'c1'],
      '线程正忙，c1 等待',
    ],
    ['nor between two values that are', '{0} {1}', ['线程', '在睡眠'], '线程在睡眠'],
    ['nor behind a full stop', '{0} {1}', ['好。', 'c1 等待'], '好。c1 等待'],
    ['two Latin values keep theirs', '{0} {1}', ['c1', 'recv'], 'c1 recv'],
    ['blanks within a value are its own', '收到 {0} 字节', ['你 好 '], '收到你 好  字节'],
    ['a brace that names no value stays', '{0} \\u{1f600} {name}', ['x'], 'x \\u{1f600} {name}'],
  ])('%s', (_, sentence, values, shown) => expect(withValues(sentence, ...values)).toBe(shown));
});

test('what programs read is English, whatever the language; what follows is not', () => {
  translateWith({ port: '端口' });
  expect([t('port'), inEnglish(() => t('port')), t('port')]).toEqual(['端口', 'port', '端口']);
  expect(() =>
    inEnglish(() => {
      throw new RangeError('no');
    }),
  ).toThrow('no');
  expect(t('port')).toBe('端口');
});

test('a refusal in Chinese, which has no blanks, is whole', () => {
  const sentence = `这里打开的引号没有关闭：${'请在末尾加上引号，'.repeat(12)}或删除它`;
  expect(refused(sentence).message).toBe(sentence);
});
