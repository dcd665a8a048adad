import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Endpoint, inet, unix } from '../../source/core/addresses/endpoint.ts';
import type { Call, RecvFlag, ShutdownHow } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { digits } from '../../source/core/language/units.ts';
import type { Family, InetFamily, SocketType } from '../../source/core/model/names.ts';
import { errorTable } from '../../source/core/words/error-table.ts';
import { endpoint, type Hands, text } from './hands.ts';

/** [call, on, arguments...]: `@s1` stands for s1's own address, `unix:NAME` is that of a Unix socket; accept, makefile and socket name what they make. */
export type Step = readonly [string, string, ...(string | number | null)[]];

/** Steps for a family and its loopback address. */
export type Script = (family: InetFamily, here: string) => readonly Step[];

/** A call's end as both sides can tell it. Ports are `*`, but for 0. */
export type Told = { readonly value: unknown } | { readonly error: string; readonly errno: number | null };

export const hasPython = ((): boolean => spawnSync('python3', ['-c', 'import socket']).status === 0)();

const script = fileURLToPath(new URL('agree.py', import.meta.url));

/** Numbers that JSON has not, as agree.py reads them. */
const forPython = (_key: string, value: unknown): unknown => {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (Number.isInteger(value)) return { int: digits(value) };
  return Number.isFinite(value) ? value : { float: String(value) };
};

/** `settle` in ms: what is waited after each step. */
export const byPython = (steps: readonly Step[], settle = 10): Promise<Told[]> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'python3',
      [script, String(settle / 1000)],
      { maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(stderr));
        else resolve(JSON.parse(stdout) as Told[]);
      },
    );
    child.stdin?.end(JSON.stringify(steps, forPython));
  });

const place = (endpoint: Endpoint) =>
  endpoint.kind === 'unix' ? endpoint.path : [endpoint.host, endpoint.port === 0 ? 0 : '*'];

/** CPython has None for the sender that has no name. */
const senderOf = (from: Endpoint): string | undefined =>
  from.kind === 'unix' ? from.path || undefined : from.host;

const octets = (data: Uint8Array) => Buffer.from(data).toString('latin1');

const value = (call: Call, outcome: Exclude<Outcome, { kind: 'error' }>): unknown => {
  switch (outcome.kind) {
    case 'none':
      return null;
    case 'count':
      return outcome.count;
    case 'data':
      return call.name === 'recvfrom'
        ? [octets(outcome.data), outcome.from ? (senderOf(outcome.from) ?? null) : null]
        : octets(outcome.data);
    case 'made':
      return 'made';
    case 'endpoint':
      return place(outcome.endpoint);
    case 'endpoints':
      return outcome.endpoints.map(({ host, port, type, protocol }) => [host, port, type, protocol]);
    case 'number':
      return outcome.number;
    case 'text':
      return outcome.text;
  }
};

const told = (call: Call, outcome: Outcome): Told => {
  if (outcome.kind !== 'error') return { value: value(call, outcome) };
  const [errno, python] = errorTable[outcome.code];
  return { error: python, errno };
};

/** Steps on a driver: names of the steps to names of the driver's, timeouts as settimeout left them. */
export const byDriver = async (bench: Hands, steps: readonly Step[], settle = 10): Promise<Told[]> => {
  const names = new Map<string, string>();
  const timeouts = new Map<string, number | null>();
  const nameOf = (word: string) => names.get(word) ?? word;

  const addressOf = async ([host, port]: readonly (string | number | null)[]): Promise<Endpoint> => {
    if (String(host).startsWith('unix:')) return unix(String(host).slice('unix:'.length));
    if (!String(host).startsWith('@')) return inet(String(host), port as number);
    return endpoint(await bench.call({ name: 'getsockname', on: nameOf(String(host).slice(1)) }));
  };

  const callOf = async ([name, subject, ...rest]: Step): Promise<Call> => {
    const on = nameOf(subject);
    switch (name) {
      case 'socket':
        return { name, on: '', family: rest[0] as Family, type: rest[1] as SocketType };
      case 'bind':
      case 'connect':
        return { name, on, address: await addressOf(rest) };
      case 'listen':
        return { name, on, backlog: rest[0] as number };
      case 'send':
        return { name, on, data: text(String(rest[0])), flags: rest.slice(1) as RecvFlag[] };
      case 'sendall':
      case 'write':
        return { name, on, data: text(String(rest[0])) };
      case 'sendto':
        return { name, on, data: text(String(rest[0])), address: await addressOf(rest.slice(1)) };
      case 'recv':
      case 'recvfrom':
        return { name, on, size: rest[0] as number, flags: rest.slice(1) as RecvFlag[] };
      case 'read':
        return { name, on, size: (rest[0] ?? undefined) as number | undefined };
      case 'shutdown':
        return { name, on, how: rest[0] as ShutdownHow };
      case 'settimeout':
        return { name, on, timeout: rest[0] as number | null };
      case 'setsockopt':
        return {
          name,
          on,
          level: String(rest[0]),
          option: String(rest[1]),
          value: rest[2] as number | string,
        };
      case 'getsockopt':
        return { name, on, level: String(rest[0]), option: String(rest[1]) };
      case 'makefile':
        return { name, on, mode: String(rest[1]), buffering: (rest[2] ?? undefined) as number | undefined };
      case 'getservbyname':
        return { name, on: '', service: String(rest[0]), protocol: rest[1] as string | undefined };
      case 'getservbyport':
        return { name, on: '', port: rest[0] as number, protocol: rest[1] as string | undefined };
      case 'gethostbyaddr':
        return { name, on: '', host: String(rest[0]) };
      case 'getaddrinfo':
        return {
          name,
          on: '',
          host: rest[0] as string | null,
          port: rest[1] as number | string | null,
          family: (rest[2] ?? undefined) as Family | undefined,
          type: (rest[3] ?? undefined) as SocketType | undefined,
        };
      default:
        return { name, on } as Call;
    }
  };

  /** A call with its socket's deadline, kept here as the bench keeps it. */
  const perform = async (call: Call, timeout: number | null): Promise<Told> => {
    const flight = bench.start(call, timeout);
    if (!timeout) return told(call, await flight.outcome);
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<Told>(resolve => {
      timer = setTimeout(
        () => {
          flight.stop('deadline');
          resolve({ error: 'TimeoutError', errno: null });
        },
        Math.min(timeout, 60_000),
      );
    });
    const end = await Promise.race([flight.outcome.then(outcome => told(call, outcome)), deadline]);
    clearTimeout(timer);
    return end;
  };

  const results: Told[] = [];
  for (const step of steps) {
    const [name, subject, ...rest] = step;
    const call = await callOf(step);
    const file = names.get(`socket of ${subject}`) ?? subject;
    const flight = await perform(call, timeouts.get(file) ?? null);
    if (name === 'settimeout' && 'value' in flight) timeouts.set(subject, rest[0] as number | null);
    results.push(flight);
    if ('value' in flight && flight.value === 'made') {
      const made = name === 'socket' ? subject : String(rest[0]);
      names.set(made, bench.lastName());
      if (name === 'makefile') names.set(`socket of ${made}`, subject);
    }
    if (settle > 0) await new Promise(resolve => setTimeout(resolve, settle));
  }
  return results;
};
