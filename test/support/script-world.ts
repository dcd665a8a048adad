import type { Bench } from '../../source/bench/bench.ts';
import { byteLength } from '../../source/core/bytes.ts';
import type { Call } from '../../source/core/call.ts';
import type { Endpoint, Policy, Program } from '../../source/core/names.ts';
import type { Outcome } from '../../source/core/outcome.ts';
import type { ModelCall, ModelListener, ModelSocket, World } from './deadlock-model.ts';

/** One call of a script: what was asked for, and how it ended so far. */
type Made = {
  readonly id: number;
  readonly call: Call;
  readonly thread: string;
  outcome: Outcome | null;
  /** The socket's timeout when the call began to run, ms or null; undefined while it is queued. */
  timeout: number | null | undefined;
};

type End = {
  readonly name: string;
  twin: string;
  sent: number;
  received: number;
  shut: boolean;
};

const receives = ['recv', 'recvfrom'];
const sends = ['send', 'sendall'];

const programOf = (socket: string): Program =>
  socket.startsWith('c') ? 'client' : socket.startsWith('u') ? 'udp-server' : 'tcp-server';

/**
 * A script as its author sees it: the calls made, their threads by the three policies' definition, and what their
 * outcomes told. From that alone comes the world for the model to try; the bench's state is not looked at.
 */
export const createScript = (bench: Bench) => {
  const policies: Record<Program, Policy> = {
    client: 'single',
    'tcp-server': 'single',
    'udp-server': 'single',
  };
  const made: Made[] = [];
  const ends = new Map<string, End>();
  const datagrams = new Set<string>();
  const timeouts = new Map<string, number | null>();
  const backlogs = new Map<string, number>();
  /** Clients by local port, connections that wait by listener: the server's end is `?` and the client's name. */
  const byPort = new Map<Endpoint['port'], string>();
  const waiting = new Map<string, string[]>();
  /** Accepted before its connect was heard to have ended. */
  const early = new Map<Endpoint['port'], string>();

  const threadOf = (socket: string, lane: 'r' | 'w'): string => {
    const program = programOf(socket.replace('?', 'a'));
    const policy = policies[program];
    if (policy === 'single') return program;
    return policy === 'per-socket' ? socket : `${socket}.${lane}`;
  };

  const addEnd = (name: string, twin: string) => {
    ends.set(name, { name, twin, sent: 0, received: 0, shut: false });
  };

  const connected = (client: string, listener: string, local: Endpoint) => {
    const server = early.get(local.port) ?? `?${client}`;
    byPort.set(local.port, client);
    addEnd(client, server);
    addEnd(server, client);
    if (server.startsWith('?')) waiting.get(listener)?.push(server);
  };

  const accepted = (listener: string, name: string, peer: Endpoint) => {
    const client = byPort.get(peer.port);
    if (!client) {
      early.set(peer.port, name);
      return;
    }
    const queue = waiting.get(listener)!;
    queue.splice(queue.indexOf(`?${client}`), 1);
    ends.set(name, { ...ends.get(`?${client}`)!, name });
    ends.delete(`?${client}`);
    ends.get(client)!.twin = name;
  };

  const sentBy = (call: Call, outcome: Outcome): number => {
    if (outcome.kind === 'count') return outcome.count;
    if (outcome.kind === 'error') return outcome.count ?? 0;
    return 'data' in call ? byteLength(call.data) : 0;
  };

  /** What an outcome tells of connections and of bytes on their way. */
  const learn = (call: Call, outcome: Outcome) => {
    const end = ends.get(call.on);
    if (call.name === 'settimeout' && outcome.kind === 'none') timeouts.set(call.on, call.timeout);
    else if (call.name === 'socket' && call.type === 'SOCK_DGRAM' && call.as) datagrams.add(call.as);
    else if (call.name === 'listen' && outcome.kind === 'none') {
      backlogs.set(call.on, call.backlog);
      waiting.set(call.on, []);
    } else if (call.name === 'connect' && outcome.kind === 'none') {
      if (!datagrams.has(call.on) && outcome.local) connected(call.on, 's1', outcome.local);
    } else if (call.name === 'accept' && outcome.kind === 'made')
      accepted(call.on, outcome.name, outcome.peer!);
    else if (call.name === 'shutdown' && outcome.kind === 'none' && end) end.shut = true;
    else if (sends.includes(call.name) && end) end.sent += sentBy(call, outcome);
    else if (call.name === 'recv' && outcome.kind === 'data' && end && !call.flags?.includes('MSG_PEEK')) {
      end.received += outcome.data.length;
    }
  };

  const laneOf = ({ name, on }: Call): string => {
    if (['recv', 'recvfrom', 'accept', 'connect'].includes(name)) return threadOf(on, 'r');
    return sends.includes(name) ? threadOf(on, 'w') : '';
  };

  const open = () => made.filter(({ outcome }) => outcome === null);

  /** The first on its thread that has not ended is the one that runs. */
  const running = () => {
    const threads = new Set<string>();
    return open().filter(({ thread }) => thread !== '' && !threads.has(thread) && threads.add(thread));
  };

  /** A call goes by the timeout that its socket has when it begins. */
  const noteStarts = () => {
    for (const call of running())
      if (call.timeout === undefined) call.timeout = timeouts.get(call.call.on) ?? null;
  };

  const perform = (call: Call): Made => {
    const record: Made = {
      id: made.length + 1,
      call,
      thread: laneOf(call),
      outcome: null,
      timeout: undefined,
    };
    made.push(record);
    const id = bench.perform(call, {
      onEnd: outcome => {
        record.outcome = outcome;
        learn(call, outcome);
        noteStarts();
      },
    });
    noteStarts();
    if (id !== record.id) throw new Error(`call ${record.id} of the script is the bench's ${id}`);
    return record;
  };

  const socketsNow = (calls: readonly Made[]): Record<string, ModelSocket> => {
    const isIn = (socket: string, names: readonly string[]) =>
      calls.some(({ call }) => call.on === socket && names.includes(call.name));
    const sockets: Record<string, ModelSocket> = {};
    for (const { name, twin, received } of ends.values()) {
      const other = ends.get(twin);
      const some = (other?.sent ?? 0) > received && !isIn(name, receives) ? 1 : 0;
      sockets[name] = {
        twin,
        unread: isIn(twin, sends) ? 2 : some,
        ended: other?.shut ?? false,
        usable: !name.startsWith('?'),
        reader: threadOf(name, 'r'),
        writer: threadOf(name, 'w'),
      };
    }
    return sockets;
  };

  const modelCall = ({ id, call, thread }: Made): ModelCall => {
    if (call.name === 'accept') return { id, thread, socket: call.on, does: 'accept', left: 1 };
    if (call.name === 'connect') return { id, thread, socket: 's1', does: 'connect', left: 1 };
    if (sends.includes(call.name)) return { id, thread, socket: call.on, does: 'send', left: 2 };
    return { id, thread, socket: call.on, does: 'recv', left: 1 };
  };

  return {
    perform,
    open,
    running,
    /** Sockets that bytes can be sent and received on: both ends of what is connected and accepted. */
    usable: () => [...ends.keys()].filter(name => !name.startsWith('?')),
    /** A connect that would be let in if its SYN came now. */
    isAwaitingSyn: () =>
      running().some(({ call }) => call.name === 'connect' && !datagrams.has(call.on)) &&
      [...waiting].some(([name, queue]) => queue.length <= backlogs.get(name)!),
    isDatagram: (name: string) => datagrams.has(name),
    /** How many stream sockets connected, or tried to. */
    connects: () => made.filter(({ call }) => call.name === 'connect' && !datagrams.has(call.on)).length,
    /** Two datagram sockets that are connected with each other. */
    pair: (a: string, b: string) => {
      addEnd(a, b);
      addEnd(b, a);
    },
    setPolicy: (program: Program, policy: Policy) => {
      policies[program] = policy;
      bench.setPolicy(program, policy);
    },
    /** The world at quiescence, for the model to try. */
    world: (): World => {
      const calls = running();
      const listeners: Record<string, ModelListener> = {};
      for (const [name, queue] of waiting) {
        listeners[name] = { thread: threadOf(name, 'r'), waiting: [...queue], room: backlogs.get(name)! + 1 };
      }
      return { sockets: socketsNow(calls), listeners, calls: calls.map(modelCall) };
    },
  };
};

export type Script = ReturnType<typeof createScript>;
