import { expect, test } from 'vitest';
import type { Running } from '../../source/core/calls/driver.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { TcpWriting } from '../../source/drivers/sockets/tcp-writing.ts';
import { createSimulatedEnd } from '../support/simulated-end.ts';
import { sizeOf } from '../support/sizes.ts';

/** A send of the playbook: `count` is what was told of it, once it ended. */
type Send = { readonly index: number; running: Running | null; count: number | null; ends: number };

const sizes = { send: 2, sendall: 3 } as const;

/** One order of events, step by step; every step answers whether it could happen there. */
const play = () => {
  const simulated = createSimulatedEnd();
  const sends: Send[] = [];
  let late = 0;
  let resets = 0;
  let broken = false;
  let shut = false;
  let over = false;
  const writing = new TcpWriting(simulated.end, {
    wrote: () => {},
    late: bytes => {
      late += bytes;
    },
  });

  const inKernel = (send: Send) => simulated.stream.filter(byte => byte >> 4 === send.index).length;

  const told = (send: Send, total: number, outcome: Outcome) => {
    send.ends++;
    send.running = null;
    if (outcome.kind === 'error' && outcome.code === 'ECONNRESET') resets++;
    if (outcome.kind === 'count') send.count = outcome.count;
    else send.count = outcome.kind === 'error' ? (outcome.count ?? 0) : total;
  };

  const begin = (name: keyof typeof sizes, timeout: number | null): boolean => {
    if (over || sends.length === 3) return false;
    const send: Send = { index: sends.length, running: null, count: null, ends: 0 };
    sends.push(send);
    const total = sizes[name];
    const bytes = Uint8Array.from({ length: total }, (_, at) => (send.index << 4) + at);
    const data = { kind: 'literal', notation: 'hex', data: bytes } as const;
    const running = writing.send({ data, all: name === 'sendall', timeout }, outcome =>
      told(send, total, outcome),
    );
    if (send.ends === 0) send.running = running;
    return true;
  };

  const stop = (send: Send | undefined): boolean => {
    if (!send?.running) return false;
    const { running } = send;
    send.running = null;
    send.count = running.stop('cancelled');
    send.ends++;
    return true;
  };

  const once = (act: () => void) => () => {
    if (over) return false;
    act();
    return true;
  };

  const steps = {
    send: () => begin('send', null),
    'send with a timeout': () => begin('send', 100),
    sendall: () => begin('sendall', null),
    'sendall without waiting': () => begin('sendall', 0),
    'stop the first': () => stop(sends.find(({ running }) => running)),
    'stop the last': () =>
      sends.filter(({ running }) => running).length > 1 && stop(sends.findLast(({ running }) => running)),
    'room for 1': once(() => simulated.addRoom(1)),
    'room for 3': once(() => simulated.addRoom(3)),
    'room at once': once(() => simulated.setArrival('at once')),
    'room a moment later': once(() => simulated.setArrival('raced')),
    'the kernel takes': simulated.take,
    'libuv tells': simulated.tell,
    reset: once(() => {
      if (!broken) simulated.breakOff();
      broken = true;
    }),
    shut: once(() => {
      shut = true;
      writing.shut();
    }),
    close: once(() => {
      over = true;
      simulated.end.close();
      writing.dispose();
    }),
  };

  /** What holds at any moment: the order of bytes, and that a send in flight says what the kernel has of it. */
  const objection = (): string => {
    const { stream } = simulated;
    for (const [at, byte] of stream.entries()) {
      const before = stream[at - 1];
      const next =
        before === byte - 1 || (byte % 16 === 0 && (before === undefined || before >> 4 < byte >> 4));
      if (!next) return `bytes in the order ${stream.join(' ')}`;
    }
    for (const send of sends) {
      if (send.ends > 1) return `send ${send.index} ended ${send.ends} times`;
      if (send.running && send.running.taken() !== inKernel(send))
        return `send ${send.index} says ${send.running.taken()} taken, the kernel has ${inKernel(send)}`;
    }
    return '';
  };

  /** What holds once everything has come to its end. */
  const finalObjection = (): string => {
    simulated.addRoom(100);
    while (simulated.take() || simulated.tell());
    if (broken && !shut && !over && sends.length < 3) {
      begin('sendall', 0);
      if (resets !== 1) return `the reset was told ${resets} times`;
    }
    if (resets > 1) return `the reset was told ${resets} times`;
    let beyond = 0;
    for (const send of sends) {
      if (send.ends !== 1) return `send ${send.index} ended ${send.ends} times`;
      const missing = inKernel(send) - send.count!;
      if (missing < 0 || missing > 1)
        return `send ${send.index} counted ${send.count}, the kernel has ${inKernel(send)}`;
      beyond += missing;
    }
    return late === beyond ? objection() : `${late} bytes told as late, ${beyond} were`;
  };

  return { steps, objection, finalObjection };
};

type Step = keyof ReturnType<typeof play>['steps'];
const names = Object.keys(play().steps) as Step[];

/** Plays an order; null where its last step could not happen, so that none of those that begin so need be tried. */
const verdict = (order: readonly Step[]): string | null => {
  const { steps, objection, finalObjection } = play();
  // Those before the last one have been tried as orders of their own.
  let possible = true;
  for (const name of order) possible = steps[name]();
  return possible ? objection() || finalObjection() : null;
};

test('in every order of completion, bytes keep their order and are counted once', () => {
  const depth = sizeOf('events of handing over');
  let played = 0;
  const descend = (begin: readonly Step[]) => {
    for (const name of names) {
      const order = [...begin, name];
      const found = verdict(order);
      if (found === null) continue;
      played++;
      if (found) expect.unreachable(`${order.join(', ')}: ${found}`);
      if (order.length < depth) descend(order);
    }
  };
  descend([]);
  expect(played).toBeGreaterThan(depth * 1000);
});
