import { type ParseArgsConfig, parseArgs } from 'node:util';

/** parseArgs, but that a flag it does not know is one sentence and the exit status 2. */
export const flagsOf = <const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config);
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    const there = Object.keys(config.options ?? {}).map(name => `--${name}`);
    console.error(`${(error as Error).message.split('. ')[0]}; there are ${there.join(', ')}`);
    return process.exit(2);
  }
};
