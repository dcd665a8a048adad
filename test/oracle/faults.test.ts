import { afterAll, describe, expect, test } from 'vitest';
import { formatCall } from '../../source/core/language/line.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { planted } from './faults.ts';
import { labOf } from './lab-run.ts';
import { consultOnce } from './oracle.ts';
import { pythonLack } from './python-run.ts';
import { openDifferences } from './table.ts';

const lack = pythonLack();
const shown: string[] = [];

describe.skipIf(lack !== null)(`the oracle finds a planted fault${lack === null ? '' : ` (${lack})`}`, () => {
  test.each(planted)('$fault', async ({ fault, lab, plant, call, field }) => {
    const told = (ended: EndedEntry) => formatCall(ended.call, 60).startsWith(call);
    const verdict = await consultOnce(await labOf(lab), { ...plant, told });
    const named = openDifferences(verdict).find(
      line => line.includes(`, ${call}`) && line.includes(`: ${field}: `),
    );
    expect(named, [...openDifferences(verdict), ...verdict.report.messages].join('\n')).toBeDefined();
    shown.push(`${fault}: ${lab}, ${named}`);
  });

  afterAll(() => console.log(shown.join('\n')));
});
