import { beginsBytes, parseKnownBytes } from '../bytes/bytes-text.ts';
import { isCallName } from '../calls/calls.ts';
import { findingNames } from '../model/finding.ts';
import { isFileName, isSocketName } from '../model/names.ts';
import { isProcessName, type ProcessId } from '../model/process.ts';
import { t } from '../words/translate.ts';
import { parseTarget, readCall } from './call-text.ts';
import {
  type Claim,
  type Comparison,
  type CountProperty,
  type CountTest,
  countProperties,
  type Target,
  type WordProperty,
  wordProperties,
} from './expectation.ts';
import { parseRange, parseTime } from './expectation-text.ts';
import { type Parsed, parsed, type Refused, refused, shifted } from './parsed.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, isOperator, refusedAt, type Token } from './tokens.ts';
import { parseSize } from './units.ts';

/** ss's words for states, and the bench's own for a socket that the person closed or a peer reset. */
const states = [
  'CLOSED',
  'UNCONN',
  'LISTEN',
  'SYN-SENT',
  'ESTAB',
  'FIN-WAIT',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'LAST-ACK',
  'CLOSING',
  'TIME-WAIT',
  'RESET',
];

type Body = Claim extends infer C ? (C extends Claim ? Omit<C, 'within'> : never) : never;

const isComparison = (token: Token | undefined): boolean =>
  token?.kind === 'operator' && /^(==|!=|<=?|>=?)$/.test(token.text);

const noMore = (tokens: readonly Token[]): Refused | undefined =>
  tokens[0] && refusedAt(tokens[0], t`${tokens[0].text} is too much here`);

const wordTest = (tokens: readonly Token[], socket: string, property: WordProperty): Parsed<Body> => {
  const [operator, token, ...rest] = tokens;
  if (!operator || !(operator.text === '==' || operator.text === '!=') || !token) {
    const message = t`${property} is a word: compare it with == or !=, as in ${socket}.state == ESTAB`;
    return operator ? refusedAt(operator, message) : refused(message);
  }
  const extra = noMore(rest);
  if (extra) return extra;
  if (property === 'state' && !states.includes(token.text)) {
    const near = didYouMean(
      token.text === 'ESTABLISHED' ? 'ESTAB' : token.text,
      states,
      t`: write ${states.join(', ')}`,
    );
    return refusedAt(token, t`${token.text} is no state as ss words them${near}`);
  }
  return parsed({ kind: 'word', socket, property, negated: operator.text === '!=', value: token.text });
};

const countTest = (tokens: readonly Token[], property: CountProperty | 'exit'): Parsed<CountTest> => {
  const [operator, token] = tokens;
  const wrong = t`${property} is a number: compare it, as in ${property} == 2, > 0 or 1..64KiB`;
  if (!operator) return refused(wrong);
  if (isOperator(operator, '=')) return refusedAt(operator, t('one = names a result: compare with =='));
  const compared = isComparison(operator);
  const extra = noMore(tokens.slice(compared ? 2 : 1));
  if (extra) return extra;
  if (compared) {
    if (!token) return refusedAt(operator, wrong);
    const number = shifted(parseSize(token.text), token.column);
    const comparison = operator.text as Comparison;
    return number.ok ? parsed({ kind: 'compare', operator: comparison, value: number.value }) : number;
  }
  const range = operator.kind === 'word' ? parseRange(operator) : null;
  if (!range) return refusedAt(operator, wrong);
  return range.ok ? parsed({ kind: 'range', ...range.value }) : range;
};

const isWordProperty = (name: string): name is WordProperty =>
  (wordProperties as readonly string[]).includes(name);
const isCountProperty = (name: string): name is CountProperty =>
  (countProperties as readonly string[]).includes(name);

/** `c1.state == ESTAB`, `s1.accept-q == 2`, `c1.sent 1B..63MiB`. */
const property = (head: Token, tokens: readonly Token[], end: number): Parsed<Body> => {
  const dot = head.text.lastIndexOf('.');
  const [socket, name] = [head.text.slice(0, Math.max(0, dot)), head.text.slice(dot + 1)];
  if (!isSocketName(socket) && !isFileName(socket)) {
    return refusedAt(head, t`${head.text} is nothing to expect: write for instance expect c1.state == ESTAB`);
  }
  const at = (result: Parsed<Body>): Parsed<Body> =>
    result.ok || result.column > 0 ? result : { ...result, column: end };
  if (isWordProperty(name)) return at(wordTest(tokens, socket, name));
  if (!isCountProperty(name)) {
    const known = [...wordProperties, ...countProperties];
    return refusedAt(
      head,
      t`${socket} has no ${name}${didYouMean(name, known, t`: there is ${known.join(', ')}`)}`,
    );
  }
  const test = countTest(tokens, name);
  return test.ok
    ? parsed({ kind: 'count', socket, property: name, test: test.value })
    : at(test as Parsed<Body>);
};

/** `p1`, and what stands behind its dot; null where the word is of no program. */
const programPart = ({ text }: Token): { readonly process: ProcessId; readonly name: string } | null => {
  const dot = text.indexOf('.');
  const [process, name] = dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
  return isProcessName(process) ? { process, name } : null;
};

/** `c1.recv`; also `p1.accept`, which stands for a call of the program's on any of its sockets. */
const flyingTarget = (token: Token): Parsed<Target> => {
  const part = programPart(token);
  return part && isCallName(part.name) ? parsed({ on: part.process, name: part.name }) : parseTarget(token);
};

/** `p1 prints "Waiting"`. */
const printed = (process: ProcessId, word: Token, tokens: readonly Token[]): Parsed<Body> => {
  if (!beginsBytes(tokens))
    return refused(t`prints what? Write for instance expect ${process} prints "Done!"`, endColumn([word]));
  const bytes = parseKnownBytes(tokens);
  if (!bytes.ok) return bytes;
  const { value, used } = bytes.value;
  return noMore(tokens.slice(used)) ?? parsed({ kind: 'prints', process, bytes: value });
};

/** `p1 prints "Waiting"`, `p1.exit == 0`; null where it is about no program itself. */
const programClaim = (head: Token, tokens: readonly Token[], end: number): Parsed<Body> | null => {
  const part = programPart(head);
  if (!part) return null;
  const { process, name } = part;
  const [word] = tokens;
  if (name === '' && word?.text === 'prints') return printed(process, word, tokens.slice(1));
  if (name === 'exit') {
    const test = countTest(tokens, name);
    if (test.ok) return parsed({ kind: 'exit', process, test: test.value });
    return test.column > 0 ? test : { ...test, column: end };
  }
  if (isSocketName(head.text.slice(0, Math.max(0, head.text.lastIndexOf('.'))))) return null;
  return refusedAt(
    head,
    t`${head.text} is nothing to expect of a program: write for instance expect ${process} prints "Done!", ${process}.exit == 0 or ${process}.accept blocked`,
  );
};

/** `c1.sendall blocked for 500ms`. */
const flight = (head: Token, tokens: readonly Token[]): Parsed<Body> => {
  const target = flyingTarget(head);
  if (!target.ok) return target;
  const [word, lasting, time] = tokens;
  const kind = word!.text === 'queued' ? 'queued' : 'blocked';
  if (!lasting) return parsed({ kind, target: target.value, for: null });
  if (lasting.text !== 'for')
    return refusedAt(lasting, t`${lasting.text} is too much: what may follow is for 500ms`);
  const ms = parseTime(time, lasting);
  if (!ms.ok) return ms;
  return noMore(tokens.slice(3)) ?? parsed({ kind, target: target.value, for: ms.value });
};

/** `finding deadlock c1.recv a1.recv`. */
const finding = (tokens: readonly Token[], absent: boolean, end: number): Parsed<Body> => {
  const [word, ...rest] = tokens;
  const known = findingNames.join(', ');
  if (!word) return refused(t`which finding? Write ${known}`, end);
  const name = findingNames.find(one => one === word.text);
  if (!name)
    return refusedAt(
      word,
      t`${word.text} is no finding${didYouMean(word.text, findingNames, t`: there is ${known}`)}`,
    );
  const about: (string | Target)[] = [];
  for (const token of rest) {
    const target = isSocketName(token.text) ? parsed(token.text) : flyingTarget(token);
    if (!target.ok) return target;
    about.push(target.value);
  }
  return parsed({ kind: 'finding', absent, name, about });
};

/** `call getaddrinfo "localhost" inside c1.connect`. */
const callClaim = (tokens: readonly Token[], absent: boolean): Parsed<Body> => {
  const place = tokens.findIndex(token => token.text === 'inside');
  const call = readCall(place < 0 ? tokens : tokens.slice(0, place), true);
  if (!call.ok) return call;
  if (place < 0) return parsed({ kind: 'call', absent, call: call.value, inside: null });
  const outer = tokens[place + 1];
  if (!outer) return refusedAt(tokens[place]!, t('inside needs a call, as in inside c1.connect'));
  const inside = parseTarget(outer);
  if (!inside.ok) return inside;
  return (
    noMore(tokens.slice(place + 2)) ??
    parsed({ kind: 'call', absent, call: call.value, inside: inside.value })
  );
};

/** `refused socket SOCK_STREAM AF_INET`: the line is read when the claim is judged. */
const refusedLine = (head: Token, tokens: readonly Token[]): Parsed<Body> => {
  if (tokens.length > 0) return parsed({ kind: 'refused', line: tokens.map(({ text }) => text).join(' ') });
  return refused(
    t('which line? Write for instance expect refused socket SOCK_STREAM AF_INET'),
    endColumn([head]),
  );
};

const body = (tokens: readonly Token[], end: number): Parsed<Body> => {
  const absent = tokens[0]?.text === 'no';
  const [head, ...rest] = absent ? tokens.slice(1) : tokens;
  if (!head) return refused(t('what is expected? Write for instance expect c1.state == ESTAB'), end);
  if (head.text === 'finding') return finding(rest, absent, end);
  if (head.text === 'call') return callClaim(rest, absent);
  if (absent) return refusedAt(head, t('no goes with finding and call: compare others with !='));
  if (head.text === 'refused') return refusedLine(head, rest);
  const word = rest[0]?.text;
  if (word === 'blocked' || word === 'queued') return flight(head, rest);
  return programClaim(head, rest, end) ?? property(head, rest, end);
};

/** What stands behind `expect`; `end` is the column behind the line's last word. */
export const parseClaim = (tokens: readonly Token[], end: number): Parsed<Claim> => {
  const place = tokens.findIndex(token => token.text === 'within');
  if (place < 0) {
    const claim = body(tokens, end);
    return claim.ok ? parsed({ ...claim.value, within: null } as Claim) : claim;
  }
  const ms = parseTime(tokens[place + 1], tokens[place]!);
  if (!ms.ok) return ms;
  const claim = body(
    [...tokens.slice(0, place), ...tokens.slice(place + 2)],
    endColumn(tokens.slice(0, place)),
  );
  return claim.ok ? parsed({ ...claim.value, within: ms.value } as Claim) : claim;
};
