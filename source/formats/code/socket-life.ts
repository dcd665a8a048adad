import { calls } from '../../core/calls/calls.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { fileSockets, type PlannedCall } from '../projection/call-plan.ts';

/** What sockets are, by their names, as far as the calls that made them are there. */
export type SocketKinds = {
  readonly familyOf: (socket: string) => Family;
  readonly typeOf: (socket: string) => SocketType;
  readonly modeOf: (file: string) => string;
};

export const kindsOf = (planned: readonly PlannedCall[]): SocketKinds => {
  const families = new Map<string, Family>();
  const types = new Map<string, SocketType>();
  const modes = new Map<string, string>();
  for (const { call, outcome } of planned) {
    if (outcome?.kind !== 'made') continue;
    if (call.name === 'socket') {
      families.set(outcome.name, call.family);
      types.set(outcome.name, call.type);
    } else if (call.name === 'makefile') modes.set(outcome.name, call.mode);
    else if (families.has(call.on)) families.set(outcome.name, families.get(call.on)!);
  }
  return {
    familyOf: name => families.get(name) ?? 'AF_INET',
    typeOf: name => types.get(name) ?? 'SOCK_STREAM',
    modeOf: name => modes.get(name) ?? 'rwb',
  };
};

/** When a program of one thread would have made the call: what ended later was waited for longer. */
const byEnd = (a: PlannedCall, b: PlannedCall): number =>
  (a.endedAt ?? Number.POSITIVE_INFINITY) - (b.endedAt ?? Number.POSITIVE_INFINITY) || a.id - b.id;

const makes = ({ outcome }: PlannedCall, name: string): boolean =>
  outcome?.kind === 'made' && outcome.name === name;

/** What a listener needs before it accepts: what made it, its address, its options. */
const readies = ({ call }: PlannedCall): boolean => {
  const { sets, returns } = calls[call.name];
  return returns === 'socket' || sets === 'address' || sets === 'backlog' || sets === 'option';
};

/**
 * The calls of a socket's life so far, in the order in which a program of one thread makes them: what made it, of a socket that was accepted its
 * listener too, and all on it and on the file objects made of it.
 */
export const lifeOf = (name: string, planned: readonly PlannedCall[]): readonly PlannedCall[] => {
  const files = fileSockets(planned);
  const made = planned.findLast(call => makes(call, name));
  const listener = made && calls[made.call.name].returns === 'connection' ? made.call.on : '';
  const before = planned.filter(
    call => listener !== '' && (makes(call, listener) || (call.call.on === listener && readies(call))),
  );
  const own = planned.filter(
    ({ call, id }) => (call.on === name || files.get(call.on) === name) && id >= (made?.id ?? 0),
  );
  const ready = before.filter(({ endedAt }) => (endedAt ?? 0) <= (made?.endedAt ?? 0));
  return [...ready.sort(byEnd), ...(made ? [made] : []), ...own.sort(byEnd)];
};
