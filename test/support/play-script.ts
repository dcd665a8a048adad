import type { Bench } from '../../source/bench/engine/bench.ts';
import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import type { Call, RecvFlag } from '../../source/core/calls/call.ts';
import { programs } from '../../source/core/model/actors.ts';
import { type Action, mostConnections, type Pair, type RandomScript } from './random-script.ts';
import { programOf, type Script } from './script-world.ts';

const pick = <T>(items: readonly T[], n: number): T | undefined => items[n % items.length];

const bytes = (size: number): Bytes => ({ kind: 'repeat', size, unit: Uint8Array.of(120) });

/** Half-closing under a send in flight is another story: what it does depends on the system. */
const isSending = (script: Script, name: string): boolean =>
  script.open().some(({ call }) => call.on === name && call.name.startsWith('send'));

/** A datagram carries no 64 MiB, is taken whole, and many big ones would be dropped. */
const onDatagrams = (name: string, action: Action): Call | null => {
  if (action.do === 'send' || action.do === 'sendall') {
    return { name: action.do, on: name, data: bytes(Math.min(action.size, 64)) };
  }
  return action.do === 'recv' ? { name: 'recv', on: name, size: 65_536 } : null;
};

/**
 * Peeking at more than a receive buffer holds never ends on Linux. The bench's driver lets such a peek have what there
 * is room for elsewhere, so that the script keeps to what fits.
 */
const mostPeeked = 8192;

const recvOf = (on: string, size: number, flags: readonly RecvFlag[]): Call => ({
  name: 'recv',
  on,
  size: flags.length > 1 ? Math.min(size, mostPeeked) : size,
  ...(flags.length > 0 ? { flags } : {}),
});

const onStream = (name: string, action: Action): Call | null => {
  switch (action.do) {
    case 'send':
    case 'sendall':
      return { name: action.do, on: name, data: bytes(action.size) };
    case 'recv':
      return recvOf(name, action.size, action.flags);
    case 'shutdown':
      return { name: 'shutdown', on: name, how: 'SHUT_WR' };
    case 'reset':
      return { name: 'reset', on: name };
    default:
      return null;
  }
};

const callOf = (script: Script, action: Action & { readonly on: number }): Call | null => {
  const name = pick(script.usable(), action.on);
  if (!name || (action.do === 'shutdown' && isSending(script, name))) return null;
  if (action.do === 'reset' && !script.isAccepted(name)) return null;
  if (action.do === 'settimeout') return { name: 'settimeout', on: name, timeout: action.timeout };
  return script.isDatagram(name) ? onDatagrams(name, action) : onStream(name, action);
};

const socketCall = (name: string, type: 'SOCK_STREAM' | 'SOCK_DGRAM'): Call => ({
  name: 'socket',
  on: '',
  as: name,
  family: 'AF_INET',
  type,
});

const connectOne = (script: Script, listener: Endpoint, letter: 'c' | 's'): void => {
  if (script.connects() >= mostConnections) return;
  const name = `${letter}${script.connects() + 2}`;
  script.perform(socketCall(name, 'SOCK_STREAM'));
  script.perform({ name: 'connect', on: name, address: listener });
};

/** Makes the call, or does nothing where there is nothing to make it on. */
const play = (script: Script, action: Action, listener: Endpoint, bench: Bench): void => {
  switch (action.do) {
    case 'connect':
      connectOne(script, listener, action.from);
      return;
    case 'accept':
      script.perform({ name: 'accept', on: 's1' });
      return;
    case 'policy': {
      const name = pick(script.usable(), action.on);
      if (name) script.setPolicy(programOf(name), action.policy);
      return;
    }
    case 'cancel': {
      // A handshake goes on without its call (connect(2), EINTR), and nobody could say whether it was done.
      const calls = script.open().filter(({ call }) => call.name !== 'connect');
      const call = pick(calls, action.on);
      if (call) bench.cancel(call.id);
      return;
    }
    default: {
      const call = callOf(script, action);
      if (call) script.perform(call);
    }
  }
};

const anywhere: Endpoint = inet('127.0.0.1', 0);

/**
 * How a script waits: for its calls to end, for everything to come to rest, or a while in the middle of it.
 */
export type Pace = {
  readonly ends: () => Promise<void>;
  readonly rest: () => Promise<void>;
  readonly pause: () => Promise<void>;
};

const addressOf = async (script: Script, name: string, { ends }: Pace): Promise<Endpoint> => {
  const { outcome } = script.perform({ name: 'getsockname', on: name });
  if (outcome === null) await ends();
  if (outcome?.kind === 'endpoint') return outcome.endpoint;
  throw new Error(`${name} has no address: ${JSON.stringify(outcome)}`);
};

const pairUp = async (script: Script, [a, b]: Pair, pace: Pace): Promise<void> => {
  for (const name of [a, b]) {
    script.perform(socketCall(name, 'SOCK_DGRAM'));
    script.perform({ name: 'bind', on: name, address: anywhere });
  }
  await pace.ends();
  script.perform({ name: 'connect', on: a, address: await addressOf(script, b, pace) });
  script.perform({ name: 'connect', on: b, address: await addressOf(script, a, pace) });
  await pace.ends();
  script.pair(a, b);
};

/** What is there before the first step; the listener's address. */
const prepare = async (random: RandomScript, script: Script, pace: Pace): Promise<Endpoint> => {
  for (const program of programs) script.setPolicy(program, random.policy[program]);
  script.perform(socketCall('s1', 'SOCK_STREAM'));
  script.perform({ name: 'bind', on: 's1', address: anywhere });
  script.perform({ name: 'listen', on: 's1', backlog: random.backlog });
  await pace.ends();
  const listener = await addressOf(script, 's1', pace);
  for (const pair of random.pairs) await pairUp(script, pair, pace);
  for (let i = 0; i < random.connections; i++) {
    connectOne(script, listener, 'c');
    await pace.ends();
    script.perform({ name: 'accept', on: 's1' });
    await pace.ends();
  }
  return listener;
};

/** Plays a script on a bench until everything has come to rest. */
export const playScript = async (
  random: RandomScript,
  bench: Bench,
  script: Script,
  pace: Pace,
): Promise<void> => {
  const listener = await prepare(random, script, pace);
  for (const step of random.steps) {
    play(script, step.action, listener, bench);
    if (step.after === 'pause') await pace.pause();
    else if (step.after === 'flush') bench.flush();
  }
  await pace.rest();
};
