import type { Bench } from '../bench/bench.ts';
import type { Saved } from '../commands/command.ts';
import { safeText } from '../core/payload.ts';
import { headerOf } from '../formats/jsonl.ts';
import { savedFrom, saveSession } from '../formats/save.ts';
import { fileTrouble } from './recording.ts';

/** Keeps what the bench's journal still holds, and says how much of the session that is. */
export const keepSession = async (bench: Bench, file: string, lab?: string): Promise<Saved> => {
  bench.flush();
  const from = savedFrom(bench.journal);
  const none = 'its beginning was dropped, and no checkpoint came since: nothing can be saved yet';
  if (from === null) return { ok: false, message: none };
  try {
    const count = await saveSession(file, headerOf(bench.began, lab, bench.start), bench.journal);
    const entries = `${count} ${count === 1 ? 'entry' : 'entries'}`;
    const part =
      from === 1 ? 'the whole session' : `from the checkpoint #${from} on, what came before was dropped`;
    return { ok: true, message: `${safeText(file)}: ${entries} saved, ${part}` };
  } catch (error) {
    return { ok: false, message: fileTrouble(file, error) };
  }
};
