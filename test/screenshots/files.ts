import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { projectFolder } from '../e2e/terminal.ts';
import type { Scene } from './scenes.ts';

export const folder = join(projectFolder, 'screenshots');

const at = (name: string): string => join(folder, name);

/** Where the cells of a scene lie, for the check, and its pictures, for readers: the one on black has the scene's own name. */
export const filesOf = ({ name, palettes = ['dark'] }: Pick<Scene, 'name' | 'palettes'>) => ({
  cells: at(`${name}.json`),
  pictures: palettes.map(palette => ({
    palette,
    png: at(palette === 'dark' ? `${name}.png` : `${name}-${palette}.png`),
  })),
});

/** A film has no PNG: it moves. */
export const filmFiles = ({ name }: Pick<Scene, 'name'>) => ({
  svg: at(`${name}.svg`),
  cells: at(`${name}.json`),
});

export const hashOf = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');
