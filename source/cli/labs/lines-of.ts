import { StringDecoder } from 'node:string_decoder';
import { longestLine } from '../../core/language/tokens.ts';

/**
 * Lines of a stream as they come; CR, LF or both end one. A line longer than any that is read is cut behind that length and
 * the stream is left: what is read of it is refused, and an endless one fills no memory.
 */
export async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  let afterCr = false;
  for await (const chunk of input) {
    let text = typeof chunk === 'string' ? chunk : decoder.write(chunk);
    if (afterCr && text !== '') {
      if (text.startsWith('\n')) text = text.slice(1);
      afterCr = false;
    }
    let start = 0;
    for (const { 0: end, index } of text.matchAll(/\r\n|\n|\r/g)) {
      parts.push(text.slice(start, index));
      start = index + end.length;
      afterCr = end === '\r' && start === text.length;
      yield parts.join('');
      parts = [];
      length = 0;
    }
    parts.push(text.slice(start));
    length += text.length - start;
    if (length > longestLine) return yield parts.join('');
  }
  const rest = parts.join('') + decoder.end();
  if (rest !== '') yield rest;
}
