/**
 * Guards against hanging, in ms, and nothing else: a busy machine may be many times slower than a quiet one, and no test
 * fails by its clock. A wait gives up first, because it can say what did not come.
 */
export const limits = { wait: 120_000, test: 300_000, full: 3_600_000 } as const;
