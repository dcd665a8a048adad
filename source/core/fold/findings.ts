import { isProgram, serves } from '../model/actors.ts';
import type { Draft } from '../model/entry.ts';
import { type Finding, type FindingName, isBrokenHere, isSaidAgain } from '../model/finding.ts';
import { sameData } from '../model/same-data.ts';
import type { BenchState, SocketState } from '../model/state.ts';
import { shakesHands } from '../model/transports.ts';
import { deadlocksOf } from '../waits/deadlock.ts';
import { deadlockFinding } from '../waits/deadlock-finding.ts';
import { peerDeadlocks } from '../waits/peer-deadlock.ts';

const about = (name: FindingName, socket: SocketState) => ({
  key: `${name} ${socket.name}`,
  sockets: [socket.name],
});

/** Linux keeps one more than the backlog (sk_acceptq_is_full in net/sock.h compares with >). */
const backlogFull = (socket: SocketState): Finding | null => {
  const { kernel, backlog, condition } = socket;
  if (condition !== 'LISTEN' || !kernel || backlog === null || kernel.rcvQ <= backlog) return null;
  return { name: 'backlog-full', ...about('backlog-full', socket), waiting: kernel.rcvQ, backlog };
};

/** The end of a relay that cannot pass on what the twin has received. */
const blockedBehind = (twin: string, sockets: BenchState['sockets']): string => {
  const mate = sockets.get(sockets.get(twin)?.mate ?? '');
  return mate && (mate.kernel?.sndQ ?? 0) > 0 ? mate.name : '';
};

const zeroWindow = (socket: SocketState, sockets: BenchState['sockets']): Finding | null => {
  const { kernel, twin } = socket;
  if (kernel?.timer !== 'zero-window') return null;
  const behind = blockedBehind(twin, sockets);
  return {
    name: 'zero-window',
    ...about('zero-window', socket),
    twin,
    bytes: kernel.sndQ,
    ...(behind !== '' && { behind }),
  };
};

const datagramsLost = (socket: SocketState): Finding | null => {
  const count = socket.kernel?.drops ?? 0;
  return count === 0 ? null : { name: 'datagrams-lost', ...about('datagrams-lost', socket), count };
};

/**
 * What a client's kernel chose by itself at its first datagram is no decision worth a warning; what a program of somebody's own is
 * bound to is known to them.
 */
const everyInterface = (socket: SocketState): Finding | null => {
  const { local, condition, actor } = socket;
  if (!isProgram(actor) || local?.kind !== 'inet') return null;
  if (local.host !== '0.0.0.0' && local.host !== '::') return null;
  const reachable = condition === 'LISTEN' || (!shakesHands(socket) && serves(actor));
  return reachable ? { name: 'every-interface', ...about('every-interface', socket), local } : null;
};

const rules = [backlogFull, zeroWindow, datagramsLost, everyInterface];

const ofSockets = (sockets: BenchState['sockets']): Finding[] => {
  const findings: Finding[] = [];
  for (const socket of sockets.values()) {
    if (socket.closed || (!socket.kernel && !socket.local)) continue;
    for (const rule of rules) {
      const finding = rule(socket, sockets);
      if (finding) findings.push(finding);
    }
  }
  return findings;
};

/**
 * What a state lets one conclude. Deadlocks first, oldest first. Linear in calls in flight and sockets.
 */
export const conclude = (state: BenchState): Finding[] => {
  const deadlocks = state.calls.size === 0 ? [] : deadlocksOf(state);
  const findings = deadlocks.map((deadlock): Finding => deadlockFinding(state, deadlock));
  return findings.concat(peerDeadlocks(state), ofSockets(state.sockets));
};

/** What `conclude` speaks of; other findings have other sources, and it clears none of them. */
const isConcluded = (finding: Finding): boolean => {
  switch (finding.name) {
    case 'deadlock':
      return finding.seen === undefined || isBrokenHere(finding);
    case 'backlog-full':
    case 'zero-window':
    case 'datagrams-lost':
    case 'every-interface':
      return true;
    case 'descriptors':
    case 'recording':
    case 'worded':
      return false;
  }
};

/**
 * What is new, or otherwise than before, and what no longer holds. `before` is the state's findings, by
 * key. A zero window is told once: its number moves with every probe.
 */
export const diffFindings = (
  before: ReadonlyMap<string, Finding>,
  after: readonly Finding[],
): { readonly raised: readonly Finding[]; readonly cleared: readonly Finding[] } => {
  const keys = new Set(after.map(finding => finding.key));
  const raised = after.filter(finding => {
    const known = before.get(finding.key);
    return !known || (finding.name !== 'zero-window' && !sameData(known, finding));
  });
  const cleared = [...before.values()].filter(finding => isConcluded(finding) && !keys.has(finding.key));
  return { raised, cleared };
};

/** The entries that bring a state's findings up to date; none where nothing changed. */
export const findingDrafts = (state: BenchState): Draft[] => {
  const { raised, cleared } = diffFindings(state.findings, conclude(state));
  const draft = (finding: Finding, on: boolean): Draft => {
    const again = on && isSaidAgain(state.findings.get(finding.key), finding);
    return { kind: 'finding', t: state.t, finding, on, ...(again ? { again } : {}) };
  };
  return [...cleared.map(finding => draft(finding, false)), ...raised.map(finding => draft(finding, true))];
};
