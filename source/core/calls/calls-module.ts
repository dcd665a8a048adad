import type { CallTable } from './call-spec.ts';

/** Functions of the module, made on nothing, but for the one that makes a socket. */
export const moduleCalls = {
  getaddrinfo: {
    on: ['module'],
    lane: 'none',
    waits: 'answer',
    moves: null,
    ends: null,
    sets: null,
    returns: 'addresses',
    asks: 'resolver',
    parameters: [
      { field: 'host', kind: 'host' },
      { field: 'port', kind: 'port', fallback: 0 },
      { field: 'family', kind: 'family', optional: true },
      { field: 'type', kind: 'type', optional: true },
    ],
    does: 'name to addresses, each with the types of socket it is for; None is this machine',
  },
  gethostbyaddr: {
    on: ['module'],
    lane: 'none',
    waits: 'answer',
    moves: null,
    ends: null,
    sets: null,
    returns: 'text',
    asks: 'resolver',
    parameters: [{ field: 'host', kind: 'text' }],
    does: 'address to name',
  },
  getservbyname: {
    on: ['module'],
    lane: 'none',
    waits: 'answer',
    moves: null,
    ends: null,
    sets: null,
    returns: 'number',
    asks: 'services',
    parameters: [
      { field: 'service', kind: 'text' },
      { field: 'protocol', kind: 'text', optional: true },
    ],
    does: 'service name to port number, asked of the system',
  },
  getservbyport: {
    on: ['module'],
    lane: 'none',
    waits: 'answer',
    moves: null,
    ends: null,
    sets: null,
    returns: 'text',
    asks: 'services',
    parameters: [
      { field: 'port', kind: 'count' },
      { field: 'protocol', kind: 'text', optional: true },
    ],
    does: 'port number to service name',
  },
} as const satisfies Partial<CallTable>;
