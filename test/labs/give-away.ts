import { formatEndpoint } from '../../source/core/addresses/address.ts';
import { quoteBytes } from '../../source/core/bytes/payload.ts';
import type { Expected } from '../../source/core/language/expectation.ts';
import { innerLine, parseLine } from '../../source/core/language/line.ts';
import { errorTable } from '../../source/core/words/error-table.ts';
import type { Stage } from '../../source/labs/lab.ts';

/** Sentences that ask nothing: what is asked is no answer. */
const statements = (text: string): string =>
  text
    .split(/(?<=[.!?:。！？：])\s*/)
    .filter(sentence => !/[?？]\s*$/.test(sentence))
    .join(' ');

const word = (text: string): RegExp => {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\w.])${escaped}(?![\\w.]*\\w)`);
};

/** What tells how a call ends, in a text that is read before. */
const telling = (wanted: Expected): readonly RegExp[] => {
  switch (wanted.kind) {
    case 'error':
      return [wanted.code, ...errorTable[wanted.code].slice(1)]
        .filter(Boolean)
        .map(name => word(String(name)));
    case 'raises':
      return wanted.python === 'OSError' ? [] : [word(wanted.python)];
    case 'eof':
      return [/\bEOF\b/];
    case 'blocked':
    case 'queued':
      return [/\b(?:blocks|blocked|BLOCKED)\b/, /阻塞/];
    case 'range':
      return wanted.from === wanted.to ? [word(String(wanted.from))] : [];
    case 'endpoint':
      return [word(formatEndpoint(wanted.endpoint))];
    case 'bytes': {
      const text = wanted.bytes.kind === 'literal' ? quoteBytes(wanted.bytes.data).trim() : '';
      return text.length < 2 ? [] : [word(text)];
    }
    default:
      return [];
  }
};

/** What a text that is read before a stage tells of how its lines end: the line, and the words. */
export const giveAways = ({ lines }: Stage, say: string): string[] => {
  const told = statements(say);
  return lines.flatMap(({ text }) => {
    const read = parseLine(text.replace(/\$\w+/g, '1'));
    const line = read.ok ? innerLine(read.value) : null;
    const wanted = line && 'expectation' in line ? line.expectation?.value : undefined;
    if (!wanted) return [];
    const call = text.slice(0, text.indexOf('=>'));
    return telling(wanted).flatMap(pattern => {
      const found = pattern.exec(told)?.[0];
      return found === undefined || pattern.test(call) ? [] : [`${text.trim()}: ${found}`];
    });
  });
};
