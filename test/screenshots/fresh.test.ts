import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { firstLack } from '../../source/labs/needs.ts';
import { toSvg } from '../e2e/screen-picture.ts';
import { filesOf, filmFiles, folder, hashOf } from './files.ts';
import { toFilm } from './film-picture.ts';
import { type Film, films } from './films.ts';
import { decodeCells, decodeFrames } from './kept-cells.ts';
import { lasting } from './lasting.ts';
import { playFilm, playScene } from './play-scene.ts';
import { type Scene, scenes } from './scenes.ts';

const renew = 'if the new screen is right, run "npm run screenshots" and look at the pictures';

const kept = (scene: Scene) => {
  const { cells, pictures } = filesOf(scene);
  const missing = [cells, ...pictures.map(({ png }) => png)].filter(file => !existsSync(file));
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: missing; run "npm run screenshots"`);
  return { ...decodeCells(readFileSync(cells, 'utf8')), files: pictures };
};

describe.concurrent('pictures', () => {
  test.for(scenes)('$name shows what the program draws', async (scene, { skip }) => {
    const lack = await firstLack(scene.needs ?? [], lacks);
    if (lack !== null) skip(lack);
    const { cells } = kept(scene);
    const now = lasting(await playScene(scene), scene);
    expect(now, `screenshots/${scene.name}.png shows another screen: ${renew}`).toEqual(
      lasting(cells, scene),
    );
  });
});

test.for(scenes)('$name is one picture as image and as cells', scene => {
  const { cells, pictures, files } = kept(scene);
  for (const { palette, png } of files)
    expect(
      { svg: hashOf(toSvg(cells, palette)), png: hashOf(readFileSync(png)) },
      `${png} is of other cells: ${renew}`,
    ).toEqual(pictures[palette]);
});

const keptFrames = (film: Film) => {
  const files = filmFiles(film);
  return { files, frames: decodeFrames(readFileSync(files.cells, 'utf8')) };
};

/** In bytes: more takes long to load. */
const largestFilm = 1.5e6;

describe.concurrent('moving pictures', () => {
  test.for(films)('$name shows what the program draws, frame by frame', async film => {
    const shown = (frames: ReturnType<typeof decodeFrames>) =>
      frames.map(({ cells, ...rest }) => ({ ...rest, rows: lasting(cells, film) }));
    const now = await playFilm(film);
    expect(shown(now), `screenshots/${film.name}.svg shows other screens: ${renew}`).toEqual(
      shown(keptFrames(film).frames),
    );
  });
});

test.for(films)('$name is one film as image and as cells, and quick to load', film => {
  const { files, frames } = keptFrames(film);
  const svg = readFileSync(files.svg, 'utf8');
  expect(svg === toFilm(frames), `${files.svg} is of other cells: ${renew}`).toBe(true);
  expect(svg.length).toBeLessThan(largestFilm);
});

test('every picture has its scene', () => {
  const known = new Set([
    ...scenes.map(filesOf).flatMap(({ cells, pictures }) => [cells, ...pictures.map(({ png }) => png)]),
    ...films.flatMap(film => Object.values(filmFiles(film))),
  ]);
  expect(readdirSync(folder).filter(name => !known.has(`${folder}/${name}`))).toEqual([]);
});
