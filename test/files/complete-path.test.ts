import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completePath } from '../../source/files/complete-path.ts';
import { runsOf } from '../support/sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-complete-'));

beforeAll(() => {
  for (const name of ['alpha.txt', 'alpha.bin', 'beta file', '.hidden', 'Ünder', '🚀a', '🚁b'])
    writeFileSync(join(folder, name), name);
  mkdirSync(join(folder, 'sub/inner'), { recursive: true });
  symlinkSync('sub', join(folder, 'link'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each<[string, string, readonly string[]]>([
  ['al', 'alpha.', ['alpha.bin', 'alpha.txt']],
  ['alpha.t', 'alpha.txt', ['alpha.txt']],
  ['be', 'beta file', ['beta file']],
  ['su', 'sub/', ['sub/']],
  ['sub', 'sub/', ['sub/']],
  ['sub/', 'sub/inner/', ['inner/']],
  ['li', 'link/', ['link/']],
  ['.', '.hidden', ['.hidden']],
  ['🚀', '🚀a', ['🚀a']],
  ['x', 'x', []],
  ['missing/', 'missing/', []],
  ['alpha.txt/', 'alpha.txt/', []],
])('%s goes on as %s', async (typed, text, candidates) => {
  expect(await completePath(`${folder}/${typed}`)).toEqual({ text: `${folder}/${text}`, candidates });
});

test('an empty name shows what is not hidden, and stays', async () => {
  const { text, candidates } = await completePath(`${folder}/`);
  expect(text).toBe(`${folder}/`);
  expect(candidates).toContain('link/');
  expect(candidates).not.toContain('.hidden');
});

test('~ is the home folder', async () => {
  expect(await completePath('~')).toEqual({ text: '~/', candidates: ['~/'] });
  const there = await completePath(`${homedir()}/`);
  expect((await completePath('~/')).candidates).toEqual(there.candidates);
});

test('however the names are: what was typed stays its beginning, and it is the beginning of every candidate', async () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '.', ' ', 'é', '🚀', '🚁'),
    minLength: 1,
    maxLength: 4,
  });
  const names = fc.uniqueArray(
    name.filter(each => each !== '.' && each !== '..'),
    { minLength: 1, maxLength: 6 },
  );
  let count = 0;
  const property = fc.asyncProperty(names, fc.nat(), fc.nat(4), async (all, which, length) => {
    const place = join(folder, `p${count++}`);
    mkdirSync(place);
    for (const each of all) writeFileSync(join(place, each), '');
    const begun = [...all[which % all.length]!].slice(0, length).join('');
    const { text, candidates } = await completePath(`${place}/${begun}`);
    const sure = text.slice(place.length + 1);
    const meant = all.filter(each => each.startsWith(begun) && (begun !== '' || !each.startsWith('.')));
    expect(candidates).toEqual(meant.sort());
    expect(sure.startsWith(begun)).toBe(true);
    for (const each of meant) expect(each.startsWith(sure)).toBe(true);
    expect(sure.isWellFormed()).toBe(true);
  });
  await fc.assert(property, runsOf('paths completed'));
});
