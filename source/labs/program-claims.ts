import { materialise } from '../core/bytes/bytes.ts';
import { hasBytes } from '../core/bytes/find-bytes.ts';
import { quoteBytes } from '../core/bytes/payload.ts';
import type { Claim } from '../core/language/expectation.ts';
import type { Journal } from '../core/model/journal.ts';
import { isProcessName, type ProcessId } from '../core/model/process.ts';
import type { BenchState } from '../core/model/state.ts';
import { endWords } from '../core/words/process-words.ts';
import { t } from '../core/words/translate.ts';
import { holds } from './count-test.ts';

/** Whether a claim is about a program that the lab has started: it begins to run, and is seen in a call, in its own time. */
export const isOfProgram = (claim: Claim): boolean =>
  'process' in claim || ('target' in claim && isProcessName(claim.target.on));

/** What a program has printed so far, as far as the journal still holds it, a stream at a time. */
const printedBy = (process: ProcessId, journal: Journal): { out: Uint8Array; err: Uint8Array } => {
  const pieces: { out: Uint8Array[]; err: Uint8Array[] } = { out: [], err: [] };
  for (let n = journal.first(); n <= journal.last(); n++) {
    const entry = journal.at(n);
    if (entry?.kind === 'output' && entry.actor === process) pieces[entry.stream].push(entry.data);
  }
  return { out: Buffer.concat(pieces.out), err: Buffer.concat(pieces.err) };
};

/** Bytes that a message shows of what was printed, from its end. */
const shown = 300;

const endOf = (data: Uint8Array): string =>
  `${data.length > shown ? '...' : ''}${quoteBytes(data.subarray(-shown), 4 * shown)}`;

/** `printed "Done!\n"`: the newest of it, errors before all. */
export const printedWords = (process: ProcessId, journal: Journal): string => {
  const { out, err } = printedBy(process, journal);
  if (err.length > 0) return t`printed as errors ${endOf(err)}`;
  return out.length > 0 ? t`printed ${endOf(out)}` : t('printed nothing');
};

export const judgePrinted = (
  { process, bytes }: Extract<Claim, { kind: 'prints' }>,
  journal: Journal,
): true | string => {
  const wanted = materialise(bytes);
  const { out, err } = printedBy(process, journal);
  return hasBytes(out, wanted) || hasBytes(err, wanted) || `${process} ${printedWords(process, journal)}`;
};

export const judgeExit = (
  { process, test }: Extract<Claim, { kind: 'exit' }>,
  state: BenchState,
): true | string => {
  const ended = state.processes.get(process)?.ended;
  if (!ended) return ended === null ? t`${process} is still running` : t`${process} was not started`;
  return (ended.code !== null && holds(test, ended.code)) || `${process} ${endWords(ended)}`;
};
