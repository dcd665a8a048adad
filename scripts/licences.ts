import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

const packagePath = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Folders of the packages whose code a bundle holds, in order of their names. */
const packagesIn = (metafile: Metafile): string[] => {
  const folders = new Set<string>();
  for (const output of Object.values(metafile.outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = packagePath.exec(input);
      if (match && bytesInOutput > 0) folders.add(match[0].slice(0, -1));
    }
  }
  return [...folders].sort();
};

const licenceText = (folder: string): string | undefined => {
  const file = readdirSync(folder).find(name => /^(licen[cs]e|copying)(\.|-|$)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
};

type Manifest = { name: string; version: string; license?: string; author?: string | { name: string } };

const describe = (folder: string): string => {
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
  const text =
    licenceText(folder) ?? `${manifest.license ?? 'no licence named'}${author ? `, by ${author}` : ''}`;
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'unknown'})\n\n${text}\n`;
};

/** The licence texts of everything that went into a bundle, as MIT and its kin ask for with every copy. */
export const licencesOf = (metafile: Metafile): string => {
  const parts = packagesIn(metafile)
    .filter(folder => existsSync(join(folder, 'package.json')))
    .map(describe);
  return `sockbench contains the following packages.\n\n${[...new Set(parts)].join(`\n${'-'.repeat(78)}\n\n`)}`;
};
