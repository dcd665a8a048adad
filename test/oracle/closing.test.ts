import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seedOf, sizeOf } from '../support/sizes.ts';
import { type ClosingAnswer, createClosingBench } from './closing-bench.ts';
import { type ClosingScript, closingScript } from './closing-script.ts';
import { pythonLack } from './python-run.ts';

const program = fileURLToPath(new URL('closing.py', import.meta.url));

const count = sizeOf('scripts of closes');
const seed = seedOf(11);

/** The same scripts in CPython, all in one process. */
const inPython = (scripts: readonly ClosingScript[]): Promise<ClosingAnswer[][]> =>
  new Promise((resolve, reject) => {
    const child = spawn('python3', [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => output.push(piece));
    child.once('error', reject);
    child.once('close', status => {
      const lines = Buffer.concat(output).toString().trimEnd().split('\n');
      if (status !== 0) reject(new Error(`python3 ended with ${status}`));
      else resolve(lines.map(line => JSON.parse(line) as ClosingAnswer[]));
    });
    child.stdin.end(JSON.stringify(scripts));
  });

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Both sides' answers, beside the steps they are to. */
const beside = (script: ClosingScript, answers: readonly ClosingAnswer[]) =>
  script.map((step, i) => ({ step: JSON.stringify(step), ...answers[i] }));

/**
 * Kernels hand loopback's segments over a moment later where softirqs are deferred to their thread (ksoftirqd): what
 * differs is asked once more on both sides, and a real difference is there again.
 */
const asks = 3;

describe.skipIf(pythonLack() !== null || process.platform !== 'linux')(
  'orders of close, against CPython',
  () => {
    test(`${count} random scripts answer as CPython's sockets do`, async () => {
      const bench = createClosingBench();
      let left = fc.sample(closingScript, { numRuns: count, seed });
      let different: { python: unknown; bench: unknown }[] = [];
      for (let ask = 0; ask < asks && left.length > 0; ask++) {
        const answers = await inPython(left);
        const again: ClosingScript[] = [];
        different = [];
        for (const [i, script] of left.entries()) {
          const here = await bench.run(script, answers[i]!);
          if (same(here, answers[i])) continue;
          again.push(script);
          different.push({ python: beside(script, answers[i]!), bench: beside(script, here) });
        }
        left = again;
      }
      await bench.dispose();
      if (count > 100) console.log(`${count} compared, ${different.length} different`);
      for (const { python, bench: here } of different) expect(here).toEqual(python);
    });
  },
);
