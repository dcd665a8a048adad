import { formatFaults } from '../../core/language/fault-text.ts';
import { plural } from '../../core/language/units.ts';
import type { Program } from '../../core/model/actors.ts';
import type { Entry, RelayEntry, RuleEntry } from '../../core/model/entry.ts';
import { isOff } from '../../core/model/faults.ts';
import type { Family, Policy } from '../../core/model/names.ts';

/** Policies in force when the first call was made, and those that came after it. */
export type Policies = {
  readonly first: Readonly<Partial<Record<Program, Policy>>>;
  readonly later: readonly { readonly program: Program; readonly policy: Policy }[];
};

/** What a session tells beside its calls. */
export type Told = {
  /** Processes whose calls were told one by one, with their bytes. */
  readonly traced: ReadonlySet<string>;
  /** Whether there is a process that looks alone have told of. */
  readonly hasUntraced: boolean;
  /** Families of the sockets that looks have found, by their names. */
  readonly families: ReadonlyMap<string, Family>;
  /** Faults that were set, as `c1 loss 10%`. */
  readonly faults: ReadonlySet<string>;
  /** Datagrams that faults dropped. */
  readonly dropped: number;
  /** How rules and relays were set, in order. */
  readonly behaviours: readonly (RuleEntry | RelayEntry)[];
  readonly policies: Policies;
};

/** The same while it is gathered. */
type Gathered = {
  traced: Set<string>;
  hasUntraced: boolean;
  families: Map<string, Family>;
  faults: Set<string>;
  dropped: number;
  behaviours: (RuleEntry | RelayEntry)[];
  policies: { first: Partial<Record<Program, Policy>>; later: { program: Program; policy: Policy }[] };
  called: boolean;
};

const gather = (told: Gathered, entry: Entry) => {
  switch (entry.kind) {
    case 'queued':
    case 'running':
    case 'ended':
      told.called = true;
      return;
    case 'process':
      if (entry.traced) told.traced.add(entry.actor);
      else told.hasUntraced = true;
      return;
    case 'checkpoint':
      for (const { actor, traced } of entry.state.processes.values()) if (traced) told.traced.add(actor);
      return;
    case 'socket':
      told.families.set(entry.name, entry.family);
      return;
    case 'faults':
      if (!isOff(entry.faults)) told.faults.add(`${entry.socket} ${formatFaults(entry.faults)}`);
      return;
    case 'fault':
      if (entry.did === 'dropped') told.dropped++;
      return;
    case 'rule':
    case 'relay':
      told.behaviours.push(entry);
      return;
    case 'policy': {
      const { program, policy } = entry;
      if (told.called) told.policies.later.push({ program, policy });
      else told.policies.first[program] = policy;
      return;
    }
    default:
      return;
  }
};

/** Gathers what entries tell as they come. */
export const createTold = () => {
  const told: Gathered = {
    traced: new Set(),
    hasUntraced: false,
    families: new Map(),
    faults: new Set(),
    dropped: 0,
    behaviours: [],
    policies: { first: {}, later: [] },
    called: false,
  };
  return { told: told as Told, take: (entry: Entry) => gather(told, entry) };
};

export const toldIn = (entries: Iterable<Entry>): Told => {
  const { told, take } = createTold();
  for (const entry of entries) take(entry);
  return told;
};

/**
 * That faults were set in a session, in a sentence; '' where none were. What they let through are calls like any other, which an
 * export has as they were made; of what they dropped there is none.
 */
export const faultWords = ({ faults, dropped }: Told): string => {
  if (faults.size === 0) return '';
  const missing =
    dropped === 0
      ? ''
      : `, which ${plural(dropped, 'dropped datagram')} ${dropped === 1 ? 'is' : 'are'} not among`;
  return `Faults were on (${[...faults].join('; ')}): the calls are those that they let through${missing}.`;
};
