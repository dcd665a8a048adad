import type { Outcome } from '../../core/calls/outcome.ts';
import { repeatCall } from '../../core/model/repeat.ts';
import type { Behaviour, Memory, Next } from './behaviour.ts';

/** A datagram that nobody took, or that found no room in time, is no reason not to send the next. */
const passes = (outcome: Outcome, { call }: Memory): boolean =>
  outcome.kind !== 'error' ||
  (call.name !== 'sendall' && ['ECONNREFUSED', 'TIMEOUT', 'ENOBUFS'].includes(outcome.code));

const over = (memory: Memory, outcome: Outcome): Next => {
  const { sent, late } = memory.repeat!;
  const stopped = outcome.kind === 'error' && outcome.code === 'INTERRUPTED';
  return { kind: 'end', over: { why: stopped ? 'off' : 'failed', sent, late } };
};

/**
 * Sends the same again and again. Send n is due n times so long after the first: one that is late is sent at once, so that
 * none is left out and the last is due when it was from the start.
 */
export const repeat: Behaviour = {
  begin: ({ name, origin, family, type }, around) => {
    const plan = around.repeat();
    if (!plan) return { kind: 'end' };
    const call = repeatCall(name, plan, { family, type });
    const since = around.now();
    return {
      kind: 'make',
      memory: { call, home: call, origin, repeat: { ...plan, since, sent: 0, late: 0 } },
    };
  },
  after: (outcome, memory, around) => {
    const { call, repeat: before } = memory;
    if (!before) return { kind: 'end' };
    if (!passes(outcome, memory)) return over(memory, outcome);
    const sent = before.sent + 1;
    if (sent === before.times) return { kind: 'end', over: { why: 'done', sent, late: before.late } };
    const due = before.since + sent * before.every;
    const behind = around.now() - due;
    const late = before.late + (behind > 0 ? 1 : 0);
    return {
      kind: 'make',
      memory: { ...memory, repeat: { ...before, sent, late } },
      at: due,
      says: behind > 0 ? { kind: 'late', by: behind } : { kind: 'repeat', call: call.name, until: due },
    };
  },
};
