import type { Plugin } from 'esbuild';

/**
 * Modules of Node's that make all they have where an ES module imports them: each export is read, behind some of which more is loaded, or
 * a stream is made. That takes a twentieth of the time to the first frame. What is used of them; a name that is missing here fails the build.
 */
const used: Readonly<Record<string, readonly string[]>> = {
  'node:process': ['cwd', 'env'],
  'node:util': ['getSystemErrorName', 'isDeepStrictEqual', 'promisify', 'stripVTControlCharacters', 'types'],
};

const namespace = 'plain-builtin';

/** The same names of the same module, as `require` has it, which reads none of them. */
const moduleOf = (name: string): string =>
  `const all = process.getBuiltinModule('${name}');
export default all;
export const { ${used[name]!.join(', ')} } = all;`;

export const plainBuiltins: Plugin = {
  name: 'plain builtins',
  setup: ({ onResolve, onLoad }) => {
    const filter = new RegExp(`^(?:${Object.keys(used).join('|')})$`);
    onResolve({ filter }, ({ path, kind }) => (kind === 'import-statement' ? { path, namespace } : null));
    onLoad({ filter, namespace }, ({ path }) => ({ contents: moduleOf(path), loader: 'js' }));
  },
};
