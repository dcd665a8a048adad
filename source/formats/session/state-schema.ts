import { callNames } from '../../core/calls/calls.ts';
import type { Answers } from '../../core/calls/lookups.ts';
import { perProgram } from '../../core/model/actors.ts';
import { type FaultCounts, type FaultDeed, faultDeeds } from '../../core/model/faults.ts';
import type { SocketCondition } from '../../core/model/names.ts';
import { type ProcessEnd, type ProcessState, processOrigins } from '../../core/model/process.ts';
import type { RepeatState } from '../../core/model/repeat-plan.ts';
import type { RuleAnswer, RuleState } from '../../core/model/rule.ts';
import type {
  Again,
  BenchState,
  CallState,
  FileState,
  ProgramState,
  SendMark,
  SocketState,
} from '../../core/model/state.ts';
import { families, socketTypes } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { finding } from './finding-schema.ts';
import { owner } from './outcome-schema.ts';
import {
  listOf,
  misfit,
  namesTo,
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
import { tlsState } from './tls-schema.ts';
import {
  actor,
  actorOrNobody,
  askedEndpoint,
  call,
  count,
  endpoint,
  exitCode,
  faults,
  fileName,
  loops,
  moved,
  ordinal,
  policy,
  port,
  processId,
  processOrNone,
  relayTarget,
  repeat,
  rule,
  socketName,
  socketOrNone,
  thread,
  time,
  timeOrNever,
} from './words-schema.ts';

const conditions = [
  'CLOSED',
  'UNCONN',
  'LISTEN',
  'SYN-SENT',
  'ESTAB',
  'CLOSE-WAIT',
  'FIN-WAIT',
  'LAST-ACK',
  'RESET',
] as const;

export const condition: Read<SocketCondition> = oneOf(conditions, 'condition');

const faulted = objectOf<FaultCounts>(
  Object.fromEntries(faultDeeds.map(did => [did, optional(count)])) as Record<
    FaultDeed,
    Read<number | undefined>
  >,
);

const socket = objectOf<SocketState>({
  name: socketName,
  actor,
  family: oneOf(families, 'family'),
  type: oneOf(socketTypes, 'type'),
  condition,
  local: orNull(askedEndpoint),
  peer: orNull(askedEndpoint),
  owner,
  twin: socketOrNone,
  listener: socketOrNone,
  timeout: orNull(time),
  backlog: orNull(count),
  options: namesTo(text),
  sent: count,
  received: count,
  sends: count,
  receives: count,
  accepted: count,
  sentAt: timeOrNever,
  acceptedAt: timeOrNever,
  eof: yesNo,
  shut: yesNo,
  closed: yesNo,
  closing: optional(yesNo),
  lingers: optional(yesNo),
  openedAt: time,
  inode: count,
  holders: listOf(holder),
  kernel: orNull(sample),
  kernelAt: time,
  last: count,
  connectEntry: count,
  receiveEntry: count,
  acceptEntry: count,
  endEntry: count,
  sendMarks: listOf(objectOf<SendMark>({ total: count, size: count, n: count, to: socketOrNone })),
  mate: optional(socketName),
  sender: optional(endpoint),
  relay: optional(relayTarget),
  repeat: optional(objectOf<RepeatState>({ repeat, sent: count, late: count, at: orNull(time) })),
  again: optional(
    objectOf<Again>({
      call: oneOf(callNames, 'call'),
      at: time,
      rule: optional(ordinal),
      fault: optional(onlyTrue),
    }),
  ),
  tls: optional(tlsState),
  faults: optional(faults),
  faulted: optional(faulted),
});

const file = objectOf<FileState>({
  name: fileName,
  socket: socketName,
  mode: text,
  unflushed: moved,
  closed: optional(yesNo),
});

const flying = objectOf<CallState>({
  id: ordinal,
  n: ordinal,
  call,
  thread,
  actor: actorOrNobody,
  queuedAt: time,
  startedAt: orNull(time),
  deadline: orNull(time),
  inside: count,
  looped: yesNo,
  rule: optional(ordinal),
  taken: count,
  takenAt: time,
  needs: optional(listOf(need)),
  looked: optional(looked),
});

const programState = objectOf<ProgramState>({ policy, loops });

const process = objectOf<ProcessState>({
  actor: processId,
  pid: ordinal,
  name: text,
  args: listOf(text),
  parent: processOrNone,
  origin: oneOf(processOrigins, 'origin'),
  traced: yesNo,
  aside: optional(onlyTrue),
  since: time,
  threads: listOf(threadState),
  ended: orNull(objectOf<ProcessEnd>({ at: time, code: orNull(exitCode), signal: text })),
});

/** A map from the list of its values, each under a key of its own. */
const mapOf =
  <K, V>(read: Read<V>, keyOf: (value: V) => K): Read<ReadonlyMap<K, V>> =>
  value =>
    new Map(listOf(read)(value).map(item => [keyOf(item), item]));

const pair: Read<readonly [string, string]> = value => {
  const [key, name, ...more] = listOf(text)(value);
  if (key === undefined || name === undefined || more.length > 0)
    throw misfit(t('is no pair: a key and a name'));
  return [key, socketName(name)];
};

const pairs: Read<ReadonlyMap<string, string>> = value => new Map(listOf(pair)(value));

const answer = objectOf<Answers & { readonly call: number }>({
  call: ordinal,
  host: optional(text),
  port: optional(port),
});

const answers: Read<ReadonlyMap<number, Answers>> = value =>
  new Map(listOf(answer)(value).map(({ call: id, ...found }) => [id, found]));

/** A checkpoint's state: every field of the whole bench, maps from lists of their values. */
export const state = objectOf<BenchState>({
  t: time,
  programs: objectOf(perProgram(() => programState)),
  processes: mapOf(process, ({ actor: id }) => id),
  sockets: mapOf(socket, ({ name }) => name),
  files: mapOf(file, ({ name }) => name),
  rules: listOf(
    objectOf<RuleState>({
      number: ordinal,
      socket: socketName,
      rule,
      enabled: yesNo,
      hits: optional(count),
      last: optional(objectOf<RuleAnswer>({ call: text, t: time })),
    }),
  ),
  calls: mapOf(flying, ({ id }) => id),
  findings: mapOf(finding, ({ key }) => key),
  lookedAt: timeOrNever,
  pairs,
  answers,
  graveyard: listOf(socketName),
  entries: count,
  dropped: count,
  droppedBytes: count,
  opened: count,
  failed: count,
});
