import type { Source } from '../../bench/engine/source.ts';
import type { Saved } from '../../commands/calling/command.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { ExportName } from '../../core/model/exports.ts';
import type { Journal } from '../../core/model/journal.ts';
import { t } from '../../core/words/translate.ts';
import { expandHome } from '../../files/bounded-file.ts';
import { headerOf } from '../../formats/session/jsonl.ts';
import { spoolOf } from '../spool-file.ts';
import { fileTrouble, fillNewFile, writeNewFile } from './new-file.ts';

/** From where a journal can be kept: its beginning, or its oldest checkpoint where the beginning was dropped. */
const keptFrom = (journal: Journal): number | null => {
  if (journal.first() === 1) return 1;
  for (let n = journal.first(); n <= journal.last(); n++) if (journal.at(n)?.kind === 'checkpoint') return n;
  return null;
};

const said = (file: string, format: ExportName, from: number, count: number): string => {
  const as = format === 'jsonl' ? '' : t` as ${format}`;
  const entries = count === 1 ? t`1 entry saved${as}` : t`${count} entries saved${as}`;
  const part =
    from === 1 ? t('the whole session') : t`from the checkpoint #${from} on, what came before was dropped`;
  return t`${safeText(file)}: ${entries}, ${part}`;
};

/** Keeps what the journal still holds, and as lines of JSON the bytes that its spool has, in a new file, and says how much of the session that is. */
export const keepSession = async (
  source: Source,
  file: string,
  format: ExportName,
  lab?: string,
): Promise<Saved> => {
  source.flush();
  const { journal } = source;
  const from = keptFrom(journal);
  const none = t('its beginning was dropped, and no checkpoint came since: nothing can be saved yet');
  if (from === null) return { ok: false, message: none };
  const header = headerOf(source.began, lab, source.start);
  const entries = journal.slice(from, journal.last());
  const state = source.state();
  const spool = spoolOf(source);
  // What exports read and write is loaded with the first of them, not with the workbench.
  const { exportFormats } = await import('../../formats/export-formats.ts');
  try {
    if (format === 'jsonl' && spool && spool.last() > 0) {
      const { writeWhole } = await import('./whole-session.ts');
      await fillNewFile(expandHome(file), write => writeWhole(header, entries, spool, write));
      return { ok: true, message: said(file, format, from, entries.length) };
    }
    const exported = exportFormats[format]({ header, entries, state, cut: false });
    if (!exported.ok) return { ok: false, message: exported.message };
    await writeNewFile(expandHome(file), exported.pieces);
    return { ok: true, message: said(file, format, from, entries.length) };
  } catch (error) {
    return { ok: false, message: fileTrouble(file, error) };
  }
};
