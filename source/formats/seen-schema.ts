import type { Sample } from '../core/entry.ts';
import { type Finding, findingNames } from '../core/finding.ts';
import { listOf, matching, objectOf, oneOf, optional, orNull, text } from './reading.ts';
import { count, endpoint, ordinal, socketName, socketOrFile, time } from './words-schema.ts';

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

/** What the bench concluded. */
export const finding = objectOf<Finding>({
  name: oneOf(findingNames, 'finding'),
  key: text,
  sockets: listOf(socketOrFile),
  calls: listOf(ordinal),
  sentence: text,
  until: orNull(time),
});
