/** Calls that make a process or a thread. */
export const forks: ReadonlySet<string> = new Set(['clone', 'clone3', 'fork', 'vfork']);

/** What they share, as far as they tell. */
export const flagsOfClone = (texts: readonly string[]): readonly string[] =>
  texts.join(' ').match(/CLONE_\w+/g) ?? [];
