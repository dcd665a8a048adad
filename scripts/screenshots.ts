import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { toPng, toSvg } from '../test/e2e/screen-picture.ts';
import { filesOf, filmFiles, folder, hashOf } from '../test/screenshots/files.ts';
import { toFilm } from '../test/screenshots/film-picture.ts';
import { films } from '../test/screenshots/films.ts';
import { encodeCells, encodeFrames } from '../test/screenshots/kept-cells.ts';
import { playFilm, playScene } from '../test/screenshots/play-scene.ts';
import { scenes } from '../test/screenshots/scenes.ts';
import { flagsOf } from './flags.ts';

const usage = `npm run screenshots [-- NAME...]

Runs each scene of test/screenshots/scenes.ts, and each film of films.ts, in the real program and pictures its screens in
screenshots/.`;

const { values, positionals } = flagsOf({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const all = [...scenes, ...films].map(({ name }) => name);
const unknown = positionals.filter(name => !all.includes(name));

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
if (unknown.length > 0) fail(`no scene: ${unknown.join(', ')}; there are ${all.join(', ')}`);
needFonts();
mkdirSync(folder, { recursive: true });

const isWanted = ({ name }: { readonly name: string }): boolean =>
  positionals.length === 0 || positionals.includes(name);

for (const film of films.filter(isWanted)) {
  const frames = await playFilm(film);
  const files = filmFiles(film);
  writeFileSync(files.svg, toFilm(frames));
  writeFileSync(files.cells, encodeFrames(frames));
  console.error(`${files.svg}  ${frames.length} frames`);
}

for (const scene of scenes.filter(isWanted)) {
  const started = performance.now();
  const cells = await playScene(scene);
  const files = filesOf(scene);
  const pictures = files.pictures.map(({ palette, png: file }) => {
    const svg = toSvg(cells, palette);
    const png = toPng(svg);
    writeFileSync(file, png);
    return [palette, { svg: hashOf(svg), png: hashOf(png) }] as const;
  });
  writeFileSync(files.cells, encodeCells({ cells, pictures: Object.fromEntries(pictures) }));
  const made = files.pictures.map(({ png }) => png).join(' ');
  console.error(`${made}  ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
