'use strict';

const { access, existsSync, mkdirSync } = require('node:fs');
const { enableCompileCache, registerHooks } = require('node:module');
const { homedir } = require('node:os');
const path = require('node:path');

/** XDG on Unix (basedir specification), the usual folders elsewhere. */
const cacheFolder = () => {
  const { env, platform } = process;
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || homedir(), 'sockbench', 'Cache', 'compiled');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'sockbench', 'compiled');
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'sockbench', 'compiled');
};

// Node starts its debugger on SIGUSR1 (Node docs, Signal events), which opens a port: here it does nothing.
process.on('SIGUSR1', () => {});

// Node's default folder lies in the shared /tmp; compiled code belongs where only its owner writes.
// Made before, for Node would let the umask say who writes there: what is compiled there is run.
const ownFolder = () => {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    // Then Node keeps nothing either.
  }
  return folder;
};

enableCompileCache(process.env.NODE_COMPILE_CACHE || ownFolder());

/**
 * The parts of the bundle lie where they are named, and Node's own modules are what they are called. What Node asks of each name, once
 * for each part that imports it (which file that is in the end, of which package, of which kind), takes a tenth of the time to the first
 * frame. Since Node 22.15 and 23.5.
 */
const takePartsAsNamed = () => {
  // A part's name has no character that a URL writes otherwise.
  const beside = (url, specifier) => url.slice(0, url.lastIndexOf('/')) + specifier.slice(1);
  let folder = '';
  registerHooks?.({
    resolve: (specifier, context, next) => {
      const { parentURL = '' } = context;
      const isPart = folder !== '' && /^\.\/.*\.js$/.test(specifier) && parentURL.startsWith(folder);
      if (isPart) return { url: beside(parentURL, specifier), format: 'module', shortCircuit: true };
      if (specifier.startsWith('node:')) return { url: specifier, format: 'builtin', shortCircuit: true };
      const found = next(specifier, context);
      // What is looked for first is the bundle itself.
      folder ||= new URL('.', found.url).href;
      return found;
    },
  });
};

/**
 * getaddrinfo has half of libuv's threads, two of four (libuv, threadpool.c): two names that no resolver answers would hold up every
 * other. The threads are made at the first call that takes one; what is started from here has this variable as the person has it.
 */
const lookupsAtOnce = 16;
const takeThreads = () => {
  if (process.env.UV_THREADPOOL_SIZE !== undefined) return;
  process.env.UV_THREADPOOL_SIZE = String(2 * lookupsAtOnce);
  access(__filename, () => {});
  delete process.env.UV_THREADPOOL_SIZE;
};

/**
 * What sets an option of V8's. node:v8 loads all of Node's streams, a tenth of the time of a look; koffi, which a look needs anyway,
 * calls what that calls: V8::SetFlagsFromString (v8-initialization.h), which Node exports to addons. Where there is musl,
 * its package is to choose its part (source/drivers/native/native-library.ts).
 */
const flagSetter = () => {
  const { arch } = process;
  try {
    if (existsSync(`/lib/ld-musl-${arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`)) throw new Error('musl');
    const koffi = require(`@koromix/koffi-linux-${arch}/linux_${arch}/koffi.node`);
    return koffi.load(null).func('void _ZN2v82V818SetFlagsFromStringEPKc(const char *)');
  } catch {
    return require('node:v8').setFlagsFromString;
  }
};

// A look at programs that hang is a file of its own, which needs no parser of flags: it is over sooner than that is loaded.
const [, , command, ...words] = process.argv;
const isPlainWhy = command === 'why' && words.every(word => word === '--json' || !word.startsWith('-'));
// It speaks English only (locale(7): LC_ALL before the category before LANG).
const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const isEnglish = !/^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '');

if (isPlainWhy && isEnglish) {
  // A look is over before code that was compiled twice and thrice, on the cores of whoever hangs, has paid for itself. Compiled
  // once, as a whole, it is kept as a whole: Node keeps what there is before it has run, and would compile all functions each time.
  const setFlag = flagSetter();
  for (const flag of ['--no-opt', '--no-maglev', '--no-lazy']) setFlag(flag);
  require('../dist/why.cjs');
} else {
  takeThreads();
  takePartsAsNamed();
  import('../dist/sockbench.js');
}
