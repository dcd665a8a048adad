import { calls, hasIn } from '../../core/calls/calls.ts';
import type { PlannedCall } from '../projection/call-plan.ts';

/** Follows which sockets never wait, while a session's calls are written down in order. */
export type Polls = {
  /** The line that waits for what a call found which itself does not wait; or none. */
  readonly before: (planned: PlannedCall) => readonly string[];
  readonly after: (planned: PlannedCall) => void;
};

const lineFor = ({ call, outcome }: PlannedCall): string | null => {
  switch (calls[call.name].waits) {
    case 'client':
      return outcome?.kind === 'made' ? `expect ${call.on}.accept-q > 0` : null;
    case 'handshake': {
      const done = outcome?.kind === 'none' || (outcome?.kind === 'error' && outcome.code === 'EISCONN');
      return done ? `expect ${call.on}.state == ESTAB` : null;
    }
    case 'bytes':
      return outcome?.kind === 'data' ? `expect ${call.on}.rcv-q > 0` : null;
    case 'tls':
    case 'room':
    case 'answer':
    case 'ready':
    case null:
      return null;
  }
};

/**
 * A socket that never waits answers by the moment: a lab made of it must first wait for what the call found. What was
 * peeked at may have left the kernel's queue already and needs no waiting.
 */
export const createPolls = (): Polls => {
  const nonBlocking = new Set<string>();
  const peeked = new Set<string>();
  return {
    before: planned => {
      const { call } = planned;
      const dontWait = 'flags' in call && call.flags?.includes('MSG_DONTWAIT');
      if ((!nonBlocking.has(call.on) && !dontWait) || peeked.has(call.on)) return [];
      const line = lineFor(planned);
      return line === null ? [] : [line];
    },
    after: ({ call, outcome }) => {
      if (hasIn(call, 'moves', 'in')) {
        if ('flags' in call && call.flags?.includes('MSG_PEEK')) peeked.add(call.on);
        else peeked.delete(call.on);
      }
      if (!hasIn(call, 'sets', 'timeout') || outcome?.kind !== 'none') return;
      if (call.timeout === 0) nonBlocking.add(call.on);
      else nonBlocking.delete(call.on);
    },
  };
};
