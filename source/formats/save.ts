import { writeFile } from 'node:fs/promises';
import type { Journal } from '../core/journal.ts';
import { encodeEntry, encodeHeader, type Header } from './jsonl.ts';

/** From where a journal can be saved: its beginning, or its oldest checkpoint where the beginning was dropped. */
export const savedFrom = (journal: Journal): number | null => {
  if (journal.first() === 1) return 1;
  for (let n = journal.first(); n <= journal.last(); n++) if (journal.at(n)?.kind === 'checkpoint') return n;
  return null;
};

/**
 * Saves what the journal still holds to a new file (0600): the whole session, or from its oldest checkpoint on.
 * Answers how many entries were saved. Rejects with the system's error.
 */
export const saveSession = async (file: string, header: Header, journal: Journal): Promise<number> => {
  const from = savedFrom(journal);
  if (from === null) throw new Error('nothing that is still held can be saved');
  const lines = [encodeHeader(header)];
  for (let n = from; n <= journal.last(); n++) lines.push(encodeEntry(journal.at(n)!));
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  return lines.length - 1;
};
