import type { Bench } from '../../source/bench/engine/bench.ts';
import type { BenchOptions } from '../../source/bench/engine/bench-options.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { failure, type Outcome } from '../../source/core/calls/outcome.ts';
import type { Observer, Sample } from '../../source/core/model/observer.ts';
import type { ErrorCode } from '../../source/core/words/error-table.ts';
import { sample } from './entries.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';
import { createSimulatedDriver, newOwned, type Owned } from './simulated-driver.ts';
import { createNetwork, type Network, type SimulatedSocket } from './simulated-network.ts';
import { hasRoomFor, stateWord } from './simulated-tcp.ts';

type Waiter = {
  readonly step: () => Outcome | null;
  readonly taken: () => number;
  readonly report: (outcome: Outcome) => void;
};

export type MachineOptions = {
  readonly capacity?: number;
  readonly lazy?: boolean;
  /** A system that shows nothing of its sockets. */
  readonly blind?: boolean;
  /** Asked at the start of each call: what it lacks, a descriptor for instance. */
  readonly lacks?: (call: Call) => ErrorCode | null;
};

/**
 * A machine with a small kernel: deterministic, with finite buffers, on a clock that stands still until it is told
 * to go on. Nothing happens by itself: calls that would block wait until `settle`, timers until `run`.
 */
export type Machine = {
  readonly clock: SimulatedClock;
  readonly network: Network;
  /** No call ends before the machine settles, so that a flush sees it in flight. */
  readonly lazy: boolean;
  readonly wait: (waiter: Waiter) => () => void;
  /** Lets every blocked call go on as far as it can. */
  readonly settle: () => void;
  /** Lets this many ms pass: timers in order, the kernel settled after each. */
  readonly run: (ms: number) => Promise<void>;
  /** A bench whose sockets are on this machine. */
  readonly bench: (options?: Omit<BenchOptions, 'driver' | 'observer' | 'clock'>) => Bench;
  /** Until no call can go on, no SYN would find room, and the bench has looked twice at what is left. */
  readonly quiesce: (bench: Bench) => Promise<void>;
};

const sampleOf = (network: Network, name: string, socket: SimulatedSocket): Sample => {
  if (socket.kind === 'datagram') {
    const state = socket.peer ? 'ESTAB' : 'UNCONN';
    return sample(name, state, { rcvQ: socket.queued, drops: socket.drops });
  }
  const state = stateWord(socket);
  if (socket.state === 'listen') return sample(name, state, { rcvQ: socket.queue.length });
  if (socket.nextSyn !== null && socket.state === 'syn-sent') {
    const timerMs = Math.max(0, socket.nextSyn - network.clock.now());
    return sample(name, state, { timer: 'retransmit', timerMs, retransmits: socket.retransmits });
  }
  const sndQ = socket.unsent.size();
  return sample(name, state, { rcvQ: socket.unread.size(), sndQ, timer: sndQ > 0 ? 'zero-window' : 'none' });
};

const createObserver = ({ network, sockets }: Owned, blind: boolean): Observer => ({
  sample: async observed => {
    if (blind) return { source: 'application', samples: [] };
    const samples = observed.flatMap(({ name }) => {
      const socket = sockets.get(name);
      return socket ? [sampleOf(network, name, socket)] : [];
    });
    return { source: 'kernel', samples };
  },
});

/** A look soon after a change, and one more at the steady pace of the bench's watch. */
const twoLooksMs = 700;

/** What is awaited in the bench and the observer has no timers behind it: a few turns of the microtask queue do. */
const microtasks = async (): Promise<void> => {
  for (let turn = 0; turn < 4; turn++) await null;
};

/** Calls that would block, and what lets them go on. */
const createWaiters = () => {
  const waiters = new Set<Waiter>();
  /** One try for every blocked call, in the order they began; whether anything moved. */
  const turn = (): boolean => {
    let moved = false;
    for (const waiter of [...waiters]) {
      if (!waiters.has(waiter)) continue;
      const before = waiter.taken();
      const outcome = waiter.step();
      if (waiter.taken() !== before) moved = true;
      if (!outcome) continue;
      moved = true;
      waiters.delete(waiter);
      waiter.report(outcome);
    }
    return moved;
  };
  return {
    wait: (waiter: Waiter) => {
      waiters.add(waiter);
      return () => waiters.delete(waiter);
    },
    settle: () => {
      let moved = true;
      while (moved) moved = turn();
    },
  };
};

/** A connect that waits only for its next SYN. */
const isSynPending = ({ network, sockets }: Owned): boolean =>
  [...sockets.values()].some(
    socket => socket.kind === 'stream' && socket.state === 'syn-sent' && hasRoomFor(network, socket),
  );

/** `capacity`: bytes a queue holds, 32 KiB where it is left out. */
export const createMachine = (options: MachineOptions = {}): Machine => {
  const { capacity, lazy = false, blind = false, lacks = () => null } = options;
  const clock = createSimulatedClock();
  const network = createNetwork(clock, capacity);
  const { wait, settle } = createWaiters();
  const owners: Owned[] = [];

  const run = async (ms: number): Promise<void> => {
    const limit = clock.now() + ms;
    settle();
    for (let more = true; more; ) {
      more = clock.step(limit);
      settle();
      await microtasks();
    }
  };

  const bench: Machine['bench'] = options => {
    const owned = newOwned(network);
    owners.push(owned);
    const driver = (): Driver => {
      const able = createSimulatedDriver(machine, owned);
      const start: Driver['start'] = (attempt, report) => {
        const code = lacks(attempt.call);
        if (code === null) return able.start(attempt, report);
        report(failure(code));
        return null;
      };
      return { ...able, start };
    };
    return createBench({ ...options, clock, driver, observer: createObserver(owned, blind) });
  };

  const quiesce: Machine['quiesce'] = async bench => {
    settle();
    while (owners.some(isSynPending)) await run((clock.next() ?? clock.now()) - clock.now());
    await run(twoLooksMs);
    bench.flush();
  };

  const machine: Machine = { clock, network, lazy, wait, settle, run, bench, quiesce };
  return machine;
};
