import type { CallName } from '../../core/calls/call.ts';
import type { CallRef } from '../../core/calls/call-ref.ts';
import { calls } from '../../core/calls/calls.ts';
import { isActor } from '../../core/model/actors.ts';
import {
  type DeadlockFinding,
  type Finding,
  findingNames,
  type Held,
  type Queued,
  type SeenDeadlock,
} from '../../core/model/finding.ts';
import { doubts, threadDoings } from '../../core/model/process.ts';
import type { Remedy } from '../../core/model/remedy.ts';
import { marked } from '../../core/words/translate.ts';
import {
  always,
  type Fields,
  kindOf,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  type Read,
  taggedOf,
  text,
  yesNo,
} from './reading.ts';
import {
  act,
  actor,
  askedEndpoint,
  count,
  namedEndpoint,
  ordinal,
  policy,
  processId,
  processThread,
  program,
  socketName,
  socketOrFile,
  socketOrNone,
  time,
} from './words-schema.ts';

const callName = oneOf(Object.keys(calls) as CallName[], 'call');

/** A socket, a file object, or the process whose call is on several; a call on nothing holds nobody up. */
const callSubject: Read<string> = value =>
  typeof value === 'string' && isActor(value) ? processId(value) : socketOrFile(value);

const callRef = objectOf<CallRef>({
  id: ordinal,
  on: callSubject,
  name: callName,
  socket: socketOrNone,
  looped: yesNo,
});

const endings = [...doubts, ...threadDoings, 'deadline'] as const;

const ids = listOf(ordinal);

const held = kindOf<Held>(marked('reason of a deadlock'), {
  socket: objectOf({ kind: always('socket'), on: socketOrFile, act, ways: ids, through: count }),
  inside: objectOf({ kind: always('inside'), on: socketOrFile, ways: ids, through: count }),
  process: objectOf({
    kind: always('process'),
    on: socketOrNone,
    act,
    actors: listOf(actor),
    through: count,
  }),
});

const queued = kindOf<Queued>('queue', {
  twin: objectOf({ kind: always('twin'), socket: socketName, twin: socketName, there: count, back: count }),
  peer: objectOf({ kind: always('peer'), socket: socketName, peer: askedEndpoint, there: count }),
});

const remedy = kindOf<Remedy>('remedy', {
  cancel: objectOf({ kind: always('cancel'), call: callRef }),
  end: objectOf({ kind: always('end'), call: callRef, at: time, by: oneOf(['timeout', 'SYN'], 'end') }),
  act: objectOf({ kind: always('act'), on: socketOrFile, act, program, policy }),
});

const about = { key: text, sockets: listOf(socketOrFile) };

type Named<N extends Finding['name']> = Extract<Finding, { name: N }>;

/** The reader of one kind of finding: what all have, and these. */
const named = <N extends Finding['name']>(
  name: N,
  fields: Fields<Omit<Named<N>, 'name' | 'key' | 'sockets'>>,
): Read<Named<N>> => objectOf({ name: always(name), ...about, ...fields } as unknown as Fields<Named<N>>);

const deadlock: Fields<Omit<DeadlockFinding, 'name'>> = {
  calls: ids,
  waits: listOf(objectOf({ call: callRef, reason: held })),
  queued: listOf(queued),
  remedies: listOf(remedy),
  until: orNull(time),
  behind: objectOf({ first: listOf(callRef), count }),
  seen: optional(
    objectOf<SeenDeadlock>({
      certain: yesNo,
      threads: listOf(processThread),
      processes: listOf(objectOf({ actor: processId, pid: ordinal, name: text })),
      mayEnd: listOf(objectOf({ thread: processThread, why: oneOf(endings, 'reason') })),
    }),
  ),
};

/** What the bench concluded. */
export const finding = taggedOf<'name', Finding>('name', 'finding', {
  deadlock: named('deadlock', deadlock),
  'backlog-full': named('backlog-full', { waiting: count, backlog: count }),
  'zero-window': named('zero-window', {
    twin: socketOrNone,
    bytes: count,
    behind: optional(socketName),
  }),
  'datagrams-lost': named('datagrams-lost', { count }),
  'every-interface': named('every-interface', { local: namedEndpoint }),
  descriptors: named('descriptors', { open: count, limit: count }),
  recording: named('recording', { begun: yesNo, trouble: text }),
  worded: named('worded', {
    was: oneOf(findingNames, 'finding'),
    calls: ids,
    words: text,
    until: orNull(time),
  }),
});
