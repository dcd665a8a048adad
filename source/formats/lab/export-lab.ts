import { stringify } from 'yaml';
import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Call } from '../../core/calls/call.ts';
import { calls, isMaker } from '../../core/calls/calls.ts';
import { formatExpectation } from '../../core/language/expectation-text.ts';
import { formatCall } from '../../core/language/line.ts';
import { plural } from '../../core/language/units.ts';
import { type Program, programs } from '../../core/model/actors.ts';
import type { Policy } from '../../core/model/names.ts';
import {
  leftOutWords,
  ownCalls,
  type PlannedCall,
  plannedCalls,
  type Step,
  stepsOf,
  wasClosedUnder,
  whyNotWhole,
} from '../projection/call-plan.ts';
import { foreignPeer } from '../projection/parties.ts';
import { faultWords } from '../projection/told.ts';
import type { Session } from '../session/read-session.ts';
import { type LabBehaviours, labBehaviours } from './lab-behaviours.ts';
import { expectedOf } from './lab-expectations.ts';
import { joinedSteps, noPeer, type PeerPart, peerPart } from './lab-peer.ts';
import { createPolls, type Polls } from './lab-polls.ts';
import { type LabPorts, labPorts } from './lab-ports.ts';

export type LabExport =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** A call in flight at least this long is expected to block again; the runner looks as long. In ms. */
const blockedMs = 100;

/** A session that was quick must not run out of time on a busy machine. */
const timeout = '120s';

const target = ({ on, name }: Call): string => (on === '' ? name : `${on}.${name}`);

/** The call as a line: named by what it made, with variables in place of ports that the system chose. */
const lineOf = (planned: PlannedCall, ports: LabPorts, waits: boolean): string => {
  const { call, outcome } = planned;
  const { as: _, ...bare } = call;
  const made = isMaker(call.name) && outcome?.kind === 'made' ? outcome.name : '';
  // Only a line that waits for its call sets a variable.
  const left = waits && made === '' ? ports.sender(planned) : made;
  const name = left === '' ? '' : `${left} = `;
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

/** It stood behind another of its thread: made again it is queued at first, however long it blocked after that. */
const stoodInLine = ({ id, thread, queuedAt }: PlannedCall, planned: readonly PlannedCall[]): boolean =>
  planned.some(
    other =>
      thread !== '' && other.thread === thread && other.id < id && (other.endedAt ?? Infinity) > queuedAt,
  );

const isSeenBlocked = (call: PlannedCall, planned: readonly PlannedCall[]): boolean => {
  const { startedAt, endedAt } = call;
  if (startedAt === null || stoodInLine(call, planned)) return false;
  return endedAt === null || endedAt - startedAt >= blockedMs;
};

type Around = {
  readonly planned: readonly PlannedCall[];
  readonly ports: LabPorts;
  readonly polls: Polls;
  readonly peer: PeerPart;
  readonly behaviours: LabBehaviours;
};

const stepLines = ({ kind, call }: Step, { planned, ports, polls, peer, behaviours }: Around): string[] => {
  const starts = kind === 'run' || kind === 'begin';
  const part = peer.of(call);
  const begun = kind === 'interrupt' ? call.endedAt! : call.queuedAt;
  const lines = kind === 'ended' ? [] : [...behaviours.before(begun)];
  if (starts) lines.push(...behaviours.awaited(call), ...ports.before(call.call), ...polls.before(call));
  if (starts && part !== '') lines.push(`# ${part}`);
  switch (kind) {
    case 'run':
      lines.push(lineOf(call, ports, true) + arrow(call, ports));
      break;
    case 'begin':
      // How long a peer lets a call wait is its own affair.
      lines.push(
        `${lineOf(call, ports, false)} &${part === '' && isSeenBlocked(call, planned) ? '  => blocked' : ''}`,
      );
      break;
    case 'ended':
      if (!wasClosedUnder(call)) lines.push(`wait ${target(call.call)}${arrow(call, ports)}`);
      break;
    case 'interrupt':
      lines.push(`cancel ${target(call.call)}  => KeyboardInterrupt`);
      break;
  }
  ports.after(call);
  polls.after(call);
  return lines.map(ports.named);
};

/** Whether this step must find the sender's call ended: it is its thread's next, or ends its socket. */
const needsEnd = (step: Step, sender: PlannedCall): boolean =>
  (step.kind !== 'ended' && step.call.thread === sender.thread) ||
  (step.call.call.on === sender.call.on && calls[step.call.call.name].lane === 'none');

/**
 * How early a blocked send ends is the affair of the kernel's buffers, which are never the same twice: its end is
 * waited for as late as can be.
 */
const waitedLate = (steps: readonly Step[]): Step[] => {
  const result: Step[] = [];
  let held: Step[] = [];
  for (const step of steps) {
    const due = held.filter(({ call }) => needsEnd(step, call));
    held = held.filter(one => !due.includes(one));
    result.push(...due);
    if (step.kind === 'ended' && calls[step.call.call.name].lane === 'writer') held.push(step);
    else result.push(step);
  }
  return [...result, ...held];
};

type Policies = { readonly first: Partial<Record<Program, Policy>>; readonly later: readonly string[] };

/** Policies in force when the first call was made, and which came after it, in words. */
const policiesOf = ({ header, entries }: Session): Policies => {
  const begun = header.start?.policy ?? 'duplex';
  const first: Partial<Record<Program, Policy>> =
    begun === 'duplex' ? {} : Object.fromEntries(programs.map(program => [program, begun]));
  const later: string[] = [];
  let called = false;
  for (const entry of entries) {
    if (entry.kind === 'ended' || entry.kind === 'running' || entry.kind === 'queued') called = true;
    if (entry.kind !== 'policy') continue;
    if (called) later.push(`${entry.program} ${entry.policy}`);
    else first[entry.program] = entry.policy;
  }
  return { first, later };
};

const peerWords =
  'A peer outside the bench takes part: comments say what it does for the line below them. The ports are those of the session. ' +
  'Start first what listens; what connects or sends tries until it is heard. Then run with --with-peer.';

const lesson = (later: readonly string[], hasPeer: boolean, leftOut: string, faults: string): string => {
  const done = ['What was done, and what came of it.', leftOut, faults, ...(hasPeer ? [peerWords] : [])]
    .filter(part => part !== '')
    .join(' ');
  if (later.length === 0) return done;
  return `${done} Meanwhile the threading policy was changed (${later.join(', ')}), which a lab cannot do: here it stays as it was at first.`;
};

const refusal = (
  { entries }: Session,
  all: readonly PlannedCall[],
  planned: readonly PlannedCall[],
): string | null => {
  const lost = whyNotWhole(entries, planned);
  if (lost !== null) return lost;
  if (planned.length > 0) return null;
  return all.length === 0
    ? 'no call was made in this session: there is nothing to make a lab of'
    : `${plural(all.length, 'call')} of processes and none of the bench's own: a lab makes calls of the bench; what traced processes called, an export to python makes again`;
};

/** What somebody outside did in the session; where nobody did, sessions are made again anywhere, with free ports. */
const peerOf = (planned: readonly PlannedCall[]): PeerPart | null => {
  if (!foreignPeer(planned)) return null;
  const ports = labPorts(planned);
  return peerPart(planned, address => ports.named(formatEndpoint(ports.pattern(address))));
};

/**
 * A session as a lab: its steps as lines, what came of them as what is expected. Where somebody outside took part, it needs a
 * peer, which finds the same ports. Refused with one sentence.
 */
export const exportLab = (session: Session): LabExport => {
  const all = plannedCalls(session.entries);
  const planned = ownCalls(all);
  const why = refusal(session, all, planned);
  if (why !== null) return { ok: false, message: why };
  const foreign = peerOf(planned);
  const peer = foreign ?? noPeer;
  const ports = labPorts(planned, peer.isForeign);
  const polls = createPolls();
  const behaviours = labBehaviours(session.entries, planned, target => ({
    ...target,
    endpoint: ports.pattern(target.endpoint),
  }));
  const own = planned.filter(call => !behaviours.makes(call));
  const steps = joinedSteps(waitedLate(stepsOf(own)), peer);
  const lines = steps.flatMap(step => stepLines(step, { planned: own, ports, polls, peer, behaviours }));
  lines.push(...behaviours.before(Number.POSITIVE_INFINITY).map(ports.named));
  const { first, later } = policiesOf(session);
  const lab = {
    lab: 'session',
    title: { en: `A session of ${session.header.began}`, zh: `${session.header.began} 的会话` },
    ...(Object.keys(first).length > 0 ? { programs: first } : {}),
    ...(ports.variables.size > 0
      ? {
          let: Object.fromEntries(
            [...ports.variables].map(([name, port]) => [name, foreign ? port : 'free']),
          ),
        }
      : {}),
    timeout,
    ...(foreign ? { needs: 'peer' } : {}),
    stages: [
      {
        say: lesson(later, foreign !== null, leftOutWords(all, planned.length), faultWords(session.entries)),
        do: `${lines.join('\n')}\n`,
      },
    ],
  };
  return { ok: true, text: stringify(lab, { lineWidth: 0 }) };
};
