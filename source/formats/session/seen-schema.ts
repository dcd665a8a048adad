import { frees, type Looked, type Need } from '../../core/model/need.ts';
import type { Sample } from '../../core/model/observer.ts';
import { doubts, type Holder, type ThreadState, threadDoings } from '../../core/model/process.ts';
import { marked } from '../../core/words/translate.ts';
import { listOf, matching, objectOf, oneOf, onlyTrue, optional, orNull, type Read } from './reading.ts';
import {
  act,
  actor,
  count,
  descriptor,
  descriptorName,
  endpoint,
  processId,
  processThread,
  socketName,
  socketOrNone,
  time,
} from './words-schema.ts';

/** ss's words for states; those of other systems may differ. */
const stateWord = matching(word => /^[A-Z][A-Z0-9-]{1,15}$/.test(word), marked('a state such as ESTAB'));

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

export const holder = objectOf<Holder>({ actor: processId, fd: descriptor });

export const threadState = objectOf<ThreadState>({
  thread: processThread,
  does: oneOf(threadDoings, marked('thing that a thread does')),
  since: time,
  timed: optional(onlyTrue),
});

/** What would end a process's call. */
export const need: Read<Need> = objectOf<Need>({
  on: descriptorName,
  act,
  other: socketOrNone,
  by: listOf(actor),
  free: orNull(oneOf(frees, 'reason')),
});

export const looked: Read<Looked> = objectOf<Looked>({ at: time, doubt: orNull(oneOf(doubts, 'doubt')) });
