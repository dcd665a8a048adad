import { setFlagsFromString } from 'node:v8';
import { safeText } from '../../core/bytes/payload.ts';
import { bytesFormat, type ExportName, exportNames } from '../../core/model/exports.ts';
import { t } from '../../core/words/translate.ts';
import { readBounded, readTrouble } from '../../files/bounded-file.ts';
import {
  type Exported,
  type ExportMore,
  exportFormats,
  streamedFormats,
} from '../../formats/export-formats.ts';
import { Changed, type StoredFile } from '../../formats/session/entry-places.ts';
import { complain, printData } from '../print.ts';
import { exportBytes } from './export-bytes.ts';
import { fileTrouble, gathered, writeNewFile } from './new-file.ts';
import { readSessionFile, withSessionFile } from './session-file.ts';

export type ExportFlags = {
  readonly to: string;
  readonly output?: string;
  /** Whose bytes, with `--to bytes`; those it sent. */
  readonly socket?: string;
  readonly sent?: boolean;
  /** Secrets of TLS for a pcapng. */
  readonly tlsKeys?: string;
};

/** A session that is exported, and how. */
type Task = {
  readonly file: string;
  readonly format: ExportName;
  readonly more: ExportMore;
  readonly output: string;
};

type Done = { readonly ok: true } | { readonly ok: false; readonly message: string };

const done: Done = { ok: true };

const nameOf = (file: string): string => (file === '-' ? t('standard input') : safeText(file));

const tellCut = ({ file }: Task, cut: boolean): void => {
  if (cut) complain(t`sockbench export: ${nameOf(file)}: the last line is cut off and was left out`);
};

/** `make` may refuse the session, and fail before or while its pieces are written. */
const write = async ({ file, output }: Task, make: () => Exported): Promise<Done> => {
  try {
    const exported = make();
    if (!exported.ok) return { ok: false, message: `${nameOf(file)}: ${exported.message}` };
    const { pieces } = exported;
    await (output === '-' ? printData(gathered(pieces)) : writeNewFile(output, pieces));
    return done;
  } catch (error) {
    if (error instanceof Changed) throw error;
    return { ok: false, message: fileTrouble(output === '-' ? t('standard output') : output, error) };
  }
};

/** Keeps nothing of the session in memory; null: it must be read whole. */
const streamTo = async (stored: StoredFile, task: Task): Promise<Done | null> => {
  // What is made of a line is garbage a moment later: more room for it would only be resident (V8 lets it grow to three times 32 MiB).
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    const read = streamedFormats[task.format]?.(stored, task.more) ?? null;
    if (!read?.ok) return read;
    tellCut(task, read.cut);
    return await write(task, () => ({ ok: true, pieces: read.pieces }));
  } catch (error) {
    if (error instanceof Changed) return { ok: false, message: error.message };
    throw error;
  }
};

const wholeTo = async (task: Task): Promise<Done> => {
  const read = await readSessionFile(task.file);
  if (!read.ok) return read;
  tellCut(task, read.session.cut);
  return write(task, () => exportFormats[task.format](read.session, task.more));
};

/** Bytes of the longest key log that is read: a connection of TLS 1.3 has some 900. */
const mostKeys = 16 * 1024 ** 2;

/** Lines as `CLIENT_RANDOM 5a0c... 19fe...`, among comments (draft-ietf-tls-keylogfile). */
const keyLine = /^[A-Z0-9_]+ [0-9A-Fa-f]+ [0-9A-Fa-f]+\r?$/m;

const keysFrom = async (file: string): Promise<ExportMore | string> => {
  try {
    const tlsKeys = await readBounded(file, { most: mostKeys, pipes: true });
    if (keyLine.test(Buffer.from(tlsKeys).toString('latin1'))) return { tlsKeys };
    return t`--tls-keys ${safeText(file)}: there is no secret of TLS in it; programs write them where SSLKEYLOGFILE says`;
  } catch (error) {
    return t`--tls-keys ${safeText(file)}: ${readTrouble(error)}`;
  }
};

/** What is wrong, or null where the export was written. */
const trouble = async (file: string, { to, output = '-', tlsKeys }: ExportFlags): Promise<string | null> => {
  const format = exportNames.find(name => name === to);
  const all = [...exportNames, bytesFormat].join(', ');
  if (!format) return t`--to ${safeText(to)}: there is no such format; there are ${all}`;
  const more = tlsKeys === undefined ? {} : await keysFrom(tlsKeys);
  if (typeof more === 'string') return more;
  const task = { file, format, more, output };
  const streamed = streamedFormats[format]
    ? await withSessionFile(file, stored => streamTo(stored, task))
    : null;
  const result = streamed ?? (await wholeTo(task));
  return result.ok ? null : result.message;
};

/** Why the flags do not go together; null where they do. */
const flagTrouble = ({ to, socket, sent, tlsKeys }: ExportFlags): string | null => {
  if (tlsKeys !== undefined && to !== 'pcapng') return t('--tls-keys goes with --to pcapng alone');
  if (to !== bytesFormat)
    return socket === undefined && !sent ? null : t('--socket and --sent go with --to bytes alone');
  return socket === undefined ? t('--to bytes needs --socket NAME, as in --socket c1') : null;
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
