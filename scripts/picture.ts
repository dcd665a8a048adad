import { writeFileSync } from 'node:fs';
import { toPng, toSvg } from '../test/e2e/screen-picture.ts';
import { start } from '../test/e2e/terminal.ts';
import { flagsOf } from './flags.ts';

const usage = `node scripts/picture.ts OUT.png|OUT.svg|- [--cols N] [--rows N] [--program FILE] [--light]
    [--type TEXT | --paste TEXT | --until REGEX]... [-- ARGUMENT...]

Runs sockbench in a pseudo-terminal, types and waits in the order given, and pictures the screen; - prints it
as text. TEXT takes JSON's escapes: \\r is Enter, \\u001b is Esc. Fonts: fonts-dejavu-core, fonts-wqy-microhei.`;

const { values, positionals, tokens } = flagsOf({
  allowPositionals: true,
  tokens: true,
  options: {
    cols: { type: 'string', default: '120' },
    rows: { type: 'string', default: '36' },
    program: { type: 'string' },
    light: { type: 'boolean' },
    type: { type: 'string', multiple: true },
    paste: { type: 'string', multiple: true },
    until: { type: 'string', multiple: true },
    help: { type: 'boolean' },
  },
});

const [out, ...args] = positionals;
if (values.help || out === undefined) {
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

const unescapeText = (text: string): string => JSON.parse(`"${text.replaceAll('"', '\\"')}"`);

const terminal = start({
  args,
  cols: Number(values.cols),
  rows: Number(values.rows),
  ...(values.program === undefined ? {} : { program: values.program }),
});

try {
  await terminal.ready();
  for (const token of tokens) {
    if (token.kind !== 'option' || token.value === undefined) continue;
    if (token.name === 'type') terminal.type(unescapeText(token.value));
    if (token.name === 'paste') terminal.paste(unescapeText(token.value));
    if (token.name === 'until') await terminal.until(new RegExp(token.value));
  }
  await terminal.quiet();
  const svg = toSvg(terminal.cells(), values.light ? 'light' : 'dark');
  if (out === '-') process.stdout.write(terminal.picture());
  else writeFileSync(out, out.endsWith('.svg') ? svg : toPng(svg));
} finally {
  await terminal.dispose();
}
