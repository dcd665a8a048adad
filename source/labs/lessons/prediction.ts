import type { PredictedEnd, Prediction } from '../../bench/view/lab-view.ts';
import { encodeText } from '../../core/bytes/payload.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { Expected } from '../../core/language/expectation.ts';
import { innerLine, parseLine } from '../../core/language/line.ts';
import { isEof } from '../../core/words/outcome-text.ts';
import { marked, t } from '../../core/words/translate.ts';
import { expectationText } from '../line-words.ts';
import { matches } from '../matches.ts';
import type { Verdict } from '../verdict.ts';

/** What became of a step that was foretold. */
export type Came = {
  readonly verdict: Verdict;
  /** undefined where the call has not ended. */
  readonly outcome: Outcome | undefined;
  readonly call: Call;
};

const valued: ReadonlySet<Expected['kind']> = new Set([
  'bytes',
  'starts',
  'contains',
  'pattern',
  'range',
  'endpoint',
  'duration',
  'none',
  'eof',
]);

/** Whether what a line returns says more than that it returned. */
export const returnsValue = (text: string): boolean => {
  const read = parseLine(`c1.recv 1 => ${expectationText(text).replace(/\$\w+/g, '1')}`);
  const line = read.ok ? innerLine(read.value) : null;
  const kind = line && 'expectation' in line ? line.expectation?.value.kind : undefined;
  return kind !== undefined && valued.has(kind);
};

export const endOf = ({ verdict, outcome }: Came): PredictedEnd => {
  if (!outcome) return verdict.found === 'blocked' || verdict.found === 'queued' ? 'blocks' : 'returns';
  return outcome.kind === 'error' ? 'fails' : 'returns';
};

/** A call that a deadline ended has blocked first: who said so is right too. */
const wasEnd = (end: PredictedEnd, came: Came): boolean =>
  end === endOf(came) ||
  (end === 'blocks' && came.outcome?.kind === 'error' && came.outcome.code === 'TIMEOUT');

const unquoted = (text: string): string => text.trim().replace(/^b?(["'])(.*)\1$/s, '$2');

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** Whether a person's text means what came: as a line of a lab says it, or as anybody would. */
const meant = (text: string, { outcome, call }: Came): boolean => {
  if (!outcome) return false;
  const read = parseLine(`c1.recv 1 => ${text}`);
  const line = read.ok ? innerLine(read.value) : null;
  if (line && 'expectation' in line && line.expectation && matches(line.expectation, outcome, call) === true)
    return true;
  const words = unquoted(text);
  if (isEof(outcome, call)) return words === '' || /^(?:eof|nothing|无|没有|空|0)$/i.test(words);
  if (outcome.kind === 'data') return sameBytes(encodeText(words), outcome.data);
  if (outcome.kind === 'text') return outcome.text === words;
  return false;
};

export const isRight = (said: Prediction, came: Came): boolean =>
  said.kind === 'end' ? wasEnd(said.end, came) : meant(said.text, came);

const ends: Readonly<Record<PredictedEnd, string>> = {
  returns: marked('it returns'),
  blocks: marked('it blocks'),
  fails: marked('it fails'),
};

/** What a person said, and whether it was so: a sentence each. */
export const predictionWords = (said: Prediction, came: Came): string => {
  const value = said.kind === 'end' ? '' : said.text.trim();
  const you = t`You said: ${said.kind === 'end' ? t(ends[said.end]) : value === '' ? t('it returns nothing') : t`it returns ${value}`}.`;
  if (isRight(said, came)) return t`${you} So it is.`;
  const end = endOf(came);
  return said.kind === 'value' && end === 'returns'
    ? t`${you} Not this time.`
    : t`${you} Not this time: ${t(ends[end])}.`;
};
