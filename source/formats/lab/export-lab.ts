import { stringify } from 'yaml';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { calls } from '../../core/calls/calls.ts';
import { programs } from '../../core/model/actors.ts';
import { t } from '../../core/words/translate.ts';
import {
  leftOutWords,
  ownCalls,
  type PlannedCall,
  type Step,
  stepsOf,
  whyNotWhole,
} from '../projection/call-plan.ts';
import { partiesOf } from '../projection/parties.ts';
import type { Projection } from '../projection/projection.ts';
import { faultWords, type Policies } from '../projection/told.ts';
import { labBehaviours } from './lab-behaviours.ts';
import { stepLines } from './lab-lines.ts';
import { joinedSteps, noPeer, type PeerPart, peerPart } from './lab-peer.ts';
import { createPolls } from './lab-polls.ts';
import { labPorts } from './lab-ports.ts';

export type LabExport =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** A session that was quick must not run out of time on a busy machine. */
const timeout = '120s';

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

/** Policies in force when the first call was made. */
const firstPolicies = ({ header, told }: Projection): Policies['first'] => {
  const begun = header.start?.policy ?? 'duplex';
  const all = begun === 'duplex' ? {} : Object.fromEntries(programs.map(program => [program, begun]));
  return { ...all, ...told().policies.first };
};

const peerWords =
  'A peer outside the bench takes part: comments say what it does for the line below them. The ports are those of the session. ' +
  'Start first what listens; what connects or sends tries until it is heard. Then run with --with-peer.';

const lesson = (later: Policies['later'], hasPeer: boolean, leftOut: string, faults: string): string => {
  const done = ['What was done, and what came of it.', leftOut, faults, ...(hasPeer ? [peerWords] : [])]
    .filter(part => part !== '')
    .join(' ');
  if (later.length === 0) return done;
  const changes = later.map(({ program, policy }) => `${program} ${policy}`);
  return `${done} Meanwhile the threading policy was changed (${changes.join(', ')}), which a lab cannot do: here it stays as it was at first.`;
};

const refusal = (session: Projection, planned: readonly PlannedCall[]): string | null => {
  const lost = whyNotWhole(session.first, planned);
  if (lost !== null) return lost;
  if (planned.length > 0) return null;
  const all = session.calls().length;
  return all === 0
    ? t('no call was made in this session: there is nothing to make a lab of')
    : all === 1
      ? t`1 call of processes and none of the bench's own: a lab makes calls of the bench; what traced processes called, an export to python makes again`
      : t`${all} calls of processes and none of the bench's own: a lab makes calls of the bench; what traced processes called, an export to python makes again`;
};

/** What somebody outside did in the session; where nobody did, sessions are made again anywhere, with free ports. */
const peerOf = (planned: readonly PlannedCall[]): PeerPart | null => {
  const parties = partiesOf(planned);
  if (!parties.hasForeign) return null;
  const ports = labPorts(planned);
  return peerPart(parties, address => ports.named(formatEndpoint(ports.pattern(address))));
};

/**
 * A session as a lab: its steps as lines, what came of them as what is expected. Where somebody outside took part, it needs a
 * peer, which finds the same ports. Refused with one sentence.
 */
export const exportLab = (session: Projection): LabExport => {
  const all = session.calls();
  const planned = ownCalls(all);
  const why = refusal(session, planned);
  if (why !== null) return { ok: false, message: why };
  const foreign = peerOf(planned);
  const peer = foreign ?? noPeer;
  const ports = labPorts(planned, peer.isForeign);
  const polls = createPolls();
  const behaviours = labBehaviours(session.told().behaviours, planned, target => ({
    ...target,
    endpoint: ports.reached(target.endpoint),
  }));
  const own = planned.filter(call => !behaviours.makes(call));
  const steps = joinedSteps(waitedLate(stepsOf(own)), peer);
  const lines = steps.flatMap(step => stepLines(step, { planned: own, ports, polls, peer, behaviours }));
  lines.push(...behaviours.before(Number.POSITIVE_INFINITY).map(ports.named));
  const first = firstPolicies(session);
  const { later } = session.told().policies;
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
        say: lesson(later, foreign !== null, leftOutWords(all, planned.length), faultWords(session.told())),
        do: `${lines.join('\n')}\n`,
      },
    ],
  };
  return { ok: true, text: stringify(lab, { lineWidth: 0 }) };
};
