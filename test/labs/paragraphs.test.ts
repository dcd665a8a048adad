import { expect, it } from 'vitest';
import { paragraphs } from '../../source/labs/paragraphs.ts';

it.each([
  ['one\ntwo\n', 'one two'],
  ['one\n\n\n  two\n   three\n', 'one\n\ntwo three'],
  ['监听之后，\n客户端连接', '监听之后，客户端连接'],
  ['服务器\n调用', '服务器调用'],
  ['调用 accept()\n之后', '调用 accept() 之后'],
  ['状态是\nESTAB', '状态是 ESTAB'],
  ['“结束”\nUDP', '“结束”UDP'],
  ['', ''],
  ['\n \n', ''],
])('%j as paragraphs', (text, expected) => {
  expect(paragraphs(text)).toBe(expected);
});
