import { actorsSaid } from './unsaid-actors.ts';
import type { Json, Step } from './upgrade-step.ts';
import { findingsAsData } from './worded-findings.ts';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A call's look-ups were not kept with it. */
const answersKept: Step = { since: 2, state: state => ({ answers: [], ...state }) };

/** Processes of this machine, and who holds a socket, were not known. */
const processesKnown: Step = {
  since: 3,
  state: state => ({
    processes: [],
    ...state,
    sockets: Array.isArray(state.sockets)
      ? state.sockets.map(socket => (isObject(socket) ? { inode: 0, holders: [], ...socket } : socket))
      : state.sockets,
  }),
};

/** No socket answered by rules. */
const rulesKnown: Step = { since: 4, state: state => ({ rules: [], ...state }) };

/** What versions changed, in the order in which an old line goes through it. A new row a change. */
const steps: readonly Step[] = [findingsAsData, actorsSaid, answersKept, processesKnown, rulesKnown];

/** Lines of a file of one version, as today's version would have written them. */
export type Upgrade = {
  readonly header: (value: unknown) => unknown;
  readonly entry: (value: unknown) => unknown;
};

const same = <T>(value: T): T => value;

/** From this version on to today's. `table` is given by tests. */
export const upgradeFrom = (version: number, table: readonly Step[] = steps): Upgrade => {
  const due = table.filter(({ since }) => since > version);
  if (due.length === 0) return { header: same, entry: same };
  const through = (part: 'header' | 'entry' | 'state', value: Json): Json =>
    due.reduce((before, step) => step[part]?.(before) ?? before, value);
  return {
    header: value => (isObject(value) ? through('header', value) : value),
    entry: value => {
      if (!isObject(value)) return value;
      const entry = through('entry', value);
      return entry.kind === 'checkpoint' && isObject(entry.state)
        ? { ...entry, state: through('state', entry.state) }
        : entry;
    },
  };
};
