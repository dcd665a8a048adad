import { type Call, type CallName, titleOf } from '../calls/call.ts';
import type { CallSpec, Parameter, Subject } from '../calls/call-spec.ts';
import { callNames, calls, isCallName, made } from '../calls/calls.ts';
import { isActor, isProgram, letterWords, nameExamples } from '../model/actors.ts';
import { isFileName, isOwnSocketName, isSocketName } from '../model/names.ts';
import { marked, t } from '../words/translate.ts';
import { type Codec, codecs, type Fields } from './arguments.ts';
import type { Target } from './expectation.ts';
import { type Parsed, parsed, type Refused, refused } from './parsed.ts';
import { didYouMean } from './suggest.ts';
import { endColumn, isOperator, refusedAt, type Taken, type Token } from './tokens.ts';

/** The table erases what each field holds: kinds and fields are paired in the table of calls. */
const codecOf = (parameter: Parameter): Codec<unknown> => codecs[parameter.kind] as unknown as Codec<unknown>;

const specOf = (name: CallName): CallSpec => calls[name];

const subjectNames: Readonly<Record<Subject, string>> = {
  module: marked('the module itself'),
  socket: marked('a socket'),
  file: marked('a file object'),
  process: marked('a process, which the bench has none of'),
};

const examples: Readonly<Record<Subject, string>> = {
  module: '',
  socket: 'c1.',
  file: 'f1.',
  process: 'p1.',
};

const subjectOf = (on: string): Subject | undefined => {
  if (on === '') return 'module';
  if (isSocketName(on)) return 'socket';
  if (isFileName(on)) return 'file';
  return isActor(on) && !isProgram(on) ? 'process' : undefined;
};

const callsOf = (subject: Subject): CallName[] => callNames.filter(name => specOf(name).on.includes(subject));

/** Words that begin a line and so name nothing else. */
export const keywords = ['wait', 'cancel', 'expect', 'sleep', 'repeat'];

const unknownSubject = (token: Token, on: string): Refused =>
  refusedAt(
    token,
    t`${on} is no socket and no file: names are a letter and a number, ${letterWords()}, f file`,
  );

/** `c1.recv`, `getaddrinfo`, also `socket.getaddrinfo` as in Python. */
export const parseTarget = (token: Token): Parsed<Target> => {
  if (token.kind === 'operator') return refusedAt(token, t`a call is expected here, not ${token.text}`);
  const dot = token.text.lastIndexOf('.');
  const name = token.text.slice(dot + 1);
  const before = token.text.slice(0, Math.max(0, dot));
  const on = before === 'socket' && isCallName(name) && specOf(name).on.includes('module') ? '' : before;
  const subject = subjectOf(on);
  if (!subject) return unknownSubject(token, on);
  if (!isCallName(name)) {
    const known =
      subject === 'module'
        ? [...callNames.filter(one => !specOf(one).on.includes('process')), ...keywords]
        : callsOf(subject);
    const start = subject === 'module' ? isSocketName(name) || isFileName(name) : false;
    const way = start
      ? t`: write what it shall do, as in ${name}.close`
      : didYouMean(name, known, t(': the help lists the calls'));
    return refusedAt({ ...token, text: name, column: token.column + dot + 1 }, t`${name} is no call${way}`);
  }
  const subjects = specOf(name).on;
  if (subjects.includes(subject)) return parsed({ on, name });
  const made = subjects.map(one => t(subjectNames[one])).join(t(' or '));
  return refusedAt(token, t`${name} is called on ${made}: write ${examples[subjects[0]!]}${name}`);
};

/** What a call's result may be called: sockets and file objects have names of a letter and a number. */
export const checkName = (token: Token, { name }: Target): Refused | undefined => {
  const { text } = token;
  const makes = made(name);
  if (makes === 'file' && !isFileName(text))
    return refusedAt(token, t`${text} cannot name a file object: take f1`);
  if (makes !== null && makes !== 'file' && !isOwnSocketName(text)) {
    return refusedAt(
      token,
      t`${text} cannot name a socket: take ${nameExamples()}; the letter says whose it is`,
    );
  }
  if (makes !== null) return undefined;
  if (!/^[A-Za-z_]\w{0,63}$/.test(text) || keywords.includes(text)) {
    return refusedAt(
      token,
      t`${text} cannot name a value: take letters, digits and _, and begin with a letter`,
    );
  }
  if (!isSocketName(text) && !isFileName(text)) return undefined;
  return refusedAt(
    token,
    isFileName(text)
      ? t`${text} names a file object, and ${name} makes none`
      : t`${text} names a socket, and ${name} makes none`,
  );
};

const usage = (target: Target): string => {
  const parameters = specOf(target.name).parameters.map(({ field, fallback, optional }) =>
    fallback !== undefined || optional ? `[${field}]` : field,
  );
  return [titleOf(target), ...parameters].join(' ');
};

const tooMuch = ({ text, ...token }: Token, target: Target): Refused => {
  const { name } = target;
  const many = specOf(name).parameters.length;
  const refuse = (message: string) => refusedAt({ text, ...token }, message);
  if (many === 0) return refuse(t`${text} is too much: ${name} takes nothing`);
  const needed = usage(target);
  return refuse(
    many === 1
      ? t`${text} is too much: ${name} takes one argument: ${needed}`
      : t`${text} is too much: ${name} takes ${many} arguments: ${needed}`,
  );
};

/** `partial`: arguments from the right may be missing, and nothing is filled in. */
const parseFields = (
  tokens: readonly Token[],
  target: Target,
  end: number,
  partial: boolean,
): Parsed<Fields> => {
  const fields: Record<string, unknown> = {};
  let rest = tokens;
  for (const parameter of specOf(target.name).parameters) {
    if (rest.length === 0) {
      if (partial || parameter.optional) continue;
      const { noun } = codecOf(parameter);
      const message = t`${target.name} needs ${noun()}`;
      if (parameter.fallback === undefined) return refused(message, end);
      fields[parameter.field] = parameter.fallback;
      continue;
    }
    const wrong = rest.find(token => token.kind === 'operator');
    if (wrong) return refusedAt(wrong, t`${wrong.text} does not belong here: ${usage(target)}`);
    const taken: Parsed<Taken<unknown>> = codecOf(parameter).parse(rest, fields);
    if (!taken.ok) return taken;
    fields[parameter.field] = taken.value.value;
    rest = rest.slice(taken.value.used);
  }
  return rest.length > 0 ? tooMuch(rest[0]!, target) : parsed(fields);
};

const unresolved = (tokens: readonly Token[]): Refused | undefined => {
  const variable = tokens.find(token => token.text.startsWith('$'));
  return (
    variable && refusedAt(variable, t`${variable.text} has no value here: it is put in before a line is read`)
  );
};

/** A call from its words; `partial` as a pattern with arguments left out. */
export const readCall = (tokens: readonly Token[], partial = false): Parsed<Call> => {
  const named = isOperator(tokens[1], '=');
  const head = tokens[named ? 2 : 0];
  if (!head) return refused(t('a call is missing, as in c1.recv 4096'), endColumn(tokens));
  const target = parseTarget(head);
  if (!target.ok) return target;
  const wrong = (named && checkName(tokens[0]!, target.value)) || unresolved(tokens);
  if (wrong) return wrong;
  const words = tokens.slice(named ? 3 : 1);
  const fields = parseFields(words, target.value, endColumn(tokens), partial);
  if (!fields.ok) return fields;
  const { name, on } = target.value;
  return parsed({ name, on, ...(named ? { as: tokens[0]!.text } : {}), ...fields.value } as Call);
};

/** A call as one line. Every argument that it has is written, defaults too: the log says what was done. */
export const writeCall = (call: Call, limit?: number): string => {
  const words = call.as === undefined ? [] : [call.as, '='];
  words.push(titleOf(call));
  for (const parameter of specOf(call.name).parameters) {
    const value = (call as unknown as Fields)[parameter.field];
    if (value !== undefined) words.push(codecOf(parameter).format(value, limit));
  }
  // Settings of which none is set are no word.
  return words.filter(word => word !== '').join(' ');
};
