import type { Endpoint } from '../core/names.ts';
import type { PlannedCall } from './call-plan.ts';

/** Where the code learns a port that the system chose, and where it uses it. */
export type ChosenPorts = {
  /** The expression for the port of a call's address; undefined where the number was the person's own. */
  readonly reference: (call: PlannedCall) => string | undefined;
  /** Lines that keep the ports which this call made known and a later one uses. */
  readonly learn: (call: PlannedCall) => readonly string[];
  /** The names of those that are used, by whose ports they are: C1, CALL_12. */
  readonly names: readonly string[];
};

type Learned = { readonly key: string; readonly expression: string };

/** The address that a call's socket got, where the system had a hand in it. */
const ownAddress = ({ call, outcome }: PlannedCall): Endpoint | undefined => {
  if (!outcome) return undefined;
  if (outcome.kind === 'none' || outcome.kind === 'count') return outcome.local;
  return outcome.kind === 'endpoint' && call.name === 'getsockname' ? outcome.endpoint : undefined;
};

/** The address of somebody else that a call's value tells, and how Python has it. */
const otherAddress = ({ call, outcome }: PlannedCall): [Endpoint, string] | undefined => {
  if (outcome?.kind === 'made' && outcome.peer) return [outcome.peer, 'c.value[1]'];
  if (outcome?.kind === 'data' && outcome.from && call.name === 'recvfrom')
    return [outcome.from, 'c.value[1][1]'];
  if (outcome?.kind === 'endpoint' && call.name === 'getpeername') return [outcome.endpoint, 'c.value[1]'];
  return undefined;
};

const learnedFrom = (planned: PlannedCall): (Learned & { port: number | string })[] => {
  const { call, id } = planned;
  const own = ownAddress(planned);
  const other = otherAddress(planned);
  return [
    ...(own
      ? [{ port: own.port, key: call.on.toUpperCase(), expression: `${call.on}.getsockname()[1]` }]
      : []),
    ...(other ? [{ port: other[0].port, key: `CALL_${id}`, expression: other[1] }] : []),
  ];
};

const portAsked = ({ call }: PlannedCall): number | undefined => {
  if (!('address' in call) || typeof call.address.port === 'string') return undefined;
  return call.address.port > 0 ? call.address.port : undefined;
};

/**
 * Follows the numbers through the session: one that the system chose and a later call names (`$me`) is another number
 * when the code runs, so that the code must ask for it.
 */
export const chosenPorts = (calls: readonly PlannedCall[]): ChosenPorts => {
  const own = new Set<number>();
  const chosen = new Map<number, { learned: Learned; at: number }>();
  const keys = new Set<string>();
  const references = new Map<number, Learned>();
  const lessons = new Map<number, Learned[]>();
  for (const planned of calls) {
    const asked = portAsked(planned);
    const known = asked === undefined ? undefined : chosen.get(asked);
    if (known) {
      references.set(planned.id, known.learned);
      const before = lessons.get(known.at) ?? [];
      if (!before.includes(known.learned)) lessons.set(known.at, [...before, known.learned]);
    } else if (asked !== undefined && planned.call.name === 'bind') own.add(asked);
    for (const { port, key, expression } of learnedFrom(planned)) {
      if (typeof port === 'string' || port === 0 || own.has(port) || chosen.has(port)) continue;
      const unique = keys.has(key) ? `${key}_CALL_${planned.id}` : key;
      keys.add(unique);
      chosen.set(port, { learned: { key: unique, expression }, at: planned.id });
    }
  }
  return {
    reference: ({ id }) => {
      const learned = references.get(id);
      return learned && `ports[${learned.key}]`;
    },
    learn: ({ id }) => (lessons.get(id) ?? []).map(({ key, expression }) => `ports[${key}] = ${expression}`),
    names: [...lessons.values()].flat().map(({ key }) => key),
  };
};
