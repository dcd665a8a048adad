import { afterAll, describe, expect, test } from 'vitest';
import { labNames } from '../../source/labs/catalogue.ts';
import type { Lab } from '../../source/labs/lab.ts';
import { labOf } from './lab-run.ts';
import { consult } from './oracle.ts';
import { lacksOpenssl, pythonLack } from './python-run.ts';
import { openDifferences, oracleTable, type Row } from './table.ts';

const lack = pythonLack();
const labs = await Promise.all((await labNames()).map(labOf));

/** The oracle makes the calls of the bench, and nobody starts the program for it. */
const startsPrograms = (lab: Lab): boolean =>
  lab.stages.some(({ lines }) => lines.some(({ program }) => program !== undefined));
/** Python makes no certificates: the command openssl does. Asked once, and not of each lab: it starts two programs. */
const noOpenssl = lacksOpenssl();
const hasNoCertificate = (lab: Lab): boolean =>
  noOpenssl && lab.stages.some(({ lines }) => lines.some(({ text }) => text.includes('.wrap server')));
const isLeftOut = (lab: Lab): boolean => startsPrograms(lab) || hasNoCertificate(lab);
const names = labs.filter(lab => !isLeftOut(lab)).map(({ name }) => name);
const rows: Row[] = [];

if (lack !== null) console.log(`the oracle is not asked: ${lack}`);

const leastCalls = 400;

const shownDifferences = 20;

describe.skipIf(lack !== null)(
  `CPython does the same in every lab${lack === null ? '' : ` (${lack})`}`,
  () => {
    // A port that was free for one side may be taken by another program before the other side binds it: asked once more.
    test.concurrent.each(names)('%s', { retry: 1 }, async name => {
      const verdict = await consult(await labOf(name));
      rows.push({ name, verdict });
      expect(openDifferences(verdict).slice(0, shownDifferences)).toEqual([]);
    });

    test.skip.each(labs.filter(startsPrograms).map(({ name }) => name))('%s (it starts a program)', () => {});

    test(`at least ${leastCalls} calls were compared`, () => {
      expect(rows.reduce((sum, { verdict }) => sum + verdict.compared.length, 0)).toBeGreaterThan(leastCalls);
    });

    afterAll(() => console.log(oracleTable(rows)));
  },
);
