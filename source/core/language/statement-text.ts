import { beginsBytes, parseKnownBytes } from '../bytes/bytes-text.ts';
import { type LoopName, type Program, programs, programTable } from '../model/actors.ts';
import { type Policy, policies } from '../model/names.ts';
import { t } from '../words/translate.ts';
import { parseTarget } from './call-text.ts';
import { parseTime } from './expectation-text.ts';
import { type FaultStatement, parseFaultStatement } from './fault-statement.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import { parseRelayStatement, type RelayStatement } from './relay-text.ts';
import { parseRepeatStatement, type RepeatStatement } from './repeat-text.ts';
import { parseRuleStatement, type RuleStatement } from './rule-statement.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, isOperator, refusedAt, type Token } from './tokens.ts';

/** Rounds beyond this are a mistake: a thousand exchanges take a second. */
export const mostRounds = 1_000_000;

/** `sleep 200ms`, `client.policy single`, `tcp-server.loop receive on`, `s1.on accept echo`: lines that are no call and expect nothing. */
export type Statement =
  | RelayStatement
  | RepeatStatement
  | FaultStatement
  | RuleStatement
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'policy'; readonly program: Program; readonly policy: Policy }
  | { readonly kind: 'loop'; readonly program: Program; readonly loop: LoopName; readonly on: boolean };

/** `a1.recv until "\r\n" within 2s`: received piece by piece to the delimiter's end. `within` in ms, for all of it. */
export type Until = {
  readonly on: string;
  readonly delimiter: Uint8Array;
  readonly within: number | null;
};

const sleep = (tokens: readonly Token[]): Parsed<Statement> => {
  const ms = parseTime(tokens[1], tokens[0]!);
  if (!ms.ok) return ms;
  return tokens[2]
    ? refusedAt(tokens[2], t`${tokens[2].text} is too much: sleep takes one time`)
    : parsed({ kind: 'sleep', ms: ms.value });
};

const oneOf = <T extends string>(
  token: Token | undefined,
  words: readonly T[],
  example: string,
  end: number,
): Parsed<T> => {
  const list = t`write ${words.join(t(' or '))}, as in ${example}`;
  if (!token) return refused(list, end);
  const word = words.find(each => each === token.text);
  return word === undefined
    ? refusedAt(token, t`${token.text} is not meant here${didYouMean(token.text, words, t`: ${list}`)}`)
    : parsed(word);
};

const policyLine = (tokens: readonly Token[], program: Program): Parsed<Statement> => {
  const policy = oneOf(tokens[1], policies, `${program}.policy single`, endColumn(tokens));
  if (!policy.ok) return policy;
  if (tokens[2]) return refusedAt(tokens[2], t`${tokens[2].text} is too much: a program has one policy`);
  return parsed({ kind: 'policy', program, policy: policy.value });
};

const loopLine = (tokens: readonly Token[], program: Program): Parsed<Statement> => {
  const { loops } = programTable[program];
  const example = `${program}.loop receive on`;
  const loop = oneOf(tokens[1], loops, example, endColumn(tokens));
  if (!loop.ok) return loop;
  const state = oneOf(tokens[2], ['on', 'off'], example, endColumn(tokens));
  if (!state.ok) return state;
  if (tokens[3]) return refusedAt(tokens[3], t`${tokens[3].text} is too much: a loop is on or off`);
  return parsed({ kind: 'loop', program, loop: loop.value, on: state.value === 'on' });
};

/** Null where the line begins with no word of a statement's. */
export const parseStatement = (tokens: readonly Token[]): Parsed<Statement> | null => {
  const word = tokens[0]!.text;
  if (isOperator(tokens[1], '=')) return null;
  if (word === 'sleep') return sleep(tokens);
  const ofSocket = parseRelayStatement(tokens) ?? parseFaultStatement(tokens) ?? parseRepeatStatement(tokens);
  if (ofSocket) return ofSocket;
  const rule = parseRuleStatement(tokens);
  if (rule) return rule;
  const program = programs.find(each => word.startsWith(`${each}.`));
  if (!program) return null;
  const what = word.slice(program.length + 1);
  if (what === 'policy') return policyLine(tokens, program);
  if (what === 'loop') return loopLine(tokens, program);
  return refusedAt(tokens[0]!, t`${program} has no ${what}: write ${program}.policy or ${program}.loop`);
};

/** `recv until BYTES [within TIME]`; null where the tokens are no such line. */
export const parseUntil = (tokens: readonly Token[]): Parsed<Until> | null => {
  const [head, word, ...rest] = tokens;
  if (!head?.text.endsWith('.recv') || word?.text !== 'until') return null;
  const target = parseTarget(head);
  if (!target.ok) return target;
  const example = `${head.text} until "\\r\\n"`;
  if (!beginsBytes(rest))
    return refused(t`until which bytes? Write for instance ${example}`, endColumn([word]));
  const bytes = parseKnownBytes(rest);
  if (!bytes.ok) return bytes;
  const { value, used } = bytes.value;
  if (value.kind !== 'literal') return refusedAt(rest[0]!, t`a delimiter is text or hex, as in ${example}`);
  if (value.data.length === 0)
    return refusedAt(rest[0]!, t`an empty delimiter is everywhere: write for instance ${example}`);
  const [within, time, more] = rest.slice(used);
  const { data: delimiter } = value;
  if (!within) return parsed({ on: target.value.on, delimiter, within: null });
  if (within.text !== 'within')
    return refusedAt(within, t`${within.text} is too much: what may follow is within 2s`);
  const ms = parseTime(time, within);
  if (!ms.ok) return ms;
  if (more) return refusedAt(more, t`${more.text} is too much here`);
  return parsed({ on: target.value.on, delimiter, within: ms.value });
};
