import { stringify } from 'yaml';
import { formatEndpoint, sameEndpoint } from '../core/address.ts';
import type { Call } from '../core/call.ts';
import { formatExpectation } from '../core/expectation-text.ts';
import { formatCall } from '../core/line.ts';
import type { Endpoint, Policy, Program } from '../core/names.ts';
import { type PlannedCall, plannedCalls, type Step, stepsOf, wasClosedUnder } from './call-plan.ts';
import { expectedOf } from './lab-expectations.ts';
import { noteTimeout, pollBefore } from './lab-polls.ts';
import { type LabPorts, labPorts } from './lab-ports.ts';
import type { Session } from './session.ts';

export type LabExport =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** A call in flight at least this long is expected to block again; the runner looks as long. In ms. */
const blockedMs = 100;

/** A session that was quick must not run out of time on a busy machine. */
const timeout = '120s';

const makers: ReadonlySet<string> = new Set(['socket', 'accept', 'makefile']);

const target = ({ on, name }: Call): string => (on === '' ? name : `${on}.${name}`);

/** The call as a line: named by what it made, with variables in place of ports that the system chose. */
const lineOf = ({ call, outcome }: PlannedCall, ports: LabPorts): string => {
  const { as: _, ...bare } = call;
  const name = makers.has(call.name) && outcome?.kind === 'made' ? `${outcome.name} = ` : '';
  const written = ports.written(bare as Call);
  const text = name + formatCall(written.call);
  if (!written.whole) return text;
  const address = 'address' in written.call ? formatEndpoint(written.call.address) : '';
  return text.slice(0, text.length - address.length) + written.whole;
};

const arrow = (planned: PlannedCall, ports: LabPorts): string => {
  const expected = expectedOf(planned, ports);
  return expected === null ? '' : `  => ${formatExpectation({ value: expected, span: null })}`;
};

const isSeenBlocked = ({ startedAt, endedAt }: PlannedCall): boolean =>
  startedAt !== null && (endedAt === null || endedAt - startedAt >= blockedMs);

const stepLines = ({ kind, call }: Step, ports: LabPorts, nonBlocking: Set<string>): string[] => {
  const starts = kind === 'run' || kind === 'begin';
  const lines = starts ? [...ports.before(call.call), ...pollBefore(call, nonBlocking)] : [];
  switch (kind) {
    case 'run':
      lines.push(lineOf(call, ports) + arrow(call, ports));
      break;
    case 'begin':
      lines.push(`${lineOf(call, ports)} &${isSeenBlocked(call) ? '  => blocked' : ''}`);
      break;
    case 'ended':
      if (!wasClosedUnder(call)) lines.push(`wait ${target(call.call)}${arrow(call, ports)}`);
      break;
    case 'interrupt':
      lines.push(`cancel ${target(call.call)}  => KeyboardInterrupt`);
      break;
  }
  ports.after(call);
  noteTimeout(call, nonBlocking);
  return lines.map(ports.named);
};

/** A peer that no socket of the bench was: a lab has its own sockets only. */
const foreignPeer = (calls: readonly PlannedCall[]): Endpoint | undefined => {
  const own: Endpoint[] = [];
  const peers: Endpoint[] = [];
  for (const { call, outcome } of calls) {
    if (!outcome) continue;
    if (outcome.kind === 'none' || outcome.kind === 'count') if (outcome.local) own.push(outcome.local);
    if (outcome.kind === 'made' && outcome.local) own.push(outcome.local);
    if ((outcome.kind === 'none' || outcome.kind === 'made') && outcome.peer) peers.push(outcome.peer);
    if (outcome.kind === 'data' && outcome.from && call.name === 'recvfrom') peers.push(outcome.from);
  }
  const isOwn = (peer: Endpoint) =>
    own.some(
      one => sameEndpoint(one, peer) || (one.port === peer.port && /^(0\.0\.0\.0|::)$/.test(one.host)),
    );
  return peers.find(peer => !isOwn(peer));
};

/** Policies in force when the first call was made. */
const policiesOf = ({ entries }: Session): Partial<Record<Program, Policy>> => {
  const policies: Partial<Record<Program, Policy>> = {};
  for (const entry of entries) {
    if (entry.kind === 'policy') policies[entry.program] = entry.policy;
    if (entry.kind === 'ended' || entry.kind === 'running' || entry.kind === 'queued') break;
  }
  return policies;
};

const refusal = ({ entries }: Session, calls: readonly PlannedCall[]): string | null => {
  if (entries.length > 0 && entries[0]!.n !== 1)
    return 'the session begins in the middle: what was dropped cannot be made again';
  if (calls.length === 0) return 'no call was made in this session: there is nothing to make a lab of';
  const foreign = foreignPeer(calls);
  return foreign
    ? `${formatEndpoint(foreign)} took part and is foreign: a lab has only its own sockets`
    : null;
};

/** A session as a lab: its steps as lines, what came of them as what is expected. Refused with one sentence. */
export const exportLab = (session: Session): LabExport => {
  const calls = plannedCalls(session.entries);
  const why = refusal(session, calls);
  if (why !== null) return { ok: false, message: why };
  const ports = labPorts(calls);
  const nonBlocking = new Set<string>();
  const lines = stepsOf(calls).flatMap(step => stepLines(step, ports, nonBlocking));
  const programs = policiesOf(session);
  const lab = {
    lab: 'session',
    title: { en: `A session of ${session.header.began}`, zh: `${session.header.began} 的会话` },
    ...(Object.keys(programs).length > 0 ? { programs } : {}),
    ...(ports.variables.length > 0
      ? { let: Object.fromEntries(ports.variables.map(name => [name, 'free'])) }
      : {}),
    timeout,
    stages: [{ say: 'What was done, and what came of it.', do: `${lines.join('\n')}\n` }],
  };
  return { ok: true, text: stringify(lab, { lineWidth: 0 }) };
};
