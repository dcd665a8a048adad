import { print } from '../../../source/cli/print.ts';
import { formatEndpoint } from '../../../source/core/addresses/address.ts';
import { formatBytes } from '../../../source/core/bytes/bytes-text.ts';
import { escapeBytes, quoteBytes, quoteText, safeText } from '../../../source/core/bytes/payload.ts';
import { safeJson, safeLines } from '../../../source/core/bytes/printable.ts';
import { refused } from '../../../source/core/language/parsed.ts';
import { attackBytes, attackText } from './attacks.ts';
import { captured } from './captured.ts';
import type { Place } from './place.ts';

const limits = [undefined, 0, 3, 20, 200];

/** The gates: what is shown goes through one of these. */
export const gates: readonly Place[] = [
  {
    name: 'bytes in quotes',
    share: 300,
    show: chance => ({ text: quoteBytes(attackBytes(chance), chance.one(limits)), output: 'line' }),
  },
  {
    name: 'bytes as text',
    share: 300,
    show: chance => ({ text: escapeBytes(attackBytes(chance), chance.one(limits)).text, output: 'line' }),
  },
  {
    name: 'bytes of a call',
    share: 200,
    show: chance => {
      const data = attackBytes(chance);
      const notation = chance.one(['text', 'hex'] as const);
      return { text: formatBytes({ kind: 'literal', data, notation }, chance.one(limits)), output: 'line' };
    },
  },
  {
    name: 'text in quotes',
    share: 300,
    show: chance => ({ text: quoteText(attackText(chance)), output: 'line' }),
  },
  {
    name: 'foreign text',
    share: 300,
    show: chance => ({ text: safeText(attackText(chance)), output: 'line' }),
  },
  {
    name: 'foreign lines',
    share: 200,
    show: chance => ({ text: safeLines(attackText(chance)), output: 'lines' }),
  },
  {
    name: 'refusals',
    share: 200,
    show: chance => ({ text: refused(attackText(chance, 60)).message, output: 'line' }),
  },
  {
    name: 'addresses',
    share: 200,
    show: chance => {
      const text = attackText(chance);
      const endpoint = chance.below(2)
        ? ({ kind: 'unix', path: text } as const)
        : ({ kind: 'inet', host: text, port: chance.below(2) ? 9 : attackText(chance) } as const);
      return { text: formatEndpoint(endpoint), output: 'line' };
    },
  },
  {
    name: 'JSON',
    share: 200,
    show: chance => {
      const value = { [attackText(chance)]: attackText(chance) };
      return { text: safeJson(JSON.stringify(value, null, chance.one([0, 2]))), output: 'lines' };
    },
  },
  {
    name: 'what is printed',
    share: 50,
    show: async chance => ({ text: await captured(() => print(attackText(chance))), output: 'lines' }),
  },
];
