import { passedOnSize } from '../../bench/behaviours/receiving.ts';
import type { PerformOptions } from '../../bench/engine/bench.ts';
import { failureSentence } from '../../commands/calling/performed.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Direction } from './pipe-direction.ts';

/** No datagram is larger. */
const largest = 65_536;

/**
 * The peer's bytes to standard output. The next recv is made once what the last one gave has left: a slow reader holds up the
 * peer and costs no memory, and the bench may write the memory of the last one again.
 */
export const openIncoming: Direction = ({ bench, joined, output, moved, stir }, over) => {
  const call: Call = { name: 'recv', on: joined.socket, size: joined.datagrams ? largest : passedOnSize };
  let performing = false;
  let due = false;
  /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  const next = () => {
    due = true;
    if (performing) return;
    performing = true;
    while (due) {
      due = false;
      bench.perform(call, options);
    }
    performing = false;
  };
  const hand = (data: Uint8Array) => {
    moved.received += data.length;
    stir();
    if (data.length === 0 || output(data, next)) next();
  };
  const options: PerformOptions = {
    onEnd: outcome => {
      if (outcome.kind === 'error') over({ kind: 'lost', words: failureSentence(outcome, call) });
      else if (outcome.kind === 'data' && (outcome.data.length > 0 || joined.datagrams)) hand(outcome.data);
      else over({ kind: 'ended' });
    },
  };
  if (joined.first) hand(joined.first);
  else next();
  return () => {};
};
