import type { KeyOf } from '../../source/commands/calling/command.ts';
import { buildKeymap, firstKeys, keyWords } from '../../source/commands/calling/keymap.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import type { Finding } from '../../source/core/model/finding.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { reasonsOf } from '../../source/core/waits/waits.ts';
import { findingSentence } from '../../source/core/words/finding-words.ts';
import { waitSentence } from '../../source/core/words/wait-words.ts';

const built = buildKeymap(commandTable);
if (!built.ok) throw new Error(built.messages.join('\n'));

/** The keys of the table, as nobody has bound them anew. */
export const tableKeys: KeyOf = firstKeys(built.keymap);

/** The same, for words about waits. */
export const tableWords = keyWords(tableKeys);

/** A finding as a person with the table's keys reads it. */
export const sentenceOf = (finding: Finding | undefined): string =>
  finding ? findingSentence(finding, tableWords) : '';

/** For whom each call in flight waits, as the same person reads it, by the call's id. */
export const waitWords = (state: BenchState): ReadonlyMap<number, string> =>
  new Map([...reasonsOf(state)].map(([id, reason]) => [id, waitSentence(state, reason, tableWords)]));
