import { isMaker } from '../../core/calls/calls.ts';
import { formatRelayStatement } from '../../core/language/relay-text.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import type { Told } from '../projection/told.ts';

/** What a session's rules and relays did by themselves, for a lab in which they do it again. */
export type LabBehaviours = {
  /** Whether a call was made by one of them: the lab's own makes it. */
  readonly makes: (call: PlannedCall) => boolean;
  /** Lines that stand before what was done at `time`, ms since the bench began; each comes once. */
  readonly before: (time: number) => readonly string[];
  /** What must have happened by itself before a call is made on its socket; each comes once. */
  readonly awaited: (call: PlannedCall) => readonly string[];
};

type Line = { readonly time: number; readonly text: string };

/** `written` is how a relay's target stands in the lab. */
const linesOf = (behaviours: Told['behaviours'], written: (target: RelayTarget) => RelayTarget): Line[] => {
  const known = new Map<number, string>();
  return behaviours.flatMap((entry): Line[] => {
    if (entry.kind === 'relay') {
      const target = entry.target && written(entry.target);
      return [{ time: entry.t, text: formatRelayStatement({ kind: 'relay', socket: entry.socket, target }) }];
    }
    const { t: time, number, socket, rule, now, moved } = entry;
    const text = formatRule(rule);
    const before = known.get(number);
    if (before === text) return [{ time, text: `rule ${number} ${moved ?? now}` }];
    known.set(number, text);
    const made = { time, text: `${socket}.on ${text}` };
    // What it was is no line of a lab: the new one stands after all others there.
    return before === undefined ? [made] : [{ time, text: `rule ${number} gone` }, made];
  });
};

/** Sockets with rules or a relay, and those that stem from them. */
const governedSockets = (behaviours: Told['behaviours'], calls: readonly PlannedCall[]): Set<string> => {
  const sockets = new Set(behaviours.map(({ socket }) => socket));
  if (sockets.size === 0) return sockets;
  for (const { call, outcome, looped } of calls) {
    if (outcome?.kind !== 'made' || !isMaker(call.name)) continue;
    // A loop makes a socket of its own for a relay alone.
    if (sockets.has(call.on) || (looped && call.on === '')) sockets.add(outcome.name);
  }
  return sockets;
};

export const labBehaviours = (
  behaviours: Told['behaviours'],
  calls: readonly PlannedCall[],
  written: (target: RelayTarget) => RelayTarget,
): LabBehaviours => {
  const governed = governedSockets(behaviours, calls);
  let lines = linesOf(behaviours, written);
  const makes = ({ call, looped, outcome }: PlannedCall): boolean =>
    looped &&
    (governed.has(call.on) || (call.on === '' && outcome?.kind === 'made' && governed.has(outcome.name)));
  const comeByThemselves = new Set(
    calls.flatMap(call => (makes(call) && call.outcome?.kind === 'made' ? [call.outcome.name] : [])),
  );
  return {
    makes,
    before: time => {
      const due = lines.filter(line => line.time <= time);
      lines = lines.filter(line => line.time > time);
      return due.map(({ text }) => text);
    },
    awaited: ({ call }) =>
      comeByThemselves.delete(call.on) ? [`expect ${call.on}.state != CLOSED within 10s`] : [],
  };
};
