import type { Bench } from '../../bench/engine/bench.ts';
import type { RelayStatement } from '../../core/language/relay-text.ts';
import { relayTrouble } from '../../core/model/relay.ts';

/** Makes a socket a relay, or ends that: why it cannot be, in a sentence; null where it is done. */
export const relayLine = (
  bench: Bench,
  { socket, target }: Pick<RelayStatement, 'socket' | 'target'>,
): string | null => {
  bench.flush();
  const trouble = relayTrouble(socket, bench.state().sockets.get(socket), target);
  if (trouble === null) bench.setRelay(socket, target);
  return trouble;
};
