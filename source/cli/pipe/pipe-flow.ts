import { systemClock } from '../../bench/engine/clock.ts';
import type { DirectionEnd, DirectionOptions } from './pipe-direction.ts';
import { openIncoming } from './pipe-incoming.ts';
import { openOutgoing } from './pipe-outgoing.ts';
import type { End } from './pipe-words.ts';

export type FlowOptions = DirectionOptions & {
  /** ms from the end of standard input to that of the pipe, whatever the peer does; null: until the peer ends. */
  readonly quitAfter: number | null;
  /** Hears of the peer's end where standard input goes on. */
  readonly peerEnded: () => void;
};

/** Both directions, each for itself, until both are over: ncat's way. */
export const flow = (options: FlowOptions) => {
  const { promise: ended, resolve } = Promise.withResolvers<End>();
  const { quitAfter } = options;
  let received = false;
  let sent: DirectionEnd | null = null;
  let stopQuitting = () => {};
  const check = () => {
    if (!received || !sent) return;
    resolve(sent.kind === 'ended' ? { kind: 'done' } : { kind: 'failed', words: sent.words });
  };
  const stopIncoming = openIncoming(options, end => {
    if (end.kind === 'ended') {
      received = true;
      if (!sent) options.peerEnded();
      check();
    }
    // The peer's refusal of what was sent comes before the end that it makes here.
    else resolve({ kind: 'failed', words: sent && sent.kind !== 'ended' ? sent.words : end.words });
  });
  const stopOutgoing = openOutgoing(options, end => {
    sent = end;
    if (end.kind === 'lost') resolve({ kind: 'failed', words: end.words });
    else if (end.kind === 'ended' && quitAfter !== null)
      stopQuitting = systemClock.deadline(quitAfter, () => resolve({ kind: 'quit' }));
    check();
  });
  return {
    ended,
    stop: () => {
      stopQuitting();
      stopIncoming();
      stopOutgoing();
    },
  };
};
