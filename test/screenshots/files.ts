import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { projectFolder } from '../e2e/terminal.ts';
import type { Scene } from './scenes.ts';

export const folder = join(projectFolder, 'screenshots');

/** Where a scene's picture lies, as an image for readers, and as cells for the check. */
export const filesOf = ({ name }: Pick<Scene, 'name'>) => ({
  png: join(folder, `${name}.png`),
  svg: join(folder, `${name}.svg`),
  cells: join(folder, `${name}.json`),
});

/** A film has no PNG: it moves. */
export const filmFiles = (film: Pick<Scene, 'name'>) => {
  const { svg, cells } = filesOf(film);
  return { svg, cells };
};

export const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
