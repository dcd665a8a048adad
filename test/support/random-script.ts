import fc from 'fast-check';
import type { RecvFlag } from '../../source/core/calls/call.ts';
import type { Program } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';

const hour = 3_600_000;
const most = 64 * 1024 * 1024;

/** At most two connections: two to four connected sockets, besides the listener and a pair for datagrams. */
export const mostConnections = 2;

/**
 * One step of a random script. Numbers choose among what is there when the step comes, so that every list of steps
 * is a script and a shorter one is simpler. `from` is the letter of the program that connects.
 */
export type Action =
  | { readonly do: 'send' | 'sendall'; readonly on: number; readonly size: number }
  | { readonly do: 'recv'; readonly on: number; readonly size: number; readonly flags: readonly RecvFlag[] }
  | { readonly do: 'connect'; readonly from: 'c' | 's' }
  | { readonly do: 'accept' }
  | { readonly do: 'shutdown' | 'cancel' | 'reset'; readonly on: number }
  | { readonly do: 'settimeout'; readonly on: number; readonly timeout: number | null }
  /** The policy of the program that owns the socket. */
  | { readonly do: 'policy'; readonly on: number; readonly policy: Policy };

/** What comes before the next step: nothing, a flush that sees calls half done, or a pause. */
export type Step = { readonly action: Action; readonly after: 'nothing' | 'flush' | 'pause' };

/** Names of datagram sockets that are connected with each other, by the programs that own them. */
export type Pair = readonly [string, string];

export type RandomScript = {
  readonly policy: Readonly<Record<Program, Policy>>;
  readonly backlog: number;
  readonly pairs: readonly Pair[];
  /** Connections that are there, and accepted, before the first step. */
  readonly connections: number;
  /** Whether the simulated machine ends no call before it settles. */
  readonly lazy: boolean;
  readonly steps: readonly Step[];
};

/** Deadlocks need few threads: half of all programs have one. */
const anyPolicy = fc.constantFrom<Policy>('single', 'single', 'per-socket', 'duplex');
const policies = (one: fc.Arbitrary<Policy>) =>
  fc.record({ client: one, 'tcp-server': one, 'udp-server': one });

const on = fc.nat({ max: 11 });
const word = <W extends string>(...words: W[]) => fc.constantFrom(...words);

const sends = fc.record({
  do: word('send', 'sendall'),
  on,
  size: fc.oneof(fc.integer({ min: 1, max: 4096 }), fc.constant(most)),
});

const receives = fc.record({
  do: word('recv'),
  on,
  size: fc.constantFrom(1, 100, 4096, 8192, 65_536),
  flags: fc.constantFrom<readonly RecvFlag[]>(
    [],
    [],
    ['MSG_WAITALL'],
    ['MSG_PEEK'],
    ['MSG_PEEK', 'MSG_WAITALL'],
  ),
});

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: sends },
  { weight: 6, arbitrary: receives },
  { weight: 2, arbitrary: fc.record({ do: word('accept') }) },
  { weight: 2, arbitrary: fc.record({ do: word('connect'), from: word('c', 'c', 's') }) },
  { weight: 2, arbitrary: fc.record({ do: word('shutdown', 'cancel', 'cancel', 'reset'), on }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: word('settimeout'), on, timeout: fc.constantFrom(null, hour, 2 * hour) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: word('policy'), on, policy: anyPolicy }),
  },
);

const after = word('nothing', 'flush', 'pause');

const step: fc.Arbitrary<Step> = fc.record({ action: anyAction, after });

/** Calls wait in the queue of a thread that no new call would get, since the policy changed behind them. */
const left: fc.Arbitrary<Step[]> = fc
  .tuple(on, anyPolicy, fc.array(fc.tuple(fc.oneof(receives, sends), after), { minLength: 2, maxLength: 4 }))
  .map(([socket, policy, calls]) => {
    const steps = calls.map(([action, pause]): Step => ({ action: { ...action, on: socket }, after: pause }));
    steps.splice(-1, 0, { action: { do: 'policy', on: socket, policy }, after: 'nothing' });
    return steps;
  });

/** Two programs, two others, so that cycles of three can be, and one program with itself. */
const somePairs: Pair[] = [
  ['c9', 'u1'],
  ['s9', 'u2'],
  ['c7', 'c8'],
];

export const anyScript: fc.Arbitrary<RandomScript> = fc.record({
  policy: fc.oneof(policies(fc.constant('single')), policies(anyPolicy)),
  backlog: fc.constantFrom(0, 1),
  pairs: fc.subarray<Pair>(somePairs, { maxLength: 2 }),
  lazy: fc.boolean(),
  connections: fc.integer({ min: 0, max: mostConnections }),
  steps: fc
    .array(fc.oneof({ weight: 5, arbitrary: step.map(one => [one]) }, { weight: 1, arbitrary: left }), {
      minLength: 1,
      maxLength: 12,
    })
    .map(parts => parts.flat()),
});
