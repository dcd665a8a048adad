import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../e2e/terminal.ts';

export const readDocument = (file: string): string => readFileSync(join(projectFolder, file), 'utf8');

/** What stands under a heading of a document, up to the next one. */
export const section = (title: string, file = 'README.md'): string => {
  const [, rest] = readDocument(file).split(`\n## ${title}\n`);
  if (rest === undefined) throw new Error(`${file} has no section "${title}"`);
  return rest.split('\n## ')[0]!;
};

/** The blocks of a language in a text, without their fences. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(match => match[1]!);

/** Cells of a text's table rows, without the head. */
export const rows = (text: string): string[][] =>
  [...text.matchAll(/^\| (.+) \|$/gm)]
    .map(match => match[1]!.split(' | ').map(cell => cell.trim()))
    .filter(cells => !/^-+$/.test(cells[0]!))
    .slice(1);

/** Words of a line as the shell has them, without its quotes. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(match => match[1] ?? match[2]!);
