import fc from 'fast-check';
import type { Finding, Held, Queued } from '../../source/core/model/finding.ts';
import type { Remedy } from '../../source/core/model/remedy.ts';
import { anyText } from '../core/arbitraries.ts';
import {
  askedEndpoint,
  compact,
  count,
  id,
  name,
  optional,
  process,
  processThread,
  program,
  time,
} from './any-words.ts';

const few = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 3 });

const callRef = fc.record({
  id,
  on: name,
  name: fc.constantFrom('recv' as const, 'sendall' as const),
  socket: name,
  looped: fc.boolean(),
});

const act = fc.constantFrom(
  'send' as const,
  'recv' as const,
  'accept' as const,
  'flush' as const,
  'end' as const,
);

const held: fc.Arbitrary<Held> = fc.oneof(
  fc.record({ kind: fc.constant('socket' as const), on: name, act, ways: few(id), through: count }),
  fc.record({ kind: fc.constant('inside' as const), on: name, ways: few(id), through: count }),
  fc.record({
    kind: fc.constant('process' as const),
    on: name,
    act,
    actors: few(process),
    through: count,
  }),
);

const queued: fc.Arbitrary<Queued> = fc.oneof(
  fc.record({ kind: fc.constant('twin' as const), socket: name, twin: name, there: count, back: count }),
  fc.record({ kind: fc.constant('peer' as const), socket: name, peer: askedEndpoint, there: count }),
);

const remedy: fc.Arbitrary<Remedy> = fc.oneof(
  fc.record({ kind: fc.constant('cancel' as const), call: callRef }),
  fc.record({
    kind: fc.constant('end' as const),
    call: callRef,
    at: time,
    by: fc.constantFrom('timeout' as const, 'SYN' as const),
  }),
  fc.record({
    kind: fc.constant('act' as const),
    on: name,
    act,
    program,
    policy: fc.constantFrom('single' as const, 'per-socket' as const, 'duplex' as const),
  }),
);

const seen = fc.record({
  certain: fc.boolean(),
  threads: few(processThread),
  processes: few(fc.record({ actor: process, pid: id, name: anyText })),
  mayEnd: few(
    fc.record({
      thread: processThread,
      why: fc.constantFrom('SIGALRM' as const, 'sleep' as const, 'deadline' as const),
    }),
  ),
});

const about = { key: anyText, sockets: few(name) };

const findings: { [K in Finding['name']]: fc.Arbitrary<Finding> } = {
  deadlock: fc.record({
    name: fc.constant('deadlock' as const),
    ...about,
    calls: few(id),
    waits: few(fc.record({ call: callRef, reason: held })),
    queued: few(queued),
    remedies: few(remedy),
    until: fc.option(time, { nil: null }),
    behind: fc.record({ first: few(callRef), count }),
    seen: optional(seen),
  }),
  'backlog-full': fc.record({
    name: fc.constant('backlog-full' as const),
    ...about,
    waiting: count,
    backlog: count,
  }),
  'zero-window': fc
    .record({
      name: fc.constant('zero-window' as const),
      ...about,
      twin: name,
      bytes: count,
      behind: fc.option(name, { nil: undefined }),
    })
    .map(compact),
  'datagrams-lost': fc.record({ name: fc.constant('datagrams-lost' as const), ...about, count }),
  'every-interface': fc.record({
    name: fc.constant('every-interface' as const),
    ...about,
    local: askedEndpoint,
  }),
  descriptors: fc.record({ name: fc.constant('descriptors' as const), ...about, open: count, limit: count }),
  recording: fc.record({
    name: fc.constant('recording' as const),
    ...about,
    begun: fc.boolean(),
    trouble: anyText,
  }),
  worded: fc.record({
    name: fc.constant('worded' as const),
    was: fc.constantFrom('deadlock' as const, 'zero-window' as const),
    ...about,
    calls: few(id),
    words: anyText,
    until: fc.option(time, { nil: null }),
  }),
};

/** A finding of any kind. */
export const anyFinding: fc.Arbitrary<Finding> = fc.oneof(...Object.values(findings)).map(compact);
