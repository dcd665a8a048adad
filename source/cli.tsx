import { run } from './cli/program.ts';

/** A reader that went away (sockbench run | head) ends the program quietly, as it does others. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exit(await run(process.argv));
