import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Bytes } from '../../core/bytes/bytes.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { type Act, actsOnAccept, actsOnReceive, type RuleState } from '../../core/model/rule.ts';
import type { Step } from './behaviour.ts';
import { type Answer, findAnswer, type Heard, hear, heardNothing, sentBytes } from './rule-match.ts';

type Received = Extract<Outcome, { kind: 'data' }>;

/** What was found, for a rule that has it sent back; of an accept it is nothing. */
type Finding = Pick<Answer, 'found' | 'groups'>;

const foundNothing: Finding = { found: new Uint8Array(0), groups: [] };

/** What an act sends; null: it sends nothing. A copy: what was received may be written again while a send waits. */
const sentBy = (act: Act, finding: Finding): Bytes | null => {
  switch (act.kind) {
    case 'echo':
      return { kind: 'literal', data: finding.found.slice(), notation: 'text' };
    case 'send':
      return { kind: 'literal', data: sentBytes(act.parts, finding), notation: 'text' };
    case 'file':
      return act;
    case 'discard':
    case 'shut':
    case 'close':
    case 'reset':
      return null;
  }
};

/** To whom an answer goes: the stream's other end, or a datagram's sender, null where that has no address. */
type To = 'peer' | Endpoint | null;

const callOf = (act: Act, on: string, finding: Finding, to: To): Call | null => {
  const data = sentBy(act, finding);
  if (data) {
    if (to === null) return null;
    return to === 'peer' ? { name: 'sendall', on, data } : { name: 'sendto', on, data, address: to };
  }
  switch (act.kind) {
    case 'shut':
      return { name: 'shutdown', on, how: 'SHUT_WR' };
    case 'close':
    case 'reset':
      return { name: act.kind, on };
    default:
      return null;
  }
};

/** The calls of one answer: the first waits, the others follow at once. */
const stepsOf = (
  { number, rule }: RuleState,
  acts: readonly Act[],
  on: string,
  finding: Finding,
  to: To,
): Step[] =>
  acts
    .map(act => callOf(act, on, finding, to))
    .filter(call => call !== null)
    .map((call, index) => ({ call, after: index === 0 ? rule.after : 0, rule: number }));

/** What is said to a connection before it has said anything. */
export const greetings = (rules: readonly RuleState[], on: string): Step[] =>
  rules.flatMap(rule => stepsOf(rule, actsOnAccept(rule.rule), on, foundNothing, 'peer'));

/**
 * The answers to what a receive brought, in their order, and what is heard still; undefined: nothing. `final`: nothing comes
 * after it.
 */
export const answersTo = (
  rules: readonly RuleState[],
  home: Call,
  { data, from }: Received,
  heard: Heard | undefined,
  final: boolean,
): { readonly steps: readonly Step[]; readonly heard: Heard | undefined } => {
  const datagram = home.name === 'recvfrom';
  const to = datagram ? (from ?? null) : 'peer';
  const steps: Step[] = [];
  for (let left = hear(heard ?? heardNothing, data); ; ) {
    const { answer, heard: rest } = findAnswer(rules, left, { final, datagram });
    const isAll = rest.bytes.length === 0;
    if (answer) steps.push(...stepsOf(answer.rule, actsOnReceive(answer.rule.rule), home.on, answer, to));
    if (answer && !isAll) left = rest;
    else return { steps, heard: isAll || rules.length === 0 ? undefined : rest };
  }
};
