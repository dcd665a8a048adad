import { formatEndpoint } from '../../core/addresses/address.ts';
import { byteLength } from '../../core/bytes/bytes.ts';
import type { Call } from '../../core/calls/call.ts';
import { calls, isMaker } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndpointPattern, Expected } from '../../core/language/expectation.ts';
import { formatExpectation } from '../../core/language/expectation-text.ts';
import { formatCall } from '../../core/language/line.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import { type PlannedCall, type Step, wasClosedUnder } from '../projection/call-plan.ts';
import type { LabBehaviours } from './lab-behaviours.ts';
import type { PeerPart } from './lab-peer.ts';
import type { Polls } from './lab-polls.ts';
import type { LabPorts } from './lab-ports.ts';

/** More than this arrives in pieces whose sizes are the kernel's own affair. */
const whole = 16 * 1024;

const python: Readonly<Record<string, string>> = {
  TIMEOUT: 'TimeoutError',
  INTERRUPTED: 'KeyboardInterrupt',
};

const ofData = (
  outcome: Extract<Outcome, { kind: 'data' }>,
  { call }: PlannedCall,
  from: EndpointPattern | null,
): Expected => {
  if (isEof(outcome, call)) return { kind: 'eof' };
  const size = outcome.data.length + (outcome.dropped ?? 0);
  const all = 'flags' in call && call.flags?.includes('MSG_WAITALL');
  if (outcome.dropped || size > whole)
    return { kind: 'range', from: all ? size : 1, to: all ? size : 2 ** 30, bytes: true };
  return { kind: 'bytes', bytes: { kind: 'literal', data: outcome.data, notation: 'text' }, from };
};

const ofCount = (count: number, { call }: PlannedCall): Expected => {
  const size = 'data' in call ? byteLength(call.data) : count;
  return size > whole
    ? { kind: 'range', from: 1, to: size, bytes: false }
    : { kind: 'range', from: count, to: count, bytes: false };
};

/** What a lab made of a session expects of this call; null where it expects nothing: of what is made at once, all else tells. */
const expectedOf = (planned: PlannedCall, ports: LabPorts): Expected | null => {
  const { outcome, call } = planned;
  if (!outcome) return null;
  const { waits, returns } = calls[call.name];
  if (isMaker(call.name) && waits === null) return null;
  switch (outcome.kind) {
    case 'data':
      return ofData(
        outcome,
        planned,
        outcome.from && returns === 'datagram' ? ports.pattern(outcome.from) : null,
      );
    case 'count':
      return ofCount(outcome.count, planned);
    case 'endpoint':
      return { kind: 'endpoint', endpoint: ports.pattern(outcome.endpoint) };
    case 'error': {
      const raised = python[outcome.code];
      return raised
        ? { kind: 'raises', python: raised, message: null }
        : { kind: 'error', code: outcome.code, message: null };
    }
    default:
      return { kind: 'ok' };
  }
};

/** A call in flight at least this long is expected to block again; the runner looks as long. In ms. */
const blockedMs = 100;

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

/** What the line of a step goes by, besides the step. */
export type Around = {
  readonly planned: readonly PlannedCall[];
  readonly ports: LabPorts;
  readonly polls: Polls;
  readonly peer: PeerPart;
  readonly behaviours: LabBehaviours;
};

export const stepLines = (
  { kind, call }: Step,
  { planned, ports, polls, peer, behaviours }: Around,
): string[] => {
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
