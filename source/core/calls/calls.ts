import type { Call, CallName, CallOf } from './call.ts';
import type { CallSpec, CallTable, Subject } from './call-spec.ts';
import { fileCalls } from './calls-file.ts';
import { moduleCalls } from './calls-module.ts';
import { processCalls } from './calls-process.ts';
import { socketCalls } from './calls-socket.ts';

const table = { ...socketCalls, ...fileCalls, ...moduleCalls, ...processCalls } as const satisfies CallTable;

/** THE table of calls: whatever differs from call to call, in more than one place, stands here. */
export const calls: CallTable = table;

export const callNames = Object.keys(calls) as readonly CallName[];

export const isCallName = (name: string): name is CallName => Object.hasOwn(calls, name);

/** Columns that tell groups of calls from each other. */
type Column = Exclude<keyof CallSpec, 'on' | 'parameters' | 'does'>;

/** The calls that have this in that column. */
export type CallWith<K extends Column, V extends CallSpec[K]> = {
  [N in CallName]: (typeof table)[N][K] extends V ? CallOf<N> : never;
}[CallName];

export const hasIn = <K extends Column, const V extends CallSpec[K]>(
  call: Call,
  column: K,
  value: V,
): call is CallWith<K, V> => calls[call.name][column] === value;

/** The calls that are made on such a thing. */
export type CallOn<S extends Subject> = {
  [N in CallName]: S extends (typeof table)[N]['on'][number] ? CallOf<N> : never;
}[CallName];

export const isCallOn = <S extends Subject>(
  call: Call,
  subject: S,
  { on } = calls[call.name],
): call is CallOn<S> => on.includes(subject);

/** What a call makes, null where that is nothing. Such things have names: what stands left of `=` in a line. */
export const made = (name: CallName): 'socket' | 'connection' | 'file' | null => {
  const { returns } = calls[name];
  switch (returns) {
    case 'socket':
    case 'connection':
    case 'file':
      return returns;
    case 'count':
    case 'length':
    case 'bytes':
    case 'datagram':
    case 'own address':
    case 'peer address':
    case 'addresses':
    case 'number':
    case 'seconds':
    case 'text':
    case null:
      return null;
  }
};

export const isMaker = (name: CallName): boolean => made(name) !== null;
