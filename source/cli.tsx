import { leaveLookups } from './cli/leave-lookups.ts';
import { nameProcess } from './cli/process-name.ts';
import { run } from './cli/program.ts';
import { signalCodes } from './cli/terminal.ts';

/**
 * A reader that went away (sockbench run | head: EPIPE) ends the program quietly, as it does others. A terminal that
 * went away (EIO) ends it as its SIGHUP would; there is nobody left to tell.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : signalCodes.SIGHUP);
});
process.stderr.on('error', () => {});

nameProcess();
const status = await run(process.argv);
leaveLookups(status);
process.exit(status);
