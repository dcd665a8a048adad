import type { Outcome } from '../../core/calls/outcome.ts';
import { transportOf } from '../../core/model/transports.ts';
import { answersTo, greetings } from './answers.ts';
import type { Around, Behaviour, Memory, Next, Subject } from './behaviour.ts';

/** Bytes a receive loop asks for at a time: of a fast stream, more would keep the sender waiting, less makes more entries. */
export const pieceSize = 128 << 10;

/** The same where it is passed on at once: a call costs as much as copying 100 KiB, and this much stays in a processor's cache. */
export const passedOnSize = 512 << 10;

/** No datagram is larger. */
export const largestDatagram = 65_536;

/** Made once: in a flood there is one answer for every call. */
const again: Next = { kind: 'again' };
const end: Next = { kind: 'end' };

const receiveCall = ({ name, family, type }: Subject): Memory['home'] =>
  transportOf({ family, type }).receives === 'recvfrom'
    ? { name: 'recvfrom', on: name, size: largestDatagram }
    : { name: 'recv', on: name, size: pieceSize };

/**
 * Whether there is nothing more to receive after this. A timeout passes, and so does a datagram that nobody took; of a
 * stream whose answer was cut off nobody knows where the next one would begin.
 */
const isOver = (outcome: Outcome, { home, step }: Memory): boolean => {
  const isStream = home.name === 'recv';
  if (outcome.kind === 'data') return outcome.data.length === 0 && isStream;
  if (outcome.kind !== 'error') return false;
  if (step) return isStream || outcome.code === 'CLOSED' || outcome.code === 'INTERRUPTED';
  return outcome.code !== 'TIMEOUT' && !(outcome.code === 'ECONNREFUSED' && !isStream);
};

/** Whether what has ended is closed by the loop too: what an accept loop took must not keep its descriptor. */
const isClosed = (outcome: Outcome, { origin }: Memory, around: Around): boolean => {
  if (outcome.kind === 'error' && outcome.code === 'CLOSED') return false;
  return origin === 'served' || (origin === 'taken' && around.on('accept'));
};

/** What is to do is done first; then it closes, or receives. */
const onward = (memory: Memory, around: Around): Next => {
  const { home, origin, todo, heard, over } = memory;
  const step = todo?.[0];
  if (step)
    return {
      kind: 'make',
      memory: { home, origin, call: step.call, step, todo: todo.slice(1), heard, over },
    };
  if (!over) {
    if (!around.on('receive')) return end;
    return { kind: 'make', memory: { home, origin, call: home, heard } };
  }
  if (!isClosed(over, memory, around)) return end;
  return { kind: 'make', memory: { home, origin, call: { name: 'close', on: home.on } } };
};

/** Nothing comes any more: a match that more would have made longer is one now. */
const atEnd = (outcome: Outcome, memory: Memory, around: Around): Next => {
  const last =
    outcome.kind === 'data' && memory.heard
      ? answersTo(around.rules(), memory.home, outcome, memory.heard, true)
      : undefined;
  return onward({ ...memory, step: undefined, todo: last?.steps, heard: undefined, over: outcome }, around);
};

const hasLost = (heard: Memory['heard']): boolean => heard !== undefined && heard.lost > 0;

/** The receive loop. Where its socket has rules, it makes what they answer between one receive and the next. */
export const receive: Behaviour = {
  begin: (subject, around) => {
    const home = receiveCall(subject);
    const todo = subject.fresh ? greetings(around.rules(), subject.name) : [];
    return onward({ call: home, home, origin: subject.origin, todo }, around);
  },
  after: (outcome, memory, around) => {
    const { call, home, step, heard } = memory;
    if (call.name === 'close' || call.name === 'reset') return end;
    if (isOver(outcome, memory)) return atEnd(outcome, memory, around);
    if (step) return onward(memory, around);
    const rules = around.rules();
    if (outcome.kind !== 'data' || (rules.length === 0 && !heard)) return around.on('receive') ? again : end;
    const answers = answersTo(rules, home, outcome, heard, false);
    if (answers.steps.length === 0 && answers.heard === heard) return around.on('receive') ? again : end;
    const next = onward({ ...memory, todo: answers.steps, heard: answers.heard }, around);
    return next.kind === 'make' && hasLost(answers.heard) && !hasLost(heard)
      ? { ...next, says: { kind: 'unanswered' } }
      : next;
  },
};
