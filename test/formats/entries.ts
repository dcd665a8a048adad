import fc from 'fast-check';
import { happenings } from '../../source/core/calls/driver.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Draft, Entry } from '../../source/core/model/entry.ts';
import { faultDeeds } from '../../source/core/model/faults.ts';
import type { ProcessState } from '../../source/core/model/process.ts';
import type { RelayTarget } from '../../source/core/model/relay-target.ts';
import { type Repeat, repeatEnds } from '../../source/core/model/repeat-plan.ts';
import type { Rule } from '../../source/core/model/rule.ts';
import type { BenchState, SocketState } from '../../source/core/model/state.ts';
import { families, socketTypes } from '../../source/core/model/transports.ts';
import { type ErrorCode, errorTable } from '../../source/core/words/error-table.ts';
import { anyFaults } from '../core/any-faults.ts';
import { anyBytes, anyCall, anyText } from '../core/arbitraries.ts';
import { anyFinding } from './any-finding.ts';
import {
  askedEndpoint,
  compact,
  count,
  id,
  literalEndpoint,
  literalInet,
  moved,
  name,
  optional,
  process,
  processThread,
  program,
  thread,
  time,
} from './any-words.ts';

const anyOutcome: fc.Arbitrary<Outcome> = fc
  .oneof<fc.Arbitrary<Outcome>[]>(
    fc.record({
      kind: fc.constant('none' as const),
      local: optional(literalEndpoint),
      peer: optional(literalEndpoint),
      note: optional(anyText),
    }),
    fc.record({ kind: fc.constant('count' as const), count: moved, local: optional(literalEndpoint) }),
    fc.record({
      kind: fc.constant('data' as const),
      data: anyBytes,
      from: optional(literalEndpoint),
      lost: optional(moved),
      dropped: optional(moved),
    }),
    fc.record({ kind: fc.constant('made' as const), name, peer: optional(literalEndpoint) }),
    fc.record({ kind: fc.constant('endpoint' as const), endpoint: literalEndpoint }),
    fc.record({
      kind: fc.constant('endpoints' as const),
      endpoints: fc.array(literalInet, { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('number' as const),
      number: fc.oneof(
        fc.constant(null),
        fc.integer(),
        fc
          .double({ noNaN: true, min: -(2 ** 53 - 1), max: 2 ** 53 - 1 })
          .filter(value => !Object.is(value, -0)),
      ),
    }),
    fc.record({ kind: fc.constant('text' as const), text: anyText, fallback: optional(anyText) }),
    fc.constant({ kind: 'unseen' as const }),
    fc.record({
      kind: fc.constant('error' as const),
      code: fc.constantFrom(...(Object.keys(errorTable) as ErrorCode[])),
      detail: optional(anyText),
      count: optional(moved),
    }),
  )
  .map(compact);

const about = {
  id,
  actor: fc.constantFrom('' as const, 'client' as const, 'udp-server' as const, 'p7' as const),
  call: anyCall,
  thread,
  queuedAt: time,
  inside: count,
  looped: fc.boolean(),
  rule: optional(id),
  repeat: optional(id),
  aside: optional(fc.constant(true as const)),
};

const sample = fc
  .record({
    socket: name,
    state: fc.constantFrom('ESTAB', 'LISTEN', 'TIME-WAIT'),
    rcvQ: count,
    sndQ: count,
    timer: fc.constantFrom('none' as const, 'retransmit' as const, 'zero-window' as const),
    timerMs: count,
    retransmits: count,
    drops: count,
    local: optional(literalEndpoint),
  })
  .map(compact);

const holder = fc.record({ actor: process, fd: fc.integer({ min: 0, max: 9 }) });

const need = fc.record({
  on: fc.constantFrom('p1.4', 'fd3'),
  act: fc.constantFrom('send' as const, 'accept' as const),
  other: fc.constantFrom('', 'c1', 'p2.4'),
  by: fc.array(process, { maxLength: 2 }),
  free: fc.constantFrom(null, 'client' as const, 'pipe' as const),
});

const looked = fc.record({
  at: time,
  doubt: fc.constantFrom(null, 'SIGALRM' as const, 'in flight' as const),
});

const threadState = fc
  .record({
    thread: processThread,
    does: fc.constantFrom('call' as const, 'lock' as const),
    since: time,
    timed: optional(fc.constant(true as const)),
  })
  .map(compact);

const processFacts = {
  actor: process,
  pid: id,
  name: anyText,
  args: fc.array(anyText, { maxLength: 3 }),
  parent: fc.oneof(fc.constant('' as const), process),
  origin: fc.constantFrom('found' as const, 'forked' as const, 'executed' as const),
  traced: fc.boolean(),
  aside: optional(fc.constant(true as const)),
};

const processEnd = {
  code: fc.option(fc.integer({ min: 0, max: 255 })),
  signal: fc.constantFrom('', 'SIGKILL'),
};

const processState: fc.Arbitrary<ProcessState> = fc.record({
  ...processFacts,
  since: time,
  threads: fc.array(threadState, { maxLength: 2 }),
  ended: fc.option(fc.record({ at: time, ...processEnd })),
});

const anyTarget = fc.constantFrom<RelayTarget>(
  { endpoint: { kind: 'inet', host: '127.0.0.1', port: 6379 }, family: 'AF_INET', tls: null },
  { endpoint: { kind: 'inet', host: 'example.org', port: 443 }, tls: { insecure: true } },
  { endpoint: { kind: 'unix', path: '/run/a.sock' }, family: 'AF_UNIX', tls: null },
);

const anyRepeat = fc.constantFrom<Repeat>(
  {
    data: { kind: 'literal', data: new Uint8Array([104, 105]), notation: 'text' },
    to: null,
    every: 200,
    times: 50,
  },
  {
    data: { kind: 'literal', data: new Uint8Array([1]), notation: 'hex' },
    to: { kind: 'inet', host: '127.0.0.1', port: 9 },
    every: 1500,
    times: null,
  },
);

const socketState: fc.Arbitrary<SocketState> = fc.record({
  lingers: fc.boolean(),
  name,
  actor: program,
  family: fc.constantFrom(...families),
  type: fc.constantFrom(...socketTypes),
  condition: fc.constantFrom('CLOSED' as const, 'ESTAB' as const, 'RESET' as const),
  local: fc.option(literalEndpoint),
  peer: fc.option(askedEndpoint),
  twin: name,
  listener: fc.constantFrom('', 's1'),
  timeout: fc.option(time),
  backlog: fc.option(count),
  options: fc.dictionary(fc.stringMatching(/^SO_[A-Z]{1,8}$/), anyText),
  sent: count,
  received: count,
  sends: count,
  receives: count,
  accepted: count,
  sentAt: time,
  acceptedAt: time,
  eof: fc.boolean(),
  shut: fc.boolean(),
  closed: fc.boolean(),
  closing: fc.boolean(),
  openedAt: time,
  inode: count,
  holders: fc.array(holder, { maxLength: 2 }),
  kernel: fc.option(sample),
  kernelAt: time,
  last: count,
  connectEntry: count,
  receiveEntry: count,
  acceptEntry: count,
  endEntry: count,
  sendMarks: fc.array(fc.record({ total: count, size: count, n: count, to: name }), { maxLength: 3 }),
  mate: optional(name),
  sender: optional(literalEndpoint),
  relay: optional(anyTarget),
  repeat: optional(fc.record({ repeat: anyRepeat, sent: count, late: count, at: fc.option(time) })),
  again: optional(
    fc
      .record({
        call: fc.constant('accept' as const),
        at: time,
        rule: optional(id),
        fault: optional(fc.constant(true as const)),
      })
      .map(compact),
  ),
  faults: optional(anyFaults),
  faulted: optional(fc.constant({ dropped: 3 })),
});

const byKey = <T, K>(list: fc.Arbitrary<T>, key: (item: T) => K): fc.Arbitrary<Map<K, T>> =>
  fc.array(list, { maxLength: 3 }).map(items => new Map(items.map(item => [key(item), item])));

const programState = fc.record({
  policy: fc.constantFrom('single' as const, 'per-socket' as const, 'duplex' as const),
  loops: fc.record({ accept: fc.boolean(), receive: fc.boolean() }),
});

const anyRule = fc.constantFrom<Rule>(
  { on: { kind: 'accept' }, acts: [{ kind: 'echo' }], after: 0 },
  {
    on: { kind: 'recv', search: { kind: 'pattern', pattern: { source: '^GET (\\S+)', flags: 'i' } } },
    acts: [{ kind: 'send', parts: [{ kind: 'group', group: 1 }] }, { kind: 'close' }],
    after: 200,
  },
);

export const anyState: fc.Arbitrary<BenchState> = fc.record({
  t: time,
  programs: fc.record({ client: programState, 'tcp-server': programState, 'udp-server': programState }),
  processes: byKey(processState, item => item.actor),
  sockets: byKey(socketState, item => item.name),
  files: byKey(
    fc.record({
      name: fc.constantFrom('f1', 'f2'),
      socket: name,
      mode: anyText,
      unflushed: moved,
      closed: fc.boolean(),
    }),
    item => item.name,
  ),
  rules: fc.array(
    fc.record({
      number: id,
      socket: name,
      rule: anyRule,
      enabled: fc.boolean(),
      hits: optional(count),
      last: optional(fc.record({ call: anyText, t: time })),
    }),
    {
      maxLength: 2,
    },
  ),
  calls: byKey(
    fc
      .record({
        id,
        n: id,
        call: anyCall,
        thread,
        actor: about.actor,
        queuedAt: time,
        startedAt: fc.option(time),
        deadline: fc.option(time),
        inside: count,
        looped: fc.boolean(),
        rule: optional(id),
        taken: count,
        takenAt: time,
        needs: optional(fc.array(need, { maxLength: 2 })),
        looked: optional(looked),
      })
      .map(compact),
    item => item.id,
  ),
  findings: byKey(anyFinding, item => item.key),
  lookedAt: time,
  pairs: fc.dictionary(anyText, name).map(record => new Map(Object.entries(record))),
  answers: fc.constant(new Map([[7, { host: '::1', port: 80 }]])),
  graveyard: fc.array(name, { maxLength: 3 }),
  entries: count,
  dropped: count,
  droppedBytes: count,
  opened: count,
  failed: count,
});

const kinds: { [K in Entry['kind']]: fc.Arbitrary<unknown> } = {
  queued: fc.record({ kind: fc.constant('queued'), ...about, why: optional(fc.constant('recording')) }),
  running: fc.record({
    kind: fc.constant('running'),
    ...about,
    startedAt: time,
    deadline: fc.option(time),
    again: optional(fc.constant(true as const)),
  }),
  ended: fc.record({
    kind: fc.constant('ended'),
    ...about,
    startedAt: fc.option(time),
    outcome: anyOutcome,
    seen: fc.boolean(),
    mate: optional(name),
    sender: optional(literalEndpoint),
    afterwards: optional(
      fc.oneof(
        fc.constant({ kind: 'serve' as const }),
        fc.constant({ kind: 'faulted' as const }),
        fc.constant({ kind: 'unanswered' as const }),
        fc.record({ kind: fc.constant('pause' as const), until: time }),
        fc.record({ kind: fc.constant('late' as const), by: time }),
        fc.record({
          kind: fc.constant('repeat' as const),
          call: fc.constant('sendall' as const),
          until: time,
        }),
        fc.record({ kind: fc.constant('refuse' as const), socket: name }),
        fc.record({ kind: fc.constant('held' as const), call: fc.constant('sendall' as const), until: time }),
        fc
          .record({
            kind: fc.constant('answer' as const),
            rule: id,
            call: fc.constant('sendall' as const),
            until: optional(time),
          })
          .map(compact),
      ),
    ),
  }),
  sample: fc.record({
    kind: fc.constant('sample'),
    source: fc.constantFrom('kernel', 'application'),
    readAt: time,
    sockets: fc.array(sample, { maxLength: 3 }),
    taken: fc.array(fc.record({ id, bytes: count }), { maxLength: 3 }),
  }),
  loop: fc.record({
    kind: fc.constant('loop'),
    program,
    loop: fc.constantFrom('accept', 'receive'),
    on: fc.boolean(),
  }),
  rule: fc.record({
    kind: fc.constant('rule'),
    number: id,
    socket: name,
    rule: anyRule,
    moved: optional(fc.constantFrom('up', 'down')),
    now: fc.constantFrom('on', 'off', 'gone'),
  }),
  repeat: fc.oneof(
    fc.record({ kind: fc.constant('repeat'), socket: name, repeat: anyRepeat }),
    fc.record({
      kind: fc.constant('repeat'),
      socket: name,
      repeat: fc.constant(null),
      over: fc.record({ why: fc.constantFrom(...repeatEnds), sent: count, late: count }),
    }),
  ),
  relay: fc.record({ kind: fc.constant('relay'), socket: name, target: fc.option(anyTarget) }),
  faults: fc.record({ kind: fc.constant('faults'), socket: name, faults: anyFaults }),
  fault: fc
    .record({
      kind: fc.constant('fault'),
      socket: name,
      did: fc.constantFrom(...faultDeeds),
      bytes: count,
      until: optional(time),
      next: optional(fc.constant('sendall')),
    })
    .map(compact),
  policy: fc.record({ kind: fc.constant('policy'), program, policy: fc.constantFrom('single', 'duplex') }),
  finding: fc.record({ kind: fc.constant('finding'), finding: anyFinding, on: fc.boolean() }),
  event: fc.record({
    kind: fc.constant('event'),
    event: fc.constantFrom(...happenings),
    socket: name,
    bytes: moved,
  }),
  process: fc.record({ kind: fc.constant('process'), ...processFacts }),
  gone: fc.record({ kind: fc.constant('gone'), actor: process, ...processEnd }),
  threads: fc.record({
    kind: fc.constant('threads'),
    threads: fc.array(threadState, { maxLength: 2 }),
    over: fc.array(processThread, { maxLength: 2 }),
  }),
  socket: fc.record({
    kind: fc.constant('socket'),
    name: fc.constantFrom('p1.4', 'p2.4', 'p7.3c'),
    actor: process,
    inode: count,
    family: fc.constantFrom(...families),
    type: fc.constantFrom(...socketTypes),
    condition: fc.constantFrom('ESTAB', 'LISTEN', 'SYN-SENT', 'UNCONN'),
    local: fc.option(literalEndpoint),
    peer: fc.option(literalEndpoint),
    listener: fc.constantFrom('', 'p1.3'),
    holders: fc.array(holder, { maxLength: 2 }),
  }),
  waits: fc.record({
    kind: fc.constant('waits'),
    calls: fc.array(
      fc.record({ id, needs: fc.array(need, { maxLength: 2 }), looked: optional(looked) }).map(compact),
      { maxLength: 2 },
    ),
  }),
  output: fc.record({
    kind: fc.constant('output'),
    actor: process,
    name: optional(anyText),
    pid: optional(id),
    stream: fc.constantFrom('out', 'err'),
    data: anyBytes,
  }),
  note: fc.record({ kind: fc.constant('note'), level: fc.constantFrom('info', 'warning'), text: anyText }),
  checkpoint: fc.record({ kind: fc.constant('checkpoint'), state: anyState }),
};

/** An entry of any kind, as it stands in a journal. */
export const anyEntry: fc.Arbitrary<Entry> = fc
  .tuple(fc.oneof(...Object.values(kinds)), time, id, count)
  .map(([draft, t, n, prev]) => compact({ ...(draft as Draft), t, n, prev }) as unknown as Entry);
