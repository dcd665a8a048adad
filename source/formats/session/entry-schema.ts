import { callNames } from '../../core/calls/calls.ts';
import { happenings } from '../../core/calls/driver.ts';
import { loopNames } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Entry } from '../../core/model/entry.ts';
import { faultDeeds } from '../../core/model/faults.ts';
import { processOrigins } from '../../core/model/process.ts';
import { type RepeatOver, repeatEnds } from '../../core/model/repeat-plan.ts';
import { families, socketTypes } from '../../core/model/transports.ts';
import { finding } from './finding-schema.ts';
import { bytes, outcome } from './outcome-schema.ts';
import {
  always,
  type Fields,
  kindOf,
  listOf,
  objectOf,
  oneOf,
  onlyTrue,
  optional,
  orNull,
  type Read,
  text,
  yesNo,
} from './reading.ts';
import { holder, looked, need, sample, threadState } from './seen-schema.ts';
import { condition, state } from './state-schema.ts';
import { wire } from './tls-schema.ts';
import {
  actorOrNobody,
  call,
  count,
  endpoint,
  exitCode,
  faults,
  moved,
  ordinal,
  policy,
  processId,
  processOrNone,
  processThread,
  program,
  relayTarget,
  repeat,
  rule,
  socketName,
  socketOrNone,
  thread,
  time,
} from './words-schema.ts';

type Kind<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

type Stamp = Pick<Entry, 'n' | 't' | 'prev' | 'by' | 'wakes'>;

const stamp: Fields<Stamp> = {
  n: ordinal,
  t: time,
  prev: value => (value === undefined ? 0 : count(value)),
  by: optional(ordinal),
  wakes: optional(ordinal),
};

const about = {
  id: ordinal,
  call,
  actor: actorOrNobody,
  thread,
  queuedAt: time,
  inside: count,
  looped: yesNo,
  rule: optional(ordinal),
  repeat: optional(ordinal),
  aside: optional(onlyTrue),
};

const afterwards = kindOf<Afterwards>('reason', {
  serve: objectOf({ kind: always('serve') }),
  pause: objectOf({ kind: always('pause'), until: time }),
  repeat: objectOf({ kind: always('repeat'), call: oneOf(callNames, 'call'), until: time }),
  late: objectOf({ kind: always('late'), by: time }),
  unanswered: objectOf({ kind: always('unanswered') }),
  refuse: objectOf({ kind: always('refuse'), socket: socketName }),
  faulted: objectOf({ kind: always('faulted') }),
  held: objectOf({ kind: always('held'), call: oneOf(callNames, 'call'), until: time }),
  answer: objectOf({
    kind: always('answer'),
    rule: ordinal,
    call: oneOf(callNames, 'call'),
    until: optional(time),
  }),
});

/** The reader of one kind of entry: what all entries have, and these. */
const entryOf = <K extends Entry['kind']>(
  kind: K,
  fields: Fields<Omit<Kind<K>, keyof Stamp | 'kind'>>,
): Read<Kind<K>> => objectOf({ kind: always(kind), ...stamp, ...fields } as unknown as Fields<Kind<K>>);

/** THE description of a session file's lines: every kind of entry, every field and what it may hold. */
export const entry: Read<Entry> = kindOf<Entry>('entry', {
  queued: entryOf('queued', { ...about, why: optional(oneOf(['recording', 'spool'], 'reason')) }),
  running: entryOf('running', {
    ...about,
    startedAt: time,
    deadline: orNull(time),
    again: optional(onlyTrue),
  }),
  ended: entryOf('ended', {
    ...about,
    startedAt: orNull(time),
    outcome,
    seen: yesNo,
    mate: optional(socketName),
    sender: optional(endpoint),
    afterwards: optional(afterwards),
  }),
  sample: entryOf('sample', {
    source: oneOf(['kernel', 'application'], 'source'),
    readAt: time,
    sockets: listOf(sample),
    taken: listOf(objectOf({ id: ordinal, bytes: count })),
  }),
  loop: entryOf('loop', { program, loop: oneOf(loopNames, 'loop'), on: yesNo }),
  rule: entryOf('rule', {
    number: ordinal,
    socket: socketName,
    rule,
    now: oneOf(['on', 'off', 'gone'], 'state'),
    moved: optional(oneOf(['up', 'down'], 'way')),
  }),
  relay: entryOf('relay', { socket: socketName, target: orNull(relayTarget) }),
  repeat: entryOf('repeat', {
    socket: socketName,
    repeat: orNull(repeat),
    over: optional(objectOf<RepeatOver>({ why: oneOf(repeatEnds, 'end'), sent: count, late: count })),
  }),
  faults: entryOf('faults', { socket: socketName, faults }),
  fault: entryOf('fault', {
    socket: socketName,
    did: oneOf(faultDeeds, 'deed'),
    bytes: count,
    until: optional(time),
    next: optional(oneOf(callNames, 'call')),
  }),
  policy: entryOf('policy', { program, policy }),
  finding: entryOf('finding', {
    finding,
    on: yesNo,
    again: optional(onlyTrue),
  }),
  event: entryOf('event', {
    event: oneOf(happenings, 'event'),
    socket: socketName,
    bytes: moved,
    wire: optional(wire),
  }),
  process: entryOf('process', {
    actor: processId,
    pid: ordinal,
    name: text,
    args: listOf(text),
    parent: processOrNone,
    origin: oneOf(processOrigins, 'origin'),
    traced: yesNo,
    aside: optional(onlyTrue),
  }),
  gone: entryOf('gone', { actor: processId, code: orNull(exitCode), signal: text }),
  threads: entryOf('threads', { threads: listOf(threadState), over: listOf(processThread) }),
  socket: entryOf('socket', {
    name: socketName,
    actor: processId,
    inode: count,
    family: oneOf(families, 'family'),
    type: oneOf(socketTypes, 'type'),
    condition,
    local: orNull(endpoint),
    peer: orNull(endpoint),
    listener: socketOrNone,
    holders: listOf(holder),
    aside: optional(onlyTrue),
  }),
  waits: entryOf('waits', {
    calls: listOf(objectOf({ id: ordinal, needs: listOf(need), looked: optional(looked) })),
  }),
  output: entryOf('output', {
    actor: processId,
    name: optional(text),
    pid: optional(ordinal),
    stream: oneOf(['out', 'err'], 'stream'),
    data: bytes,
  }),
  note: entryOf('note', { level: oneOf(['info', 'warning'], 'level'), text }),
  checkpoint: entryOf('checkpoint', { state }),
});
