import type { Json, Step } from './upgrade-step.ts';
import { findingsAsData } from './worded-findings.ts';

/** Version 1 said by the first letter of a socket's name whose it is. */
const owners: Readonly<Record<string, string>> = {
  c: 'client',
  s: 'tcp-server',
  a: 'tcp-server',
  u: 'udp-server',
};

const ownerOf = (socket: string): string => (/^[csau][1-9]\d*$/.test(socket) ? owners[socket[0]!]! : '');

/** A thread had its program's name, or its socket's and perhaps `.r` or `.w`. */
const ownerOfThread = (thread: string): string => {
  const holder = thread.replace(/\.[rw]$/, '');
  return Object.values(owners).includes(holder) ? holder : ownerOf(holder);
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Calls are lines: `c1.recv 10`, `c1 = socket AF_INET SOCK_STREAM`, `getaddrinfo localhost 80`. */
const callLine = /^(?:\w+ = )?(?:(\w+)\.)?(\w+)/;

/** Who made the call of an entry. A file object's is told by its thread alone. */
const actorOf = ({ call, thread, outcome }: Json): string => {
  const [, on = '', name] = callLine.exec(text(call)) ?? [];
  if (on !== '') return ownerOf(on) || ownerOfThread(text(thread));
  if (name !== 'socket') return '';
  return ownerOf(isObject(outcome) ? text(outcome.name) : '') || 'client';
};

/** What a checkpoint holds of a socket or of a call in flight. */
const renamed = (value: unknown): unknown => {
  if (!isObject(value)) return value;
  const { program, ...rest } = value;
  return { actor: program ?? '', ...rest };
};

const isCall = ({ kind }: Json): boolean => kind === 'queued' || kind === 'running' || kind === 'ended';

/** Who makes a call is said. */
export const actorsSaid: Step = {
  since: 2,
  entry: entry => (isCall(entry) ? { ...entry, actor: actorOf(entry) } : entry),
  state: state => ({
    ...state,
    sockets: Array.isArray(state.sockets) ? state.sockets.map(renamed) : state.sockets,
    calls: Array.isArray(state.calls) ? state.calls.map(renamed) : state.calls,
  }),
};

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
  /** Lines of this version are today's as they are. */
  readonly isToday: boolean;
};

const same = <T>(value: T): T => value;

/** From this version on to today's. `table` is given by tests. */
export const upgradeFrom = (version: number, table: readonly Step[] = steps): Upgrade => {
  const due = table.filter(({ since }) => since > version);
  if (due.length === 0) return { header: same, entry: same, isToday: true };
  const through = (part: 'header' | 'entry' | 'state', value: Json): Json =>
    due.reduce((before, step) => step[part]?.(before) ?? before, value);
  return {
    isToday: false,
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
