import { byteLength } from '../../core/bytes/bytes.ts';
import { calls, isMaker } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { EndpointPattern, Expected } from '../../core/language/expectation.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
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
export const expectedOf = (planned: PlannedCall, ports: LabPorts): Expected | null => {
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
