import { formatSeconds } from '../../core/entry-text.ts';
import { formatCall } from '../../core/line.ts';
import { formatOutcome } from '../../core/outcome-text.ts';
import { safeText } from '../../core/printable.ts';
import type { Holder, PollCall, Step, StepOf, TracedCall, TracedOutcome } from './steps.ts';

/** Bytes of a payload that a line shows. */
const shownBytes = 200;

const pollText = ({ on, wants, timeout }: PollCall): string => {
  const words = wants.map(({ on: one, reads, writes }) =>
    `${one} ${reads ? 'r' : ''}${writes ? 'w' : ''}`.trim(),
  );
  return `${on}.poll "${words.join(', ')}" ${timeout === null ? 'none' : `${timeout}ms`}`;
};

const callText = (call: TracedCall): string =>
  call.name === 'poll' ? pollText(call) : formatCall(call, shownBytes);

const outcomeText = (call: TracedCall, outcome: TracedOutcome): string => {
  if (outcome.kind === 'unseen') return '?';
  if (call.name !== 'poll') return formatOutcome(outcome, call, shownBytes);
  if (outcome.kind === 'error') return outcome.code;
  return outcome.kind === 'none' && outcome.note ? outcome.note : 'ok';
};

const holderWords = (holders: readonly Holder[]): string =>
  holders.map(({ actor, fd }) => `${actor} (fd ${fd})`).join(', ');

const endText = ({ call, outcome, seen, at, began }: StepOf<'end'>): string => {
  const head = seen ? `<... ${call.on === '' ? '' : `${call.on}.`}${call.name} resumed>` : callText(call);
  return `${head} = ${outcomeText(call, outcome)} <${formatSeconds(at - began)}>`;
};

/** What a step says, on one line; '' where it is not worth one. `argv`: what its program was started as. */
export const stepText = (step: Step, argv: readonly string[]): string => {
  switch (step.kind) {
    case 'process': {
      const { pid, origin, parent } = step;
      const from = origin === 'forked' ? `, forked by ${parent}` : '';
      return `is ${safeText(argv.join(' ')) || 'a process'} (pid ${pid}${from})`;
    }
    case 'gone':
      return step.code === null ? `was killed by ${step.signal}` : `exited with ${step.code}`;
    case 'begin':
      return `${callText(step.call)} <unfinished ...>`;
    case 'end':
      return endText(step);
    case 'socket': {
      const { socket, holders } = step;
      if (holders.length === 0) return `${socket.name} is closed: nobody has it any more`;
      return `${socket.name} is open in ${holderWords(holders)}`;
    }
    case 'signal':
      return `--- ${step.signal} ---`;
    case 'stopped':
      return `--- stopped by ${step.signal} ---`;
  }
};
