import type { Json, Step } from './upgrade-step.ts';

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

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

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
