import { type Deadlock, deadlocksOf } from './deadlock.ts';
import { deadlockSentence } from './deadlock-words.ts';
import type { Draft } from './entry.ts';
import type { Finding, FindingName } from './finding.ts';
import type { BenchState, SocketState } from './state.ts';
import { humanSize } from './units.ts';
import { subjectOf } from './wait-ground.ts';

const about = (name: FindingName, socket: SocketState, sentence: string): Finding => ({
  name,
  key: `${name} ${socket.name}`,
  sockets: [socket.name],
  calls: [],
  sentence,
  until: null,
});

/** Linux keeps one more than the backlog (sk_acceptq_is_full in net/sock.h compares with >). */
const backlogFull = (socket: SocketState): Finding | null => {
  const { kernel, backlog, condition, name } = socket;
  if (condition !== 'LISTEN' || !kernel || backlog === null || kernel.rcvQ <= backlog) return null;
  const waiting = `${kernel.rcvQ} waiting, room for ${backlog + 1} (listen ${backlog}; Linux keeps one more)`;
  return about('backlog-full', socket, `${name}'s accept queue is full: ${waiting}; the next connect blocks`);
};

const zeroWindow = (socket: SocketState): Finding | null => {
  const { kernel, twin, name } = socket;
  if (kernel?.timer !== 'zero-window') return null;
  const peer = twin === '' ? 'its peer' : twin;
  const held = `${humanSize(kernel.sndQ)} wait in ${name}'s send queue`;
  return about('zero-window', socket, `zero window: ${peer} has no room to receive; ${held}`);
};

const datagramsLost = (socket: SocketState): Finding | null => {
  const drops = socket.kernel?.drops ?? 0;
  if (drops === 0) return null;
  const lost = drops === 1 ? '1 datagram' : `${drops} datagrams`;
  return about('datagrams-lost', socket, `${socket.name} lost ${lost}: its receive buffer was full`);
};

/** What a client's kernel chose by itself at its first datagram is no decision worth a warning. */
const everyInterface = (socket: SocketState): Finding | null => {
  const { local, condition, type, program, name } = socket;
  if (!local || (local.host !== '0.0.0.0' && local.host !== '::')) return null;
  const serves = condition === 'LISTEN' || (type === 'SOCK_DGRAM' && program !== 'client');
  if (!serves) return null;
  const who = `${name} is bound to every interface (${local.host})`;
  return about('every-interface', socket, `${who}: other machines can reach port ${local.port}`);
};

const rules = [backlogFull, zeroWindow, datagramsLost, everyInterface];

const ofSockets = (sockets: BenchState['sockets']): Finding[] => {
  const findings: Finding[] = [];
  for (const socket of sockets.values()) {
    if (socket.closed || (!socket.kernel && !socket.local)) continue;
    for (const rule of rules) {
      const finding = rule(socket);
      if (finding) findings.push(finding);
    }
  }
  return findings;
};

const ofDeadlock = (deadlock: Deadlock, state: BenchState): Finding => {
  const ids = deadlock.calls.map(call => call.id);
  return {
    name: 'deadlock',
    key: `deadlock ${ids.join(' ')}`,
    sockets: [...new Set(deadlock.calls.map(call => subjectOf(state, call)))],
    calls: ids,
    sentence: deadlockSentence(deadlock, state),
    until: deadlock.end?.at ?? null,
  };
};

/**
 * What a state lets one conclude. Deadlocks first, oldest first. Linear in calls in flight and sockets; sentences
 * are only made for what was found.
 */
export const conclude = (state: BenchState): Finding[] => {
  const deadlocks = state.calls.size === 0 ? [] : deadlocksOf(state);
  const findings = deadlocks.map(deadlock => ofDeadlock(deadlock, state));
  return findings.concat(ofSockets(state.sockets));
};

/** What `conclude` speaks of; other findings have other sources, and it clears none of them. */
const concluded: ReadonlySet<FindingName> = new Set([
  'deadlock',
  'backlog-full',
  'zero-window',
  'datagrams-lost',
  'every-interface',
]);

/**
 * What is new, or reads otherwise than before, and what no longer holds. `before` is the state's findings, by
 * key. A zero window is told once: its number moves with every probe.
 */
export const diffFindings = (
  before: ReadonlyMap<string, Finding>,
  after: readonly Finding[],
): { readonly raised: readonly Finding[]; readonly cleared: readonly Finding[] } => {
  const keys = new Set(after.map(finding => finding.key));
  const raised = after.filter(finding => {
    const known = before.get(finding.key);
    return !known || (finding.name !== 'zero-window' && known.sentence !== finding.sentence);
  });
  const cleared = [...before.values()].filter(({ name, key }) => concluded.has(name) && !keys.has(key));
  return { raised, cleared };
};

/** The entries that bring a state's findings up to date; none where nothing changed. */
export const findingDrafts = (state: BenchState): Draft[] => {
  const { raised, cleared } = diffFindings(state.findings, conclude(state));
  const draft = (finding: Finding, on: boolean): Draft => {
    const known = state.findings.get(finding.key);
    const again = on && known?.until === finding.until;
    return { kind: 'finding', t: state.t, finding, on, ...(again ? { again } : {}) };
  };
  return [...cleared.map(finding => draft(finding, false)), ...raised.map(finding => draft(finding, true))];
};
