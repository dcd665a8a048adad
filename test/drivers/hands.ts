import { expect, onTestFinished } from 'vitest';
import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Driver, DriverOptions, Notice, Running, StopReason } from '../../source/core/calls/driver.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Family, InetFamily, SocketType } from '../../source/core/model/names.ts';
import { errorTable } from '../../source/core/words/error-table.ts';
import { limits } from '../support/limits.ts';

export type MakeDriver = (options: DriverOptions) => Driver;

/** A call in flight, as a test sees it. */
export type Flight = {
  readonly outcome: Promise<Outcome>;
  readonly ended: () => boolean;
  readonly stop: (reason: StopReason) => number;
  readonly taken: () => number;
};

/** What a test does with a driver: calls by name, each awaited or left in flight. */
export type Hands = {
  readonly notices: Notice[];
  /** The driver's own start: the report is called as the driver calls it. */
  readonly begin: (call: Call, report: (outcome: Outcome) => void, timeout?: number | null) => Running | null;
  readonly start: (call: Call, timeout?: number | null) => Flight;
  readonly call: (call: Call, timeout?: number | null) => Promise<Outcome>;
  /** A new socket's name. */
  readonly socket: (family: Family, type?: SocketType) => Promise<string>;
  readonly listener: (family: InetFamily, backlog?: number) => Promise<{ name: string; at: Endpoint }>;
  readonly connected: (
    family: InetFamily,
  ) => Promise<{ client: string; server: string; listener: string; at: Endpoint }>;
  readonly datagram: (family: InetFamily) => Promise<{ name: string; at: Endpoint }>;
  /** The name given last. */
  readonly lastName: () => string;
  readonly dispose: () => Promise<void>;
};

export const text = (words: string): Bytes => ({
  kind: 'literal',
  notation: 'text',
  data: Buffer.from(words, 'latin1'),
});

export const repeat = (size: number, unit = 'x'): Bytes => ({
  kind: 'repeat',
  size,
  unit: Buffer.from(unit),
});

export const loopback: Readonly<Record<InetFamily, string>> = { AF_INET: '127.0.0.1', AF_INET6: '::1' };

export const wildcards: Readonly<Record<InetFamily, string>> = { AF_INET: '0.0.0.0', AF_INET6: '::' };

/** The bytes of an outcome as text; undefined where it has none. */
export const received = (outcome: Outcome): string | undefined =>
  outcome.kind === 'data' ? Buffer.from(outcome.data).toString('latin1') : undefined;

export const endpoint = (outcome: Outcome): Endpoint => {
  const found =
    outcome.kind === 'endpoint'
      ? outcome.endpoint
      : outcome.kind === 'none' || outcome.kind === 'count' || outcome.kind === 'made'
        ? outcome.local
        : undefined;
  if (!found) throw new Error(`no address in ${JSON.stringify(outcome)}`);
  return found;
};

/** States value, errno and Python class of a failure. */
export const expectFailure = (
  outcome: Outcome,
  code: keyof typeof errorTable,
  errno: number | null,
  python: string,
) => {
  expect(outcome).toMatchObject({ kind: 'error', code });
  expect(errorTable[code].slice(0, 2)).toEqual([errno, python]);
};

/** Polls until the condition holds; the message says what did not come. */
export const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUp = performance.now() + limits.wait;
  while (!(await condition())) {
    if (performance.now() > giveUp) throw new Error(`never: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 2));
  }
};

/** Lets the event loop poll twice: what could have ended by itself has. */
export const turns = async (count = 3): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
};

/** `make`'s driver in a test's hands; disposed of when the test has finished: one that runs beside others says it of itself. */
export const hands = (make: MakeDriver, whenOver = onTestFinished): Hands => {
  const notices: Notice[] = [];
  const driver = make({ notice: notice => notices.push(notice) });
  let names = 0;
  whenOver(() => driver.dispose());

  const begin: Hands['begin'] = (call, report, timeout = null) =>
    driver.start({ call, timeout, name: () => `n${++names}` }, report);

  const start: Hands['start'] = (call, timeout = null) => {
    let ended = false;
    let running: Running | null = null;
    const outcome = new Promise<Outcome>(resolve => {
      const report = (result: Outcome) => {
        if (ended) throw new Error(`${call.name} was reported twice`);
        ended = true;
        resolve(result);
      };
      running = begin(call, report, timeout);
      if (ended && running) throw new Error(`${call.name} was reported at once and is said to run`);
    });
    return {
      outcome,
      ended: () => ended,
      stop: reason => running?.stop(reason) ?? 0,
      taken: () => running?.taken() ?? 0,
    };
  };

  const call: Hands['call'] = (made, timeout) => start(made, timeout).outcome;

  const socket: Hands['socket'] = async (family, type = 'SOCK_STREAM') => {
    const made = await call({ name: 'socket', on: '', family, type });
    if (made.kind !== 'made') throw new Error(JSON.stringify(made));
    return made.name;
  };

  const listener: Hands['listener'] = async (family, backlog = 16) => {
    const name = await socket(family);
    const bound = await call({ name: 'bind', on: name, address: inet(loopback[family], 0) });
    expect((await call({ name: 'listen', on: name, backlog })).kind).toBe('none');
    return { name, at: endpoint(bound) };
  };

  return {
    notices,
    begin,
    start,
    call,
    socket,
    listener,
    connected: async family => {
      const { name, at } = await listener(family);
      const client = await socket(family);
      const accepting = call({ name: 'accept', on: name });
      expect((await call({ name: 'connect', on: client, address: at })).kind).toBe('none');
      const accepted = await accepting;
      if (accepted.kind !== 'made') throw new Error(JSON.stringify(accepted));
      return { client, server: accepted.name, listener: name, at };
    },
    datagram: async family => {
      const name = await socket(family, 'SOCK_DGRAM');
      const bound = await call({ name: 'bind', on: name, address: inet(loopback[family], 0) });
      return { name, at: endpoint(bound) };
    },
    lastName: () => `n${names}`,
    dispose: driver.dispose,
  };
};
