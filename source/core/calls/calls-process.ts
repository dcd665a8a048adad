import type { CallTable } from './call-spec.ts';

/** What a process does with several of its sockets at once. The bench makes no such call: its threads are in one each. */
export const processCalls = {
  poll: {
    on: ['process'],
    lane: 'reader',
    waits: 'ready',
    moves: null,
    ends: null,
    sets: null,
    returns: null,
    asks: 'kernel',
    parameters: [
      { field: 'wants', kind: 'wants' },
      { field: 'timeout', kind: 'timeout' },
      { field: 'more', kind: 'count', optional: true },
    ],
    does: 'select, poll or epoll_wait of a process: waits until one of its descriptors is ready',
  },
} as const satisfies Partial<CallTable>;
