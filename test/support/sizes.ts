/** How much each test that repeats does: in `npm test`, and in `npm run test:full`, which is run before a release. */
const sizes = {
  'components of random graphs': [1_000, 50_000],
  'values kept by variables': [500, 20_000],
  'lines of any length': [300, 5_000],
  'paths completed': [60, 1_000],
  'texts in a report': [200, 5_000],
  'screens laid out': [1_000, 50_000],
  'rows of sockets': [1_000, 50_000],
  'pictures drawn': [200, 5_000],
  'hostile words': [25, 300],
  'deadlocks on the simulated machine': [2_000, 100_000],
  'deadlocks on real sockets': [200, 2_000],
  'journals without a circle of causes': [100, 1_000],
  'spoiled sessions': [400, 100_000],
  'usual lines spoiled': [800, 30_000],
  'spoiled streams of strace': [300, 10_000],
  'spoiled sessions drawn': [12, 300],
  'sessions followed by tshark': [4, 40],
  'recordings killed, four at once': [3, 10],
  'scripts of closes': [40, 1_000],
  'numbers of each call': [25, 500],
  'numbers beside the few': [0, 200],
  'options round and round': [60, 2_000],
  /** Runs of sendall at full speed, and the MiB of each. */
  'sendall at full speed': [1, 50],
  'MiB at full speed': [32, 256],
  'MiB each way through a pipe': [32, 1024],
  'MiB each way through a relay': [256, 1024],
  /** How many events an order has; every order is tried. */
  'events of handing over': [5, 6],
  'events of flushing': [6, 7],
} as const;

export type Sized = keyof typeof sizes;

export const isFull = process.env.FULL === '1';

/** RUNS in the environment is for one file at a size of one's own. */
export const sizeOf = (what: Sized): number => Number(process.env.RUNS ?? sizes[what][isFull ? 1 : 0]);

/** SEED in the environment repeats a run; each one that fails prints its own. */
export const seedOf = (usual: number = Date.now() % 2 ** 31): number => Number(process.env.SEED ?? usual);

/** For fast-check; large runs say how they can be repeated before they begin. */
export const runsOf = (what: Sized, times = 1): { numRuns: number; seed: number } => {
  const runs = { numRuns: times * sizeOf(what), seed: seedOf() };
  if (isFull) console.log(`${what}: ${runs.numRuns}, SEED=${runs.seed}`);
  return runs;
};
