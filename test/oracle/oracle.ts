import { freePort } from '../../source/drivers/free-port.ts';
import { plannedCalls } from '../../source/formats/call-plan.ts';
import { exportPython } from '../../source/formats/python.ts';
import type { Lab } from '../../source/labs/lab.ts';
import type { LabReport } from '../../source/labs/run-lab.ts';
import { type Compared, compareCalls } from './compare.ts';
import { type Fault, runLabSession } from './lab-run.ts';
import { boundPorts, createPortMap } from './ports.ts';
import { pythonCalls } from './python-run.ts';

export type Verdict = { readonly report: LabReport; readonly compared: readonly Compared[] };

const otherPorts = async (ports: readonly number[]): Promise<Map<number, number>> => {
  const map = new Map<number, number>();
  const taken = new Set(ports);
  for (const port of ports) {
    for (let other = 0; !map.has(port); ) {
      other = (await freePort('127.0.0.1')) ?? 0;
      if (other !== 0 && !taken.has(other)) map.set(port, other);
      taken.add(other);
    }
  }
  return map;
};

/** Runs a lab, lets CPython do the same, and compares call by call. A lab that was skipped compares nothing. */
export const consultOnce = async (lab: Lab, fault?: Fault): Promise<Verdict> => {
  const { session, report } = await runLabSession(lab, fault);
  const ports = await otherPorts(boundPorts(plannedCalls(session.entries)));
  const exported = exportPython(session, { port: port => ports.get(port) ?? port });
  if (!exported.ok) throw new Error(`${lab.name} cannot be exported: ${exported.message}`);
  const { calls, steps, text } = exported;
  if (calls.length === 0) return { report, compared: [] };
  const python = await pythonCalls(text);
  return { report, compared: compareCalls({ lab, calls, steps, python, ports: createPortMap(ports) }) };
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
