import { type Endpoint, inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { actorNamed } from '../../source/core/model/actors.ts';
import type { Draft, Entry } from '../../source/core/model/entry.ts';
import type { Family, SocketType } from '../../source/core/model/names.ts';
import type { Sample } from '../../source/core/model/observer.ts';
import { type BenchState, initialState } from '../../source/core/model/state.ts';

export const at = (port: number, host = '127.0.0.1'): Endpoint => inet(host, port);

/** A journal written by hand: each line is stamped one millisecond after the one before. */
export const createPlaybook = () => {
  const entries: Entry[] = [];
  const add = (draft: Draft): Entry => {
    const entry = { ...draft, n: entries.length + 1, prev: 0 } as Entry;
    entries.push(entry);
    return entry;
  };
  let id = 0;
  const about = (call: Call, named = call.on) => ({
    id: ++id,
    actor: actorNamed(named) ?? ('' as const),
    call,
    thread: call.on,
    queuedAt: id,
    inside: 0,
    looped: false,
  });
  /** A call that ended within its flush. */
  const ended = (call: Call, outcome: Outcome = ok): Entry =>
    add({
      kind: 'ended',
      t: entries.length + 1,
      ...about(call, call.name === 'socket' && outcome.kind === 'made' ? outcome.name : call.on),
      startedAt: entries.length,
      outcome,
      seen: false,
    });
  return {
    entries,
    add,
    ended,
    socket: (name: string, type: SocketType = 'SOCK_STREAM', family: Family = 'AF_INET') =>
      ended({ name: 'socket', on: '', family, type }, { kind: 'made', name }),
    bind: (on: string, local: Endpoint) =>
      ended({ name: 'bind', on, address: local }, { kind: 'none', local }),
    connect: (on: string, local: Endpoint, peer: Endpoint) =>
      ended({ name: 'connect', on, address: peer }, { kind: 'none', local, peer }),
    send: (on: string, value: string) =>
      ended({ name: 'send', on, data: literal(value) }, { kind: 'count', count: value.length }),
    recv: (on: string, value: string) =>
      ended({ name: 'recv', on, size: 4096 }, { kind: 'data', data: text(value) }),
    /** A call that was seen blocked; answers how to end it. */
    running: (call: Call, deadline: number | null = null) => {
      const shared = about(call);
      const startedAt = entries.length;
      add({ kind: 'running', t: startedAt, ...shared, startedAt, deadline });
      return (outcome: Outcome = ok) =>
        add({ kind: 'ended', t: entries.length + 1, ...shared, startedAt, outcome, seen: true });
    },
    queued: (call: Call) => add({ kind: 'queued', t: entries.length + 1, ...about(call) }),
  };
};

/** What a look finds of a socket with nothing in its queues. */
export const sample = (socket: string, state: string, rest: Partial<Sample> = {}): Sample => ({
  socket,
  state,
  rcvQ: 0,
  sndQ: 0,
  timer: 'none',
  timerMs: 0,
  retransmits: 0,
  drops: 0,
  ...rest,
});

/** Both ends of a connection of the bench: c1 on port 4000 to s1 on 9000, who accepted a1. */
export const playConnection = () => {
  const book = createPlaybook();
  book.socket('s1');
  book.bind('s1', at(9000));
  book.ended({ name: 'listen', on: 's1', backlog: 1 }, { kind: 'none', local: at(9000) });
  book.socket('c1');
  const connect = book.connect('c1', at(4000), at(9000));
  const accept = book.ended(
    { name: 'accept', on: 's1' },
    { kind: 'made', name: 'a1', local: at(9000), peer: at(4000) },
  );
  return { book, connect, accept };
};

/** The state that a book's entries lead to; they are completed on the way. */
export const stateOf = ({ entries }: { readonly entries: readonly Entry[] }): BenchState =>
  fold(initialState(), entries);

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export const literal = (value: string) => ({ kind: 'literal', data: text(value), notation: 'text' }) as const;
