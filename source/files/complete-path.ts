import { readdir, stat } from 'node:fs/promises';
import { expandHome } from './bounded-file.ts';

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  );

/** What all of them begin with, by character: half of a surrogate pair is none. */
const commonStart = (names: readonly string[]): string => {
  const [first = '', ...others] = names.map(name => [...name]);
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && other[same] === first[same]) same++;
    length = same;
  }
  return [...first].slice(0, length).join('');
};

/** Names that are not UTF-8 come with this in them (Node's fs), and could not be opened as they are shown. */
const notUtf8 = '\ufffd';

/**
 * How a path that is begun goes on, as a shell has it: `text` is the path as far as it is sure, `candidates` are the
 * names it may become, folders with `/`. Hidden files are meant where a dot was typed. No candidates where there is
 * none or the folder cannot be read.
 */
export const completePath = async (typed: string): Promise<{ text: string; candidates: string[] }> => {
  if (typed === '~') return { text: '~/', candidates: ['~/'] };
  const cut = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, cut);
  const begun = typed.slice(cut);
  const place = expandHome(folder) || '.';
  const all = await readdir(place, { withFileTypes: true }).catch(() => []);
  const found = all.filter(
    ({ name }) =>
      name.startsWith(begun) && (begun !== '' || !name.startsWith('.')) && !name.includes(notUtf8),
  );
  if (found.length === 0) return { text: typed, candidates: [] };
  const only = found.length === 1;
  const candidates = await Promise.all(
    found.map(async entry => {
      // Of many, a link is shown as it is: each would cost a call to the system.
      const linked =
        entry.isSymbolicLink() && found.length <= 100 && (await isFolder(`${place}/${entry.name}`));
      return entry.isDirectory() || linked ? `${entry.name}/` : entry.name;
    }),
  );
  return {
    text: folder + (only ? candidates[0]! : commonStart(found.map(({ name }) => name))),
    candidates: candidates.sort(),
  };
};
