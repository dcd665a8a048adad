import { type Endpoint, isInet, portAt } from '../../core/addresses/endpoint.ts';
import { calls, hasIn } from '../../core/calls/calls.ts';
import type { PlannedCall } from '../projection/call-plan.ts';

/** Which numbers of the session are others when the code runs, and what stands for them there. */
export type PythonPorts = {
  /** The expression for the port of a call's address; undefined where the number stays as it is. */
  readonly reference: (call: PlannedCall) => string | undefined;
  /** Lines that keep the ports which this call made known and a later one uses. */
  readonly learn: (call: PlannedCall) => readonly string[];
  /** Ports that the system chose and the code uses, by whose they are: C1, CALL_12. */
  readonly chosen: readonly string[];
  /** Ports that the session's person chose and bound. */
  readonly bound: readonly { readonly name: string; readonly port: number }[];
};

type Learned = { readonly key: string; readonly expression: string };

/** The address that a call's socket got, where the system had a hand in it. */
const ownAddress = ({ call, outcome }: PlannedCall): Endpoint | undefined => {
  if (!outcome) return undefined;
  if (outcome.kind === 'none' || outcome.kind === 'count') return outcome.local;
  return outcome.kind === 'endpoint' && calls[call.name].returns === 'own address'
    ? outcome.endpoint
    : undefined;
};

/** The address of somebody else that a call's value tells, and how Python has it. */
const otherAddress = ({ call, outcome }: PlannedCall): [Endpoint, string] | undefined => {
  const { returns } = calls[call.name];
  if (outcome?.kind === 'made' && outcome.peer) return [outcome.peer, 'c.value[1]'];
  if (outcome?.kind === 'data' && outcome.from && returns === 'datagram')
    return [outcome.from, 'c.value[1][1]'];
  if (outcome?.kind === 'endpoint' && returns === 'peer address') return [outcome.endpoint, 'c.value[1]'];
  return undefined;
};

const learnedFrom = (planned: PlannedCall): (Learned & { port: number | string })[] => {
  const { call, id } = planned;
  const own = ownAddress(planned);
  const other = otherAddress(planned);
  return [
    ...(own && isInet(own)
      ? [{ port: own.port, key: call.on.toUpperCase(), expression: `${call.on}.getsockname()[1]` }]
      : []),
    ...(other && isInet(other[0]) ? [{ port: other[0].port, key: `CALL_${id}`, expression: other[1] }] : []),
  ];
};

const portAsked = ({ call }: PlannedCall): number | undefined => {
  const port = 'address' in call ? portAt(call.address) : undefined;
  return typeof port === 'number' && port > 0 ? port : undefined;
};

/** Below are the system's services: their numbers mean something. */
const firstPlainPort = 1024;

/** Ports that a bind of the session got, by a number that the system had not chosen before. */
const boundPorts = (calls: readonly PlannedCall[]): number[] => {
  const ports = calls.flatMap(planned =>
    hasIn(planned.call, 'sets', 'address') && planned.outcome?.kind === 'none'
      ? [portAsked(planned) ?? 0]
      : [],
  );
  return [...new Set(ports)].filter(port => port >= firstPlainPort);
};

/** Follows the numbers that the system chose from the calls that made them known to those that name them. */
const followChosen = (calls: readonly PlannedCall[], bound: ReadonlySet<number>) => {
  const chosen = new Map<number, { learned: Learned; at: number }>();
  const keys = new Set<string>();
  const references = new Map<number, Learned>();
  const lessons = new Map<number, Learned[]>();
  for (const planned of calls) {
    const known = chosen.get(portAsked(planned) ?? 0);
    if (known) {
      references.set(planned.id, known.learned);
      const before = lessons.get(known.at) ?? [];
      if (!before.includes(known.learned)) lessons.set(known.at, [...before, known.learned]);
    }
    for (const { port, key, expression } of learnedFrom(planned)) {
      if (typeof port === 'string' || port === 0 || bound.has(port) || chosen.has(port)) continue;
      const unique = keys.has(key) ? `${key}_CALL_${planned.id}` : key;
      keys.add(unique);
      chosen.set(port, { learned: { key: unique, expression }, at: planned.id });
    }
  }
  return { references, lessons };
};

/** Ports that the system chose before the session bound them by their number are still the system's. */
const chosenBefore = (calls: readonly PlannedCall[]): ReadonlySet<number> => {
  const chosen = new Set<number | string>();
  const asked = new Set<number>();
  const before = new Set<number>();
  for (const planned of calls) {
    const port = portAsked(planned);
    if (port !== undefined && chosen.has(port) && !asked.has(port)) before.add(port);
    if (port !== undefined) asked.add(port);
    for (const { port: learned } of learnedFrom(planned)) chosen.add(learned);
  }
  return before;
};

/**
 * Follows port numbers through the session: one that the system chose and a later call names (`$me`) is another when the
 * code runs, so that the code must ask for it; one that the person chose has a name, since it may be in use by then.
 */
export const pythonPorts = (calls: readonly PlannedCall[]): PythonPorts => {
  const systems = chosenBefore(calls);
  const numbers = boundPorts(calls).filter(port => !systems.has(port));
  const bound = numbers.map((port, index) => ({ name: `PORT_${index + 1}`, port }));
  const { references, lessons } = followChosen(calls, new Set(numbers));
  return {
    reference: planned => {
      const learned = references.get(planned.id);
      if (learned) return `ports[${learned.key}]`;
      return bound.find(({ port }) => port === portAsked(planned))?.name;
    },
    learn: ({ id }) => (lessons.get(id) ?? []).map(({ key, expression }) => `ports[${key}] = ${expression}`),
    chosen: [...lessons.values()].flat().map(({ key }) => key),
    bound,
  };
};
