import fc from 'fast-check';
import type { Bytes } from '../../source/core/bytes.ts';
import type { Call, RecvFlag } from '../../source/core/call.ts';
import type { Bench } from '../../source/bench/bench.ts';
import { type Endpoint, type Policy, type Program } from '../../source/core/names.ts';
import { createScript, type Script } from './script-world.ts';

const hour = 3_600_000;
const most = 64 * 1024 * 1024;

/** At most two connections, so that there are two to four connected sockets, besides the listener and a pair of datagram sockets. */
const mostClients = 2;

/**
 * One step of a random script. Numbers choose among what is there when the step comes, so that every list of steps
 * is a script and a shorter one is simpler.
 */
export type Action =
  | { readonly do: 'send' | 'sendall'; readonly on: number; readonly size: number }
  | { readonly do: 'recv'; readonly on: number; readonly size: number; readonly flag: RecvFlag | null }
  | { readonly do: 'connect' | 'accept' }
  | { readonly do: 'shutdown' | 'cancel'; readonly on: number }
  | { readonly do: 'settimeout'; readonly on: number; readonly timeout: number | null }
  | { readonly do: 'policy'; readonly program: Program; readonly policy: Policy };

/** `rest`: everything comes to rest before the next step. */
export type Step = { readonly action: Action; readonly rest: boolean };

export type RandomScript = {
  readonly policy: Readonly<Record<'client' | 'server' | 'udp', Policy>>;
  readonly backlog: number;
  readonly datagrams: boolean;
  /** Connections that are there, and accepted, before the first step. */
  readonly connections: number;
  readonly steps: readonly Step[];
};

/** Deadlocks are easiest where threads are few: half of all programs have one. */
const anyPolicy = fc.constantFrom<Policy>('single', 'single', 'per-socket', 'duplex');
const on = fc.nat({ max: 11 });

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('send' as const, 'sendall' as const),
      on,
      size: fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.constant(most)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('recv' as const),
      on,
      size: fc.constantFrom(1, 100, 4096, 8192, 65_536),
      flag: fc.constantFrom(null, null, 'MSG_WAITALL' as const, 'MSG_PEEK' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('connect' as const, 'accept' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('shutdown' as const, 'cancel' as const), on }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('settimeout' as const),
      on,
      timeout: fc.constantFrom(null, hour, 2 * hour),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('policy' as const),
      program: fc.constantFrom('client' as const, 'tcp-server' as const, 'udp-server' as const),
      policy: anyPolicy,
    }),
  },
);

export const anyScript: fc.Arbitrary<RandomScript> = fc.record({
  policy: fc.record({ client: anyPolicy, server: anyPolicy, udp: anyPolicy }),
  backlog: fc.constantFrom(0, 1),
  datagrams: fc.boolean(),
  connections: fc.integer({ min: 0, max: mostClients }),
  steps: fc.array(fc.record({ action: anyAction, rest: fc.boolean() }), { minLength: 1, maxLength: 12 }),
});

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % items.length];

const bytes = (size: number): Bytes => ({ kind: 'repeat', size, unit: Uint8Array.of(120) });

const isDatagram = (name: string): boolean => name === 'c9' || name === 'u1';

/** Sockets that calls can be made on: both ends of what is connected and accepted. */
const usable = (script: Script): string[] => [...script.ends.keys()].filter(name => !name.startsWith('?'));

/** Half-closing under a send in flight is another story: what it does depends on the system. */
const isSending = (script: Script, name: string): boolean =>
  script.open().some(({ call }) => call.on === name && call.name.startsWith('send'));

const callOf = (script: Script, step: Action & { readonly on: number }): Call | null => {
  const name = pick(usable(script), step.on);
  if (!name) return null;
  switch (step.do) {
    case 'send':
    case 'sendall':
      // A datagram carries no 64 MiB, and many big ones would be dropped.
      return { name: step.do, on: name, data: bytes(isDatagram(name) ? Math.min(step.size, 64) : step.size) };
    case 'recv': {
      const flags = step.flag && !isDatagram(name) ? { flags: [step.flag] } : {};
      return { name: 'recv', on: name, size: isDatagram(name) ? 65_536 : step.size, ...flags };
    }
    case 'shutdown':
      if (isDatagram(name) || isSending(script, name)) return null;
      return { name: 'shutdown', on: name, how: 'SHUT_WR' };
    case 'settimeout':
      return { name: 'settimeout', on: name, timeout: step.timeout };
    case 'cancel':
      return null;
  }
};

const socketCall = (name: string, type: 'SOCK_STREAM' | 'SOCK_DGRAM'): Call => ({
  name: 'socket',
  on: '',
  as: name,
  family: 'AF_INET',
  type,
});

const connectOne = (script: Script, listener: Endpoint): void => {
  const name = `c${script.clients() + 1}`;
  if (script.clients() >= mostClients) return;
  script.perform(socketCall(name, 'SOCK_STREAM'));
  script.perform({ name: 'connect', on: name, address: listener });
};

/** Makes the call, or does nothing where there is nothing to make it on. */
const play = (script: Script, step: Action, listener: Endpoint, bench: Bench): void => {
  switch (step.do) {
    case 'connect':
      connectOne(script, listener);
      return;
    case 'accept':
      script.perform({ name: 'accept', on: 's1' });
      return;
    case 'policy':
      script.setPolicy(step.program, step.policy);
      return;
    case 'cancel': {
      const call = pick(script.open(), step.on);
      if (call) bench.cancel(call.id);
      return;
    }
    default: {
      const call = callOf(script, step);
      if (call) script.perform(call);
    }
  }
};

const anywhere: Endpoint = { host: '127.0.0.1', port: 0 };

const addressOf = (script: Script, name: string): Endpoint => {
  const call = script.perform({ name: 'getsockname', on: name });
  if (call.outcome?.kind !== 'endpoint') throw new Error(`${name} has no address: ${JSON.stringify(call.outcome)}`);
  return call.outcome.endpoint;
};

/** A pair of datagram sockets connected with each other. */
const pairDatagrams = async (script: Script, rest: () => Promise<void>): Promise<void> => {
  for (const name of ['c9', 'u1']) {
    script.perform(socketCall(name, 'SOCK_DGRAM'));
    script.perform({ name: 'bind', on: name, address: anywhere });
  }
  await rest();
  const [client, server] = [addressOf(script, 'c9'), addressOf(script, 'u1')];
  script.perform({ name: 'connect', on: 'c9', address: server });
  script.perform({ name: 'connect', on: 'u1', address: client });
  await rest();
  script.pair('c9', 'u1');
};

/** Plays a script on a bench until everything has come to rest; `rest` waits for that. */
export const playScript = async (
  random: RandomScript,
  bench: Bench,
  rest: () => Promise<void>,
): Promise<Script> => {
  const { client, server, udp } = random.policy;
  const script = createScript(bench);
  script.setPolicy('client', client);
  script.setPolicy('tcp-server', server);
  script.setPolicy('udp-server', udp);
  script.perform(socketCall('s1', 'SOCK_STREAM'));
  script.perform({ name: 'bind', on: 's1', address: anywhere });
  script.perform({ name: 'listen', on: 's1', backlog: random.backlog });
  if (random.datagrams) await pairDatagrams(script, rest);
  await rest();
  const listener = addressOf(script, 's1');
  for (let i = 0; i < random.connections; i++) {
    connectOne(script, listener);
    script.perform({ name: 'accept', on: 's1' });
    await rest();
  }
  for (const step of random.steps) {
    play(script, step.action, listener, bench);
    if (step.rest) await rest();
  }
  await rest();
  return script;
};
