import type { Sample } from '../core/entry.ts';
import { matching, objectOf, oneOf, optional } from './reading.ts';
import { count, endpoint, socketName, time } from './words-schema.ts';

/** ss's words for states; those of other systems may differ. */
const stateWord = matching(word => /^[A-Z][A-Z0-9-]{1,15}$/.test(word), 'a state such as ESTAB');

/** What a look at the kernel's tables found of one socket. */
export const sample = objectOf<Sample>({
  socket: socketName,
  state: stateWord,
  rcvQ: count,
  sndQ: count,
  timer: oneOf(['none', 'retransmit', 'keepalive', 'time-wait', 'zero-window'], 'timer'),
  timerMs: time,
  retransmits: count,
  drops: count,
  local: optional(endpoint),
});
