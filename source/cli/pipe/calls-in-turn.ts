import type { Bench, PerformOptions } from '../../bench/engine/bench.ts';
import { failureSentence } from '../../commands/calling/performed.ts';
import type { Address } from '../../core/addresses/address.ts';
import { type Endpoint, isInet } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { Call, CallOf } from '../../core/calls/call.ts';
import type { Failure, Outcome } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import type { Opening } from '../address-words.ts';

type Succeeded = Exclude<Outcome, Failure>;

type Cause = { readonly call: Call; readonly failure: Failure };

export const errorOf = (failure: Failure, call: Call): Error => {
  const cause: Cause = { call, failure };
  return new Error(failureSentence(failure, call), { cause });
};

/** Of an error of `made`: the call and how it failed; undefined of any other. */
export const causeOf = (error: unknown): Cause | undefined => (error as { cause?: Cause }).cause;

/** Calls follow each other, and the first that fails is the answer: it is thrown here. */
export const made = (bench: Bench, call: Call, options: PerformOptions = {}): Promise<Succeeded> =>
  new Promise((resolve, reject) => {
    bench.perform(call, {
      ...options,
      onEnd: outcome => (outcome.kind === 'error' ? reject(errorOf(outcome, call)) : resolve(outcome)),
    });
  });

export const familyFor = (endpoint: Endpoint, { family }: Address): Family =>
  isInet(endpoint) ? (familyOf(endpoint.host) ?? family ?? 'AF_INET') : 'AF_UNIX';

export const localOf = (outcome: Outcome, asked: Endpoint): Endpoint =>
  ('local' in outcome ? outcome.local : undefined) ?? asked;

/** A socket that listens, or where datagrams come, and where; `wrap`: what it accepts is wrapped so. */
export type Listening = {
  readonly socket: string;
  readonly at: Endpoint;
  readonly wrap: CallOf<'wrap'> | null;
};

/** socket + bind: datagrams come there from then on. */
export const bindAt = async (
  bench: Bench,
  { address }: Opening,
  bound: (socket: string, at: Endpoint) => void = () => {},
): Promise<Listening> => {
  const { endpoint } = address;
  const on = bench.nextName('u');
  const family = familyFor(endpoint, address);
  await made(bench, { name: 'socket', on: '', as: on, family, type: 'SOCK_DGRAM' });
  const at = localOf(await made(bench, { name: 'bind', on, address: endpoint }), endpoint);
  bound(on, at);
  return { socket: on, at, wrap: null };
};

/** socket + setsockopt + bind + listen, as servers do. `bound` hears of it before anybody can come. */
export const listenAt = async (
  bench: Bench,
  { address, tls }: Opening,
  backlog: number,
  bound: (socket: string, at: Endpoint) => void = () => {},
): Promise<Listening> => {
  const { endpoint } = address;
  const on = bench.nextName('s');
  const family = familyFor(endpoint, address);
  await made(bench, { name: 'socket', on: '', as: on, family, type: 'SOCK_STREAM' });
  if (isInet(endpoint))
    await made(bench, { name: 'setsockopt', on, level: 'SOL_SOCKET', option: 'SO_REUSEADDR', value: 1 });
  const at = localOf(await made(bench, { name: 'bind', on, address: endpoint }), endpoint);
  bound(on, at);
  // Files that cannot be used are told before anybody comes.
  const wrap: CallOf<'wrap'> | null = tls && { name: 'wrap', on, side: 'server', settings: tls };
  await made(bench, { name: 'listen', on, backlog }, { wrapsNext: wrap !== null });
  if (wrap) await made(bench, wrap);
  return { socket: on, at, wrap };
};
