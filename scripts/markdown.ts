/** Text as code, whatever backquotes it holds. */
export const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``);

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');

/** A table of Markdown: its head, then its rows. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map(row => row.map(escapeCell))]
    .map(cells => `| ${cells.join(' | ')} |`)
    .join('\n');

/** The generated parts of a file by name: what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. */
export type Parts = Readonly<Record<string, () => string>>;

/** The text with its generated parts made anew. Throws where a part has no place. */
export const fill = (text: string, parts: Parts, file: string): string =>
  Object.entries(parts).reduce((filled, [name, make]) => {
    const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
    const from = filled.indexOf(begin);
    const to = filled.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${file} lacks ${begin} ... ${end}`);
    return `${filled.slice(0, from + begin.length)}\n${make()}\n${filled.slice(to)}`;
  }, text);
