import { conclude } from '../../core/fold/findings.ts';
import { fold } from '../../core/fold/fold.ts';
import type { Entry } from '../../core/model/entry.ts';
import type { Finding } from '../../core/model/finding.ts';
import type { BenchState } from '../../core/model/state.ts';
import type { Json, Step } from './upgrade-step.ts';

const descriptorWords = /^(\d+) of (\d+) descriptors are open:/;
const recordingWords = /^(the recording ends here|nothing is recorded): (.*)$/s;

/** Version 1 named in them the keys of the key table's defaults, which may not be the reader's. */
const withoutKeys = (words: string): string => words.replace(/ \([xP]\)/g, '');

/** What a finding of version 1 says by its words, where they say all: what the bench concluded stays worded for now. */
const fromWords = (finding: Json): Json => {
  const { name, key, sockets, calls, sentence, until } = finding;
  if (typeof sentence !== 'string') return finding;
  const descriptors = name === 'descriptors' ? descriptorWords.exec(sentence) : null;
  if (descriptors) return { name, key, sockets, open: Number(descriptors[1]), limit: Number(descriptors[2]) };
  const recording = name === 'recording' ? recordingWords.exec(sentence) : null;
  if (recording)
    return { name, key, sockets, begun: recording[1] !== 'nothing is recorded', trouble: recording[2] };
  return { name: 'worded', was: name, key, sockets, calls, words: withoutKeys(sentence), until };
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ofAny = (value: unknown): unknown => (isObject(value) ? fromWords(value) : value);

/** Findings are data. */
export const findingsAsData: Step = {
  since: 2,
  entry: entry => (entry.kind === 'finding' ? { ...entry, finding: ofAny(entry.finding) } : entry),
  state: state => (Array.isArray(state.findings) ? { ...state, findings: state.findings.map(ofAny) } : state),
};

/** Whether it waits for what is concluded from the entries before it. */
export const isWorded = (entry: Entry): boolean => {
  if (entry.kind === 'finding') return entry.finding.name === 'worded';
  return (
    entry.kind === 'checkpoint' && [...entry.state.findings.values()].some(({ name }) => name === 'worded')
  );
};

/** Worded findings are looked for by their keys among what a state lets one conclude today; the others stay. */
const again = (state: BenchState, findings: Iterable<Finding>): ReadonlyMap<string, Finding> => {
  const concluded = new Map(conclude(state).map(finding => [finding.key, finding]));
  return new Map(
    [...findings].map(finding => [
      finding.key,
      finding.name === 'worded' ? (concluded.get(finding.key) ?? finding) : finding,
    ]),
  );
};

/** The entries with what was worded concluded again from the entries before it. `state` is that before the first. */
export const unworded = (entries: readonly Entry[], state: BenchState): readonly Entry[] => {
  if (!entries.some(isWorded)) return entries;
  const done: Entry[] = [];
  let known: ReadonlyMap<string, Finding> = new Map();
  let now = state;
  let from = 0;
  const upTo = (index: number): BenchState => {
    // Folding links entries, which is done once all of them are there.
    now = fold(
      now,
      entries.slice(from, index).map(entry => ({ ...entry })),
    );
    from = index;
    return now;
  };
  for (const [index, entry] of entries.entries()) {
    if (!isWorded(entry)) done.push(entry);
    else if (entry.kind === 'checkpoint') {
      const findings = again(entry.state, entry.state.findings.values());
      done.push({ ...entry, state: { ...entry.state, findings } });
    } else if (entry.kind === 'finding') {
      const found = entry.on ? again(upTo(index), [entry.finding]) : known;
      const finding = found.get(entry.finding.key) ?? entry.finding;
      known = new Map([...known, [finding.key, finding]]);
      done.push({ ...entry, finding });
    }
  }
  return done;
};
