import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportPython } from '../../source/formats/python/export-python.ts';
import type { Lab } from '../../source/labs/lab.ts';
import type { LabReport } from '../../source/labs/tally.ts';
import { type Compared, compareCalls } from './compare.ts';
import { type Fault, runLabSession } from './lab-run.ts';
import { createPortMap } from './ports.ts';
import { askPython } from './python-run.ts';

export type Verdict = { readonly report: LabReport; readonly compared: readonly Compared[] };

/** Runs a lab, lets CPython do the same, and compares call by call. A lab that was skipped compares nothing. */
export const consultOnce = async (lab: Lab, fault?: Fault): Promise<Verdict> => {
  const { session, report } = await runLabSession(lab, fault);
  const exported = exportPython(projectionOf(session));
  if (!exported.ok) throw new Error(`${lab.name} cannot be exported: ${exported.message}`);
  const { calls, steps, text } = exported;
  if (calls.length === 0) return { report, compared: [] };
  const python = await askPython(text);
  const ports = createPortMap(python.ports);
  return { report, compared: compareCalls({ lab, calls, steps, python: python.calls, ports }) };
};

const differencesOf = ({ compared }: Verdict): Compared['differences'] =>
  compared.filter(({ verdict }) => verdict === 'different').flatMap(({ differences }) => differences);

const onlyTimes = (verdict: Verdict): boolean => {
  const fields = differencesOf(verdict).map(({ field }) => field);
  return fields.length > 0 && fields.every(field => field === 'time');
};

const measurements = 3;

/** Asks again where nothing but a deadline differs: one that was late because the machine was busy is not late again. */
export const consult = async (lab: Lab): Promise<Verdict> => {
  let verdict = await consultOnce(lab);
  for (let n = 1; n < measurements && onlyTimes(verdict); n++) verdict = await consultOnce(lab);
  return verdict;
};
