import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Call, CallName } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Program } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';
import type { ModelCall, ModelListener, ModelSocket, World } from './deadlock-model.ts';
import { type Facts, learn, newFacts, pairEnds } from './script-facts.ts';

/** One call of a script: what was asked for, and how it ended so far. */
export type Made = {
  readonly id: number;
  readonly call: Call;
  readonly thread: string;
  outcome: Outcome | null;
  /** The socket's timeout when the call began to run, ms or null; undefined while it is queued. */
  timeout: number | null | undefined;
};

type Policies = Record<Program, Policy>;

const readers: readonly CallName[] = ['recv', 'accept', 'connect'];
const writers: readonly CallName[] = ['send', 'sendall'];

export const programOf = (socket: string): Program => {
  if (socket.startsWith('c')) return 'client';
  return socket.startsWith('u') ? 'udp-server' : 'tcp-server';
};

/** The three policies, by their definition. */
const threadOf = (policies: Policies, socket: string, lane: 'r' | 'w'): string => {
  const program = programOf(socket);
  if (policies[program] === 'single') return program;
  return policies[program] === 'per-socket' ? socket : `${socket}.${lane}`;
};

const threadFor = (policies: Policies, { name, on }: Call): string => {
  if (readers.includes(name)) return threadOf(policies, on, 'r');
  return writers.includes(name) ? threadOf(policies, on, 'w') : '';
};

/** The first on its thread that has not ended is the one that runs. */
const firstOnThreads = (open: readonly Made[]): Made[] => {
  const threads = new Set<string>();
  return open.filter(({ thread }) => thread !== '' && !threads.has(thread) && threads.add(thread));
};

const deedOf = ({ name, ...call }: Call): ModelCall['does'] => {
  if (name === 'accept' || name === 'connect') return name;
  if (writers.includes(name)) return 'send';
  return 'flags' in call && call.flags?.includes('MSG_PEEK') ? 'peek' : 'recv';
};

const modelSockets = ({ ends }: Facts, calls: readonly Made[], policies: Policies) => {
  const runs = (socket: string, deed: ModelCall['does']) =>
    calls.some(({ call }) => call.on === socket && deedOf(call) === deed);
  const sockets: Record<string, ModelSocket> = {};
  for (const { name, twin, received } of ends.values()) {
    // Without its other end, which was reset, nothing holds its calls up.
    const other = ends.get(twin);
    const some = other && other.sent > received && !runs(name, 'recv') ? 1 : 0;
    sockets[name] = {
      twin: other ? twin : '',
      unread: runs(twin, 'send') ? 2 : some,
      news: false,
      ended: other ? other.shut : true,
      usable: !name.startsWith('?'),
      reader: threadOf(policies, name, 'r'),
      writer: threadOf(policies, name, 'w'),
    };
  }
  return sockets;
};

const modelCall = ({ id, call, thread }: Made): ModelCall => {
  const does = deedOf(call);
  const socket = does === 'connect' ? 's1' : call.on;
  return { id, thread, socket, does, left: does === 'send' ? 2 : 1 };
};

const worldOf = (facts: Facts, open: readonly Made[], policies: Policies): World => {
  const calls = firstOnThreads(open);
  const queued = open.filter(call => !calls.includes(call)).map(modelCall);
  const listeners: Record<string, ModelListener> = {};
  for (const [name, queue] of facts.waiting) {
    const room = facts.backlogs.get(name)! + 1;
    listeners[name] = { thread: threadOf(policies, name, 'r'), waiting: [...queue], room };
  }
  return { sockets: modelSockets(facts, calls, policies), listeners, calls: calls.map(modelCall), queued };
};

/**
 * A script as its author sees it: the calls made, their threads by the three policies' definition, and what their
 * outcomes told. From that alone comes the world for the model to try; the bench's state is not looked at.
 */
export const createScript = (bench: Bench) => {
  const policies: Policies = { client: 'single', 'tcp-server': 'single', 'udp-server': 'single' };
  const facts = newFacts();
  const made: Made[] = [];
  const open = () => made.filter(({ outcome }) => outcome === null);
  const running = () => firstOnThreads(open());

  /** A call goes by the timeout that its socket has when it begins. */
  const noteStarts = () => {
    for (const call of running()) {
      if (call.timeout === undefined) call.timeout = facts.timeouts.get(call.call.on) ?? null;
    }
  };

  const perform = (call: Call): Made => {
    const thread = threadFor(policies, call);
    const record: Made = { id: made.length + 1, call, thread, outcome: null, timeout: undefined };
    made.push(record);
    const onEnd = (outcome: Outcome) => {
      record.outcome = outcome;
      learn(facts, call, outcome);
      noteStarts();
    };
    const id = bench.perform(call, { onEnd });
    noteStarts();
    if (id !== record.id) throw new Error(`call ${record.id} of the script is the bench's ${id}`);
    return record;
  };

  const connects = () => made.filter(({ call }) => call.name === 'connect' && !facts.datagrams.has(call.on));

  return {
    perform,
    open,
    running,
    /** Sockets that bytes can be sent and received on: both ends of what is connected and accepted. */
    usable: () => [...facts.ends.keys()].filter(name => !name.startsWith('?')),
    /** Sockets that can be reset: what becomes of one that waits for an accept is the system's affair. */
    isAccepted: (name: string) => !facts.ends.get(name)?.twin.startsWith('?'),
    isDatagram: (name: string) => facts.datagrams.has(name),
    /** How many stream sockets connected, or tried to. */
    connects: () => connects().length,
    /** A connect that would be let in if its SYN came now. */
    isAwaitingSyn: () =>
      running().some(call => connects().includes(call)) &&
      [...facts.waiting].some(([name, queue]) => queue.length <= facts.backlogs.get(name)!),
    pair: (a: string, b: string) => pairEnds(facts, a, b),
    setPolicy: (program: Program, policy: Policy) => {
      policies[program] = policy;
      bench.setPolicy(program, policy);
    },
    /** The world at quiescence, for the model to try. */
    world: (): World => worldOf(facts, open(), policies),
  };
};

export type Script = ReturnType<typeof createScript>;
