import { expect, test } from 'vitest';
import { findPattern } from '../../source/cli/sessions/find-worker.ts';

test('places of an expression count bytes, in UTF-8 and in what is none', async () => {
  expect(await findPattern('ü+', Buffer.from('xüüy'))).toEqual({ ok: true, spans: [{ from: 1, to: 5 }] });
  expect(await findPattern('b.', Buffer.from('\xffba\xfe', 'latin1'))).toEqual({
    ok: true,
    spans: [{ from: 1, to: 3 }],
  });
  expect(await findPattern('x*', Buffer.from('abc'))).toEqual({ ok: true, spans: [] });
});

test('what is no expression is said', async () => {
  expect(await findPattern('(', Buffer.from('abc'))).toMatchObject({
    ok: false,
    message: expect.stringContaining('this is no regular expression: '),
  });
});

test('an expression that would take minutes is given up', async () => {
  const found = await findPattern('(\\w{1,999}\\d)|(\\w{1,990}\\s)', Buffer.alloc(256 * 1024, 'a'));
  expect(found).toEqual({
    ok: false,
    message: 'it was given up after 3 s: write an expression with smaller repeats',
  });
});
