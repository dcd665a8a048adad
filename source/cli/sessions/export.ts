import { safeText } from '../../core/bytes/payload.ts';
import { bytesFormat, exportNames } from '../../core/model/exports.ts';
import { type Exported, exportFormats } from '../../formats/export-formats.ts';
import { complain, printData } from '../print.ts';
import { exportBytes } from './export-bytes.ts';
import { fileTrouble, gathered, writeNewFile } from './new-file.ts';
import { readSessionFile } from './session-file.ts';

export type ExportFlags = {
  readonly to: string;
  readonly output?: string;
  /** Whose bytes, with `--to bytes`; those it sent. */
  readonly socket?: string;
  readonly sent?: boolean;
};

/** Null, or what is wrong: `make` may refuse the session, and fail before or while its pieces are written. */
const written = async (output: string | undefined, make: () => Exported): Promise<string | null> => {
  try {
    const exported = make();
    if (!exported.ok) return exported.message;
    const { pieces } = exported;
    await (output === undefined || output === '-'
      ? printData(gathered(pieces))
      : writeNewFile(output, pieces));
    return null;
  } catch (error) {
    return fileTrouble(output === undefined || output === '-' ? 'standard output' : output, error);
  }
};

/** What is wrong, or null where the export was written. */
const trouble = async (file: string, { to, output = '-' }: ExportFlags): Promise<string | null> => {
  const format = exportNames.find(name => name === to);
  const all = [...exportNames, bytesFormat].join(', ');
  if (!format) return `--to ${safeText(to)}: there is no such format; there are ${all}`;
  const read = await readSessionFile(file);
  if (!read.ok) return read.message;
  const { session } = read;
  const name = file === '-' ? 'standard input' : safeText(file);
  if (session.cut) complain(`sockbench export: ${name}: the last line is cut off and was left out`);
  return written(output, () => {
    const exported = exportFormats[format](session);
    return exported.ok ? exported : { ok: false, message: `${name}: ${exported.message}` };
  });
};

/** Why the flags do not go together; null where they do. */
const flagTrouble = ({ to, socket, sent }: ExportFlags): string | null => {
  if (to !== bytesFormat)
    return socket === undefined && !sent ? null : '--socket and --sent go with --to bytes alone';
  return socket === undefined ? '--to bytes needs --socket NAME, as in --socket c1' : null;
};

/**
 * `sockbench export`: a session file for other tools. Exit status 0, 1 where bytes are missing, or 2 where a file or the
 * format is bad.
 */
export const exportSession = async (file: string, flags: ExportFlags): Promise<number> => {
  const wrong = flagTrouble(flags);
  const { to, output, socket = '', sent } = flags;
  if (wrong === null && to === bytesFormat)
    return exportBytes(file, { socket, direction: sent ? 'sent' : 'received', output });
  const message = wrong ?? (await trouble(file, flags));
  if (message === null) return 0;
  complain(`sockbench export: ${message}`);
  return 2;
};
