import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { flagsOf } from './flags.ts';

const pathOf = (file: string): string => resolve(import.meta.dirname, '..', file);

/** A file of the project by its path from the project's folder; '' where there is none yet. */
export const readProjectFile = (file: string): string =>
  existsSync(pathOf(file)) ? readFileSync(pathOf(file), 'utf8') : '';

/** Writes generated files where they are not what they should be; with --check they are only named, exit status 1. */
export const keepFresh = (files: Readonly<Record<string, string>>): void => {
  const { values } = flagsOf({ options: { check: { type: 'boolean', default: false } } });
  for (const [file, text] of Object.entries(files)) {
    if (text === readProjectFile(file)) continue;
    if (values.check) {
      console.error(`${file} is out of date: run "npm run docs"`);
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(pathOf(file)), { recursive: true });
      writeFileSync(pathOf(file), text);
    }
  }
};
