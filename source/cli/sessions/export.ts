import { safeText } from '../../core/bytes/payload.ts';
import { bytesFormat, exportNames } from '../../core/model/exports.ts';
import { readBounded, readTrouble } from '../../files/bounded-file.ts';
import { type Exported, type ExportMore, exportFormats } from '../../formats/export-formats.ts';
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
  /** Secrets of TLS for a pcapng. */
  readonly tlsKeys?: string;
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

/** Bytes of the longest key log that is read: a connection of TLS 1.3 has some 900. */
const mostKeys = 16 * 1024 ** 2;

/** Lines as `CLIENT_RANDOM 5a0c... 19fe...`, among comments (draft-ietf-tls-keylogfile). */
const keyLine = /^[A-Z0-9_]+ [0-9A-Fa-f]+ [0-9A-Fa-f]+\r?$/m;

const keysFrom = async (file: string): Promise<ExportMore | string> => {
  try {
    const tlsKeys = await readBounded(file, { most: mostKeys, pipes: true });
    if (keyLine.test(Buffer.from(tlsKeys).toString('latin1'))) return { tlsKeys };
    return `--tls-keys ${safeText(file)}: there is no secret of TLS in it; programs write them where SSLKEYLOGFILE says`;
  } catch (error) {
    return `--tls-keys ${safeText(file)}: ${readTrouble(error)}`;
  }
};

/** What is wrong, or null where the export was written. */
const trouble = async (file: string, { to, output = '-', tlsKeys }: ExportFlags): Promise<string | null> => {
  const format = exportNames.find(name => name === to);
  const all = [...exportNames, bytesFormat].join(', ');
  if (!format) return `--to ${safeText(to)}: there is no such format; there are ${all}`;
  const more = tlsKeys === undefined ? {} : await keysFrom(tlsKeys);
  if (typeof more === 'string') return more;
  const read = await readSessionFile(file);
  if (!read.ok) return read.message;
  const { session } = read;
  const name = file === '-' ? 'standard input' : safeText(file);
  if (session.cut) complain(`sockbench export: ${name}: the last line is cut off and was left out`);
  return written(output, () => {
    const exported = exportFormats[format](session, more);
    return exported.ok ? exported : { ok: false, message: `${name}: ${exported.message}` };
  });
};

/** Why the flags do not go together; null where they do. */
const flagTrouble = ({ to, socket, sent, tlsKeys }: ExportFlags): string | null => {
  if (tlsKeys !== undefined && to !== 'pcapng') return '--tls-keys goes with --to pcapng alone';
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
