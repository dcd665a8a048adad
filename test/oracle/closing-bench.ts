import { createBench } from '../../source/bench/engine/create-bench.ts';
import { type Endpoint, hostAt, inet } from '../../source/core/addresses/endpoint.ts';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { errorTable } from '../../source/core/words/error-table.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import type { ClosingScript, ClosingStep } from './closing-script.ts';

type Told = { readonly value: unknown } | { readonly error: string; readonly errno: number | null };

/**
 * What became of a step. `left`: left out, since CPython itself could answer in two ways. `ended`: after which of the
 * steps it was over, null where it never was. `data`: what was sent in place of the script's own.
 */
export type ClosingAnswer = {
  readonly left?: true;
  readonly data?: string;
  readonly number?: number;
  readonly ended?: number | null;
  readonly outcome?: Told;
};

export type ClosingBench = {
  /** `python`: which steps it left out, and which calls had ended when it went on. */
  readonly run: (script: ClosingScript, python: readonly ClosingAnswer[]) => Promise<ClosingAnswer[]>;
  readonly dispose: () => Promise<void>;
};

const octets = (data: string, encoding: BufferEncoding): Bytes => ({
  kind: 'literal',
  notation: 'text',
  data: Buffer.from(data, encoding),
});

const told = (outcome: Outcome): Told => {
  switch (outcome.kind) {
    case 'error': {
      const [errno, python] = errorTable[outcome.code];
      return { error: python, errno };
    }
    case 'data':
      return { value: Buffer.from(outcome.data).toString('latin1') };
    case 'count':
      return { value: outcome.count };
    case 'number':
      return { value: outcome.number };
    case 'endpoint':
      return { value: hostAt(outcome.endpoint) };
    default:
      return { value: null };
  }
};

/** The event loop has heard of everything that has come over loopback; a call reads on for a byte a turn where it has no buffer. */
const turns = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await new Promise(resolve => setImmediate(resolve));
};

/** A call that CPython had over by then is awaited for so long, in ms. */
const patience = 5000;

type Flight = { id: number; readonly number: number; ended: number | null; outcome: Outcome | null };

/** A bench on real sockets, its loops off, that plays one script after the other. */
export const createClosingBench = (): ClosingBench => {
  const bench = createBench({
    driver: notice => createNodeDriver({ notice }),
    policy: 'duplex',
    loops: { accept: false, receive: false },
  });
  const perform = (call: Call): Promise<Outcome> =>
    new Promise(resolve => bench.perform(call, { onEnd: resolve }));
  const made = async (call: Call): Promise<string> => {
    const outcome = await perform(call);
    if (outcome.kind !== 'made') throw new Error(JSON.stringify(outcome));
    return outcome.name;
  };

  const listening = (async (): Promise<{ name: string; at: Endpoint }> => {
    const name = await made({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
    await perform({ name: 'bind', on: name, address: inet('127.0.0.1', 0) });
    await perform({ name: 'listen', on: name, backlog: 5 });
    const at = await perform({ name: 'getsockname', on: name });
    if (at.kind !== 'endpoint') throw new Error(JSON.stringify(at));
    return { name, at: at.endpoint };
  })();

  const callOf = (step: ClosingStep, c: string, p: string, files: readonly string[], data: string): Call => {
    const on = 'file' in step && step.file !== undefined ? files[step.file]! : c;
    switch (step.call) {
      case 'makefile':
        return { name: 'makefile', on, mode: step.mode, buffering: step.buffering ?? undefined };
      case 'read':
        return { name: 'read', on, size: step.size ?? undefined };
      case 'recv':
        return { name: 'recv', on, size: step.size };
      case 'send':
      case 'write':
        return { name: step.call, on, data: octets(step.data, 'utf8') };
      case 'shutdown':
        return { name: 'shutdown', on, how: step.how };
      case 'settimeout':
        return { name: 'settimeout', on, timeout: step.timeout === null ? null : step.timeout * 1000 };
      case 'p.send':
        return { name: 'send', on: p, data: octets(data, 'latin1') };
      case 'p.recv':
        return { name: 'recv', on: p, size: 65_536 };
      case 'p.shutdown':
        return { name: 'shutdown', on: p, how: 'SHUT_WR' };
      case 'p.close':
        return { name: 'close', on: p };
      default:
        return { name: step.call, on };
    }
  };

  const run: ClosingBench['run'] = async (script, python) => {
    const { name, at } = await listening;
    const c = await made({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' });
    await perform({ name: 'connect', on: c, address: at });
    const p = await made({ name: 'accept', on: name });
    await perform({ name: 'settimeout', on: p, timeout: 0 });
    // Nagle's algorithm would hold back what comes after bytes that are not acknowledged yet.
    for (const on of [c, p]) {
      await perform({ name: 'setsockopt', on, level: 'IPPROTO_TCP', option: 'TCP_NODELAY', value: 1 });
    }
    const files: string[] = [];
    const flights: (Flight | null)[] = [];
    let number = 0;

    /** Until what CPython had over by now is over here, and what else may end has. */
    const settle = async () => {
      const late = performance.now() + patience;
      const behind = () =>
        flights.some((flight, i) => {
          const end = python[i]?.ended ?? Number.POSITIVE_INFINITY;
          return flight && flight.outcome === null && end <= number;
        });
      await turns();
      while (behind() && performance.now() < late) await new Promise(resolve => setTimeout(resolve, 1));
      for (const flight of flights) if (flight?.outcome && flight.ended === null) flight.ended = number;
    };

    for (const [i, step] of script.entries()) {
      if (python[i]?.left) {
        flights.push(null);
        continue;
      }
      number++;
      const data = python[i]?.data ?? '';
      const flight: Flight = { id: 0, number, ended: null, outcome: null };
      flights.push(flight);
      const onEnd = (outcome: Outcome) => {
        flight.outcome = outcome;
      };
      flight.id = bench.perform(callOf(step, c, p, files, data), { onEnd });
      await settle();
      if (flight.outcome?.kind === 'made') files.push(flight.outcome.name);
    }

    const answers = flights.map((flight, i): ClosingAnswer => {
      if (!flight) return { left: true };
      const data = python[i]?.data;
      return {
        ...(data === undefined ? {} : { data }),
        number: flight.number,
        ended: flight.ended,
        ...(flight.ended !== null && flight.outcome ? { outcome: told(flight.outcome) } : {}),
      };
    });
    for (const flight of flights) if (flight) bench.cancel(flight.id);
    for (const on of [...files, c, p]) await perform({ name: 'close', on });
    bench.flush();
    return answers;
  };

  return { run, dispose: bench.dispose };
};
