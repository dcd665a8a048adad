import { afterAll, describe, expect, test } from 'vitest';
import { planted } from './faults.ts';
import { labOf } from './lab-run.ts';
import { consultOnce } from './oracle.ts';
import { pythonLack } from './python-run.ts';
import { openDifferences } from './table.ts';

const lack = pythonLack();
const shown: string[] = [];

/** A lab whose bench lies may hang: it need not get further than the lie. */
const labMs = 6_000;

describe.skipIf(lack !== null)(`the oracle finds a planted fault${lack === null ? '' : ` (${lack})`}`, () => {
  test.each(planted)('$fault', async ({ fault, lab, plant, call, field }) => {
    const verdict = await consultOnce({ ...(await labOf(lab)), timeout: labMs }, plant);
    const named = openDifferences(verdict).find(
      line => line.includes(`, ${call}`) && line.includes(`: ${field}: `),
    );
    expect(named, `${openDifferences(verdict).join('\n')}`).toBeDefined();
    shown.push(`${fault}: ${lab}, ${named}`);
  });

  afterAll(() => console.log(shown.join('\n')));
});
