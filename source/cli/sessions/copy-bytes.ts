import type { Source } from '../../bench/engine/source.ts';
import type { Saved } from '../../commands/calling/command.ts';
import type { BytesWanted, WrittenForm } from '../../core/bytes/bytes-wanted.ts';
import { formatSize } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import { toTerminal } from '../print.ts';
import { copyText } from '../screen/clipboard.ts';
import { walkBytes } from './bytes-of-session.ts';
import { missingWords, originOf } from './save-bytes.ts';

/** More than a person pastes anywhere; in bytes. */
const mostCopied = 8 * 1024 * 1024;

/** Puts the bytes on the clipboard, written in that form; says what became of it, and what is missing. */
export const copyBytes = async (source: Source, wanted: BytesWanted, form: WrittenForm): Promise<Saved> => {
  source.flush();
  const origin = await originOf(source, wanted, source.journal.last());
  if (typeof origin === 'string') return { ok: false, message: origin };
  const { found, walk, total, why } = origin;
  if (found.known > mostCopied)
    return {
      ok: false,
      message: t`${found.known} bytes are not copied: at most ${formatSize(mostCopied)} are; save writes them to a file`,
    };
  const parts: Uint8Array[] = [];
  const trouble = await walkBytes(walk, wanted, found.from, async bytes => void parts.push(bytes));
  if (trouble !== null) return { ok: false, message: trouble };
  const data = Buffer.concat(parts);
  if (data.length === 0)
    return { ok: false, message: t`there are no bytes to copy${missingWords(0, total, why)}` };
  const { writtenAs } = await import('../../formats/byte-forms.ts');
  const copied = await copyText(writtenAs[form](data), toTerminal);
  const missing = missingWords(data.length, total, why);
  return { ok: true, message: t`${data.length} bytes as ${form}${missing}: ${copied}` };
};
