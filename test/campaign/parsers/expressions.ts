import { findAnswer, hear, heardNothing } from '../../../source/bench/behaviours/rule-match.ts';
import { rulePatternProblem } from '../../../source/bench/behaviours/rule-pattern.ts';
import { parseRuleText } from '../../../source/core/language/rule-text.ts';
import type { Chance } from '../../support/chance.ts';
import type { Answer } from './judge.ts';
import type { Subject } from './subject.ts';

const atoms = [
  'a',
  '.',
  '[ab]',
  '[^a]',
  '\\S',
  '\\d+',
  'é',
  '\\x00',
  '(?:a|a)',
  'a*',
  '$',
  '^',
  '\\b',
  '\\Qa.b\\E',
  '[[:alpha:]]',
];
const repeats = ['', '', '*', '+', '?', '*?', '{2}', '{0,9}', '{1,30}', '{10}', '{1000}'];

/** An expression by RE2's grammar; those that a matcher which goes back would never end with are among them. */
const expression = (chance: Chance, depth: number): string => {
  const piece = (): string => {
    const inner = depth > 0 && chance.below(3) > 0 ? expression(chance, depth - 1) : '';
    const base = inner === '' ? chance.one(atoms) : `${chance.one(['(', '(?:', '(?i:'])}${inner})`;
    return `${base}${chance.one(repeats)}`;
  };
  const pieces = Array.from({ length: 1 + chance.below(4) }, piece).join('');
  return chance.below(4) === 0 ? `${pieces}|${piece()}` : pieces;
};

const received = [
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab',
  'ab',
  'a',
  '\0',
  '\r\n',
  'é',
  'GET / HTTP/1.1\r\n',
  'a b ',
];

/** What a peer sends: a quarter of what is kept of it at most, since there are several. */
const stream = (chance: Chance): Uint8Array =>
  Buffer.from(
    chance.one(received).repeat(1 + chance.below(chance.below(20) === 0 ? 400 : 20)) + chance.one(received),
  );

/** A person's own expression, and what is looked through with it while a screen is to be drawn. */
const answering = (rule: string, pieces: readonly Uint8Array[], final: boolean): Answer => {
  const read = parseRuleText(rule, rulePatternProblem);
  if (!read.ok) return read;
  const rules = [{ number: 1, socket: 'a1', rule: read.value, enabled: true }];
  let heard = heardNothing;
  for (const piece of pieces) heard = findAnswer(rules, hear(heard, piece), { final }).heard;
  return { ok: true };
};

export const expressions: Subject = {
  name: 'expressions',
  share: 20,
  input: chance => {
    const rule = `recv /${expression(chance, chance.below(4)).replaceAll('/', '\\/')}/${chance.one(['', 'i', 's', 'm'])} send "x$1"`;
    const pieces = Array.from({ length: 1 + chance.below(3) }, () => stream(chance));
    const final = chance.below(2) === 0;
    const sizes = pieces.map(({ length }) => length).join(' and ');
    return { shown: `${rule} for ${sizes} bytes`, read: () => answering(rule, pieces, final) };
  },
};
