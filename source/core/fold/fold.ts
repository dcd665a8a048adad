import type { WaitsFor } from '../calls/call-spec.ts';
import { calls, hasIn } from '../calls/calls.ts';
import { isProgram, type LoopName } from '../model/actors.ts';
import type { EndedEntry, Entry, LoopEntry, QueuedEntry, RunningEntry, SampleEntry } from '../model/entry.ts';
import { type Again, type BenchState, type SocketState, socketBehind } from '../model/state.ts';
import { shakesHands } from '../model/transports.ts';
import { linkCause } from './cause.ts';
import { type Mutable, openDraft, type StateDraft } from './draft.ts';
import { foldEnded, foldGone } from './fold-ended.ts';
import { foldFault, foldFaults } from './fold-faults.ts';
import { foldLookup } from './fold-lookup.ts';
import { foldProcess, foldProcessGone, foldSocket, foldThreads, foldWaits } from './fold-processes.ts';
import { foldRepeat, foldRepeated } from './fold-repeat.ts';
import { foldAnswered, foldRule } from './fold-rules.ts';
import { conditionAfter } from './fold-sockets.ts';

/** Makes the entry the newest in its socket's chain of `prev`. Answers the socket, where there is one of this name. */
const chain = (draft: StateDraft, entry: Entry, name: string): Mutable<SocketState> | undefined => {
  const socket = name === '' ? undefined : draft.socket(name);
  if (!socket) return undefined;
  if (entry.prev === 0) entry.prev = socket.last;
  socket.last = entry.n;
  return socket;
};

const foldFlight = (draft: StateDraft, entry: QueuedEntry | RunningEntry): void => {
  const on = socketBehind(draft.state, entry.call.on);
  const socket = chain(draft, entry, on);
  const known = entry.kind === 'running' && entry.again ? draft.state.calls.get(entry.id) : undefined;
  if (known && entry.kind === 'running')
    return void draft.calls().set(entry.id, { ...known, deadline: entry.deadline });
  draft.calls().set(entry.id, {
    id: entry.id,
    n: entry.n,
    call: entry.call,
    thread: entry.thread,
    actor: entry.actor,
    queuedAt: entry.queuedAt,
    startedAt: entry.kind === 'running' ? entry.startedAt : null,
    deadline: entry.kind === 'running' ? entry.deadline : null,
    inside: entry.inside,
    looped: entry.looped,
    ...(entry.rule === undefined ? {} : { rule: entry.rule }),
    taken: 0,
    takenAt: entry.kind === 'running' ? entry.startedAt : entry.queuedAt,
  });
  if (entry.kind !== 'running' || !hasIn(entry.call, 'waits', 'handshake')) return;
  if (socket && shakesHands(socket) && socket.condition !== 'ESTAB') {
    socket.condition = 'SYN-SENT';
    socket.peer = entry.call.address;
  }
};

/** The call that a behaviour makes after a pause, where one is told of. */
const putOff = ({ afterwards, call }: EndedEntry): Again | undefined => {
  if (afterwards?.kind === 'pause') return { call: call.name, at: afterwards.until };
  if (afterwards?.kind === 'held') return { call: afterwards.call, at: afterwards.until, fault: true };
  if (afterwards?.kind !== 'answer' || afterwards.until === undefined) return undefined;
  return { call: afterwards.call, at: afterwards.until, rule: afterwards.rule };
};

/** A behaviour's call ended, and one comes after a pause; or the one that was put off has ended. */
const foldAgain = (entry: EndedEntry, socket: Mutable<SocketState>): void => {
  if (!entry.looped) return;
  const again = putOff(entry);
  if (again || socket.again?.call === entry.call.name) socket.again = again;
};

/** What each loop's calls wait for. */
const waitOf: Readonly<Record<LoopName, WaitsFor>> = { accept: 'client', receive: 'bytes' };

/** What a loop that is switched off had put off is not made. */
const foldSwitched = (draft: StateDraft, { program, loop, on }: LoopEntry): void => {
  const { loops } = draft.state.programs[program];
  draft.setProgram(program, { loops: { ...loops, [loop]: on } });
  if (on) return;
  for (const { name, actor, again } of draft.state.sockets.values()) {
    if (!again || actor !== program || calls[again.call].waits !== waitOf[loop]) continue;
    const socket = draft.socket(name);
    if (socket) socket.again = undefined;
  }
};

/** Looks at processes tell of their sockets alone, and nothing of when the bench's own were looked at. */
const isOfProcesses = (draft: StateDraft, { sockets }: SampleEntry): boolean => {
  const first = draft.peek(sockets[0]?.socket ?? '');
  return first !== undefined && !isProgram(first.actor);
};

const foldSample = (draft: StateDraft, entry: SampleEntry): void => {
  if (!isOfProcesses(draft, entry)) draft.state.lookedAt = entry.readAt;
  for (const sample of entry.sockets) {
    const socket = draft.socket(sample.socket);
    if (!socket || (socket.closed && !socket.lingers)) continue;
    socket.kernel = sample;
    socket.kernelAt = entry.readAt;
    if (socket.closed) {
      socket.lingers = sample.state !== 'CLOSE';
      continue;
    }
    socket.condition = conditionAfter(sample.state, socket.condition);
  }
  for (const { id, bytes } of entry.taken) {
    const call = draft.state.calls.get(id);
    if (call) draft.calls().set(id, { ...call, taken: bytes, takenAt: entry.t });
  }
};

const foldHappening = (
  socket: Mutable<SocketState>,
  { event, bytes, wire, t }: Extract<Entry, { kind: 'event' }>,
): void => {
  switch (event) {
    case 'late':
      socket.sent += bytes;
      socket.sentAt = t;
      return;
    case 'ticket':
      if (socket.tls && wire)
        socket.tls = { ...socket.tls, wire, tickets: socket.tls.tickets + bytes, ticketsAt: t };
  }
};

/** The end of a call: its place among those of its socket, what caused it, and all that it changes. */
const foldEndOfCall = (draft: StateDraft, entry: EndedEntry): void => {
  const spec = calls[entry.call.name];
  const socket = chain(draft, entry, socketBehind(draft.state, entry.call.on));
  if (socket) linkCause(draft, entry, socket, spec);
  foldEnded(draft, entry, socket, spec);
  foldGone(draft, entry, socket, spec);
  if (socket) {
    foldAgain(entry, socket);
    foldRepeated(entry, socket);
  }
  foldAnswered(draft, entry, socket);
  foldLookup(draft, entry);
  if (entry.seen) draft.calls().delete(entry.id);
};

const foldOne = (draft: StateDraft, entry: Entry): void => {
  draft.state.t = entry.t;
  draft.state.entries = entry.n;
  switch (entry.kind) {
    case 'queued':
    case 'running':
      return foldFlight(draft, entry);
    case 'ended':
      return foldEndOfCall(draft, entry);
    case 'sample':
      return foldSample(draft, entry);
    case 'loop':
      return foldSwitched(draft, entry);
    case 'rule':
      foldRule(draft, entry);
      chain(draft, entry, entry.socket);
      return;
    case 'relay': {
      const listener = chain(draft, entry, entry.socket);
      if (listener) listener.relay = entry.target ?? undefined;
      return;
    }
    case 'repeat':
      foldRepeat(draft, entry);
      chain(draft, entry, entry.socket);
      return;
    case 'faults':
      foldFaults(draft, entry);
      chain(draft, entry, entry.socket);
      return;
    case 'fault':
      foldFault(draft, entry);
      chain(draft, entry, entry.socket);
      return;
    case 'policy':
      return draft.setProgram(entry.program, { policy: entry.policy });
    case 'finding':
      if (entry.on) draft.findings().set(entry.finding.key, entry.finding);
      else draft.findings().delete(entry.finding.key);
      return;
    case 'event': {
      const socket = chain(draft, entry, entry.socket);
      if (socket) foldHappening(socket, entry);
      return;
    }
    case 'process':
      return foldProcess(draft, entry);
    case 'gone':
      return foldProcessGone(draft, entry);
    case 'threads':
      return foldThreads(draft, entry);
    case 'socket':
      foldSocket(draft, entry);
      chain(draft, entry, entry.name);
      return;
    case 'waits':
      return foldWaits(draft, entry);
    case 'checkpoint':
    case 'note':
    case 'output':
      return;
    default:
      entry satisfies never;
  }
};

/**
 * The state after these entries: pure from flush to flush (what came in is never changed), and it completes
 * the entries themselves (`prev`, `by`) where they are new. A recorded journal replays through it.
 */
export const fold = (state: BenchState, entries: readonly Entry[]): BenchState => {
  if (entries.length === 0) return state;
  const draft = openDraft(state);
  for (const entry of entries) foldOne(draft, entry);
  return draft.state;
};
