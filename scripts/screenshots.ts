import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { toPng, toSvg } from '../test/e2e/screen-picture.ts';
import { filesOf, folder, hashOf } from '../test/screenshots/files.ts';
import { encodeCells } from '../test/screenshots/kept-cells.ts';
import { playScene } from '../test/screenshots/play-scene.ts';
import { scenes } from '../test/screenshots/scenes.ts';

const usage = `npm run screenshots [-- NAME...]

Runs each scene of test/screenshots/scenes.ts in the real program and pictures its screen in screenshots/.`;

const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const unknown = positionals.filter(name => !scenes.some(scene => scene.name === name));

const fail = (message: string): never => {
  console.error(message);
  process.exit(2);
};

/** Without these the image library draws boxes for what it has no glyph of. */
const needFonts = (): void => {
  const fonts = (() => {
    try {
      return execFileSync('fc-list', [':', 'family'], { encoding: 'utf8' });
    } catch {
      return fail(
        'fc-list is missing: install fontconfig, fonts-dejavu-core and fonts-wqy-microhei (Debian)',
      );
    }
  })();
  for (const [family, debian] of [
    ['DejaVu Sans Mono', 'fonts-dejavu-core'],
    ['WenQuanYi Micro Hei', 'fonts-wqy-microhei'],
  ] as const)
    if (!fonts.includes(family)) fail(`the font ${family} is missing (Debian: ${debian})`);
};

if (values.help) {
  console.log(usage);
  process.exit(0);
}
if (unknown.length > 0)
  fail(`no scene: ${unknown.join(', ')}; there are ${scenes.map(({ name }) => name).join(', ')}`);
needFonts();
mkdirSync(folder, { recursive: true });

for (const scene of scenes) {
  if (positionals.length > 0 && !positionals.includes(scene.name)) continue;
  const started = performance.now();
  const cells = await playScene(scene);
  const svg = toSvg(cells);
  const png = toPng(svg);
  const files = filesOf(scene);
  writeFileSync(files.svg, svg);
  writeFileSync(files.png, png);
  writeFileSync(files.cells, encodeCells(cells, hashOf(png)));
  console.error(`${files.png}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
