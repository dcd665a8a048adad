import type { PlannedCall } from './call-plan.ts';

/**
 * A socket that never waits answers by the moment: a lab made of it must first wait for what the call found. The
 * line that does, or none. `nonBlocking` are the sockets whose timeout is 0 at that point.
 */
export const pollBefore = ({ call, outcome }: PlannedCall, nonBlocking: ReadonlySet<string>): string[] => {
  const flags = 'flags' in call && call.flags?.includes('MSG_DONTWAIT');
  if (!outcome || (!nonBlocking.has(call.on) && !flags)) return [];
  switch (call.name) {
    case 'accept':
      return outcome.kind === 'made' ? [`expect ${call.on}.accept-q > 0`] : [];
    case 'connect':
      return outcome.kind === 'none' || (outcome.kind === 'error' && outcome.code === 'EISCONN')
        ? [`expect ${call.on}.state == ESTAB`]
        : [];
    case 'recv':
    case 'recvfrom':
      return outcome.kind === 'data' ? [`expect ${call.on}.rcv-q > 0`] : [];
    default:
      return [];
  }
};

/** Keeps track of settimeout. */
export const noteTimeout = ({ call, outcome }: PlannedCall, nonBlocking: Set<string>): void => {
  if (call.name !== 'settimeout' || outcome?.kind !== 'none') return;
  if (call.timeout === 0) nonBlocking.add(call.on);
  else nonBlocking.delete(call.on);
};
