import type { Bench } from '../../bench/engine/bench.ts';
import type { RepeatStatement } from '../../core/language/repeat-text.ts';
import { repeatTrouble } from '../../core/model/repeat.ts';

/** Lets a socket send again and again, or ends that: why it cannot be, in a sentence; null where it is done. */
export const repeatLine = (
  bench: Bench,
  { socket, repeat }: Pick<RepeatStatement, 'socket' | 'repeat'>,
): string | null => {
  bench.flush();
  const trouble = repeatTrouble(socket, bench.state().sockets.get(socket), repeat);
  if (trouble === null) bench.setRepeat(socket, repeat);
  return trouble;
};
