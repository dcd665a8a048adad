import { allHasLeft, complain, endWithLittleOutput } from '../print.ts';
import { nameProcess } from '../process-name.ts';
import { runWhy } from './run-why.ts';

/*
 * `sockbench why WORD... [--json]` as a program of its own (bin/load.cjs): no other flag is among its words. What the parser of
 * flags, the screen and the network need is not loaded, so that a look takes little longer than Node's own start.
 */

let broken: number | undefined;

/** At once, where nothing is left to print: what Node takes apart at an end by itself, the kernel does sooner. */
const end = (code: number): void => {
  process.exitCode = broken ?? code;
  if (allHasLeft()) process.exit();
};

endWithLittleOutput(code => {
  broken = code;
  end(code);
});

nameProcess();
const words = process.argv.slice(3);
const names = words.filter(word => word !== '--json');
runWhy(names, { json: names.length < words.length }).then(end, (error: unknown) => {
  complain(`sockbench: ${error instanceof Error ? error.stack : String(error)}`);
  end(1);
});
