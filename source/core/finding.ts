/** What the bench concludes from what it sees. */
export const findingNames = [
  'deadlock',
  'backlog-full',
  'zero-window',
  'datagrams-lost',
  'every-interface',
  'descriptors',
  'recording',
] as const;

export type FindingName = (typeof findingNames)[number];

/**
 * `key` identifies it while it lasts, so that the same key with `on: false` clears it. `calls` are ids of calls in
 * flight, in the order of the cycle; `until` is when a deadline will break it (ms since the bench began), or null.
 */
export type Finding = {
  readonly name: FindingName;
  readonly key: string;
  readonly sockets: readonly string[];
  readonly calls: readonly number[];
  readonly sentence: string;
  readonly until: number | null;
};
