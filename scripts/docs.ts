import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keyRows, placesTitle } from '../source/commands/keys-list.ts';
import { commandTable } from '../source/commands/table.ts';

const readme = resolve(import.meta.dirname, '../README.md');

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

const keyTable = (): string => {
  const rows = keyRows(commandTable).map(({ keys, title, where }) =>
    [keys.map(code).join(' '), title, placesTitle(where)].map(escapeCell),
  );
  return [['keys', 'does', 'where'], ['---', '---', '---'], ...rows]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');
};

/** The generated parts by name: what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
const parts: Readonly<Record<string, () => string>> = { keys: keyTable };

const fill = (text: string): string =>
  Object.entries(parts).reduce((filled, [name, make]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const from = filled.indexOf(begin);
    const to = filled.indexOf(end);
    if (from < 0 || to < from) throw new Error(`README.md lacks ${begin} ... ${end}`);
    return `${filled.slice(0, from + begin.length)}\n${make()}\n${filled.slice(to)}`;
  }, text);

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const written = readFileSync(readme, 'utf8');
const fresh = fill(written);

if (!values.check) writeFileSync(readme, fresh);
else if (fresh !== written) {
  console.error('README.md holds an old table: run "npm run docs"');
  process.exitCode = 1;
}
