import { inet, isInet } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { socketTypes } from '../../core/model/transports.ts';
import { endpointOf } from './endpoints.ts';
import type { TracedSocket } from './steps.ts';
import { outcomeWith, plainOutcome, type ReadCall, type ReadCalls, type ToldCall } from './told-call.ts';
import { flagsIn, numberIn, type Value } from './value.ts';

const families: readonly string[] = ['AF_INET', 'AF_INET6', 'AF_UNIX'] satisfies Family[];
const types: readonly string[] = socketTypes;

/** Family and type of socket(2), of those that are told of; null for others. */
export const kindOf = (
  values: readonly Value[],
): { readonly family: Family; readonly type: SocketType } | null => {
  const family = flagsIn(values[0]).find(word => families.includes(word));
  const type = flagsIn(values[1]).find(word => types.includes(word));
  return family && type ? { family: family as Family, type: type as SocketType } : null;
};

const socket: ReadCall = ({ values }) => {
  const kind = kindOf(values);
  return kind && { call: { name: 'socket', on: '', ...kind }, limit: null, outcome: plainOutcome };
};

/** For calls on the descriptor that stands first. */
const on =
  (read: (socket: TracedSocket, values: readonly Value[]) => ToldCall | null): ReadCall =>
  ({ socket: socketOf, values }) => {
    const found = socketOf(values[0]);
    return found ? read(found, values) : null;
  };

const plain = (call: ToldCall['call'], limit: number | null = null): ToldCall => ({
  call,
  limit,
  outcome: plainOutcome,
});

const bind = on(({ name }, [, to]) => {
  const address = endpointOf(to);
  if (!address) return null;
  const bound: Outcome =
    isInet(address) && address.port === 0 ? { kind: 'none' } : { kind: 'none', local: address };
  return { ...plain({ name: 'bind', on: name, address }), outcome: outcomeWith(() => bound) };
});

/** Of a TCP socket; a datagram's only sets whom it sends to, or nobody any more (AF_UNSPEC). */
const connect = on(({ name, local, sendMs }, [, to]) => {
  const address = endpointOf(to);
  if (!address) return null;
  const limit = sendMs > 0 ? sendMs : null;
  const done: Outcome = { kind: 'none', peer: address, ...(local && { local }) };
  return { call: { name: 'connect', on: name, address }, limit, outcome: outcomeWith(() => done) };
});

const listen = on(({ name }, [, backlog]) =>
  plain({ name: 'listen', on: name, backlog: numberIn(backlog) ?? 0 }),
);

const accept = on(({ name, receiveMs }) =>
  plain({ name: 'accept', on: name }, receiveMs > 0 ? receiveMs : null),
);

const shutdown = on(({ name }, [, how]) => {
  const [word] = flagsIn(how);
  return word?.startsWith('SHUT_') ? plain({ name: 'shutdown', on: name, how: word as ShutdownHow }) : null;
});

const close = on(({ name }) => plain({ name: 'close', on: name }));

/** The house's names, which are Python's. */
const levels: Readonly<Record<string, string>> = {
  SOL_TCP: 'IPPROTO_TCP',
  SOL_UDP: 'IPPROTO_UDP',
  SOL_IP: 'IPPROTO_IP',
  SOL_IPV6: 'IPPROTO_IPV6',
};

const optionName = (word: string): string => word.replace(/_(?:OLD|NEW)$/, '');

const wordOf = (value: Value | undefined): string => {
  if (value?.kind === 'word') return value.word;
  return value?.kind === 'number' ? String(value.number) : '';
};

const linger = (value: Value): number | string | null => {
  if (value.kind !== 'struct' || !value.fields.has('l_onoff')) return null;
  return numberIn(value.fields.get('l_onoff')) === 0 ? 'off' : (numberIn(value.fields.get('l_linger')) ?? 0);
};

/** A struct timeval in seconds, as SO_RCVTIMEO has it: strace prints its 16 bytes, or its fields. */
const timeval = (value: Value): number | null => {
  if (value.kind === 'struct') {
    const seconds = numberIn(value.fields.get('tv_sec'));
    return seconds === null ? null : seconds + (numberIn(value.fields.get('tv_usec')) ?? 0) / 1e6;
  }
  if (value.kind !== 'text' || value.bytes.length !== 16) return null;
  const view = new DataView(value.bytes.buffer, value.bytes.byteOffset);
  return Number(view.getBigInt64(0, true)) + Number(view.getBigInt64(8, true)) / 1e6;
};

const optionValue = (value: Value | undefined): number | string | null =>
  value ? (numberIn(value) ?? linger(value) ?? timeval(value)) : null;

const setsockopt = on(({ name }, [, level, option, given]) => {
  const value = optionValue(given);
  if (value === null) return null;
  const words = { level: levels[wordOf(level)] ?? wordOf(level), option: optionName(wordOf(option)) };
  return plain({ name: 'setsockopt', on: name, ...words, value });
});

const getsockopt = on(({ name }, [, level, option, got]) => {
  const words = { level: levels[wordOf(level)] ?? wordOf(level), option: optionName(wordOf(option)) };
  const number = numberIn(got);
  const outcome = outcomeWith(() => ({ kind: 'number', number }));
  return { call: { name: 'getsockopt', on: name, ...words }, limit: null, outcome };
});

const address = (name: 'getsockname' | 'getpeername'): ReadCall =>
  on((found, [, got]) => ({
    call: { name, on: found.name },
    limit: null,
    outcome: outcomeWith(() => ({ kind: 'endpoint', endpoint: endpointOf(got) ?? inet('', 0) })),
  }));

/** O_NONBLOCK by fcntl or ioctl: no call on it waits any more, or all do. */
const blocking = (on: string, waits: boolean): ToldCall =>
  plain({ name: 'settimeout', on, timeout: waits ? null : 0 });

const ioctl = on(({ name }, [, request, given]) => {
  const number = numberIn(given);
  return wordOf(request) === 'FIONBIO' && number !== null ? blocking(name, number === 0) : null;
});

const fcntl = on(({ name }, [, command, flags]) =>
  wordOf(command) === 'F_SETFL' ? blocking(name, !flagsIn(flags).includes('O_NONBLOCK')) : null,
);

export const socketCalls: ReadCalls = {
  socket,
  bind,
  connect,
  listen,
  accept,
  accept4: accept,
  shutdown,
  close,
  setsockopt,
  getsockopt,
  getsockname: address('getsockname'),
  getpeername: address('getpeername'),
  ioctl,
  fcntl,
};
