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
  const { session, report, beats } = await runLabSession(lab, fault);
  const exported = exportPython(projectionOf(session));
  if (!exported.ok) throw new Error(`${lab.name} cannot be exported: ${exported.message}`);
  const { calls, steps, text } = exported;
  if (calls.length === 0) return { report, compared: [] };
  const python = await askPython(text);
  const ports = createPortMap(python.ports);
  return { report, compared: compareCalls({ lab, calls, steps, python: python.calls, ports, beats }) };
};

const differencesOf = ({ compared }: Verdict): Compared['differences'] =>
  compared.filter(({ verdict }) => verdict === 'different').flatMap(({ differences }) => differences);

/** A deadline that was late, or a call that took as long as a blocked one does. */
const isLate = ({ field, bench }: Compared['differences'][number]): boolean =>
  field === 'time' || (field === 'blocked' && bench === 'true');

/** Some recv took less, or more, than its namesake: how much of a stream has come by then is a matter of time. */
const tookOtherwise = ({ compared }: Verdict): boolean =>
  compared.some(({ differences }) =>
    differences.some(({ field, why }) => field === 'size' && why !== undefined),
  );

/** Who makes as many calls to recv, of which some took less, closes with bytes unread: Linux resets then (RFC 2525, 2.17). */
const isResetByUnread = ({ field, python }: Compared['differences'][number]): boolean =>
  field === 'class' && python.startsWith('ConnectionResetError');

const onlyLate = (verdict: Verdict): boolean => {
  const differences = differencesOf(verdict);
  const isOfTime = tookOtherwise(verdict)
    ? (one: (typeof differences)[number]) => isLate(one) || isResetByUnread(one)
    : isLate;
  return differences.length > 0 && differences.every(isOfTime);
};

const measurements = 3;

/**
 * Asks again where nothing differs but that something was late, or a stream came in other pieces: what was because the machine was
 * busy, its thread for softirqs among what waited, is not so again.
 */
export const consult = async (lab: Lab): Promise<Verdict> => {
  let verdict = await consultOnce(lab);
  for (let n = 1; n < measurements && onlyLate(verdict); n++) verdict = await consultOnce(lab);
  return verdict;
};
