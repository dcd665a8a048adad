import { safeLines } from '../core/bytes/printable.ts';
import type { ExportName } from '../core/model/exports.ts';
import { exportLab } from './lab/export-lab.ts';
import { exportPcapng } from './pcapng/export-pcapng.ts';
import { PieceWriter } from './piece-writer.ts';
import { projectionOf, type Streamed } from './projection/projection.ts';
import { streamedProjection, streamedTraffic } from './projection/stored-projection.ts';
import { exportPython } from './python/export-python.ts';
import type { StoredFile } from './session/entry-places.ts';
import { encodeHeader, encodeSaid } from './session/jsonl.ts';
import type { Session } from './session/read-session.ts';
import { type Checked, linkedSession } from './session/stored-session.ts';
import { exportStrace } from './strace/export-strace.ts';

type Refused = { readonly ok: false; readonly message: string };

/** What a format makes of a session: the pieces of a file in order, or why it cannot be written. */
export type Exported = { readonly ok: true; readonly pieces: Iterable<string | Uint8Array> } | Refused;

/** Literals are escaped by each language's own rule; what a session put into names and comments is by this one. */
const inOne = (exported: { readonly ok: true; readonly text: string } | Refused): Exported =>
  exported.ok ? { ok: true, pieces: [safeLines(exported.text)] } : exported;

/** Characters that are looked at and written at once: to begin either takes as long as to do it for a line. */
const enough = 8 * 1024;

/** The lines, many of them in a piece. */
function* safely(lines: Iterable<string>): Generator<Uint8Array> {
  const out = new PieceWriter();
  const put = (text: string) => {
    if (!out.plain(text)) out.text(safeLines(text));
  };
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < enough) continue;
    put(text);
    text = '';
    if (out.isFull()) yield* out.take();
  }
  put(text);
  yield* out.take();
}

function* jsonLines({ header, entries }: Session): Generator<string> {
  yield `${encodeHeader(header)}\n`;
  for (const entry of entries) yield `${encodeSaid(entry)}\n`;
}

/** What a format may have besides: secrets of TLS, lines of a key log. */
export type ExportMore = { readonly tlsKeys?: Uint8Array };

type Exporter = (session: Session, more?: ExportMore) => Exported;

const straceText = (session: Streamed): Iterable<Uint8Array> => safely(exportStrace(session));

/** THE table of formats that a session can be exported to. */
export const exportFormats: Readonly<Record<ExportName, Exporter>> = {
  python: session => inOne(exportPython(projectionOf(session))),
  lab: session => inOne(exportLab(projectionOf(session))),
  pcapng: (session, more) => ({ ok: true, pieces: exportPcapng(projectionOf(session), more?.tlsKeys) }),
  strace: session => ({ ok: true, pieces: straceText(projectionOf(session)) }),
  jsonl: session => ({ ok: true, pieces: jsonLines(session) }),
};

/** What a format makes of a session in a file of any length, which stays open as long. */
export type StreamedExport = (Checked & { readonly pieces: Iterable<string | Uint8Array> }) | Refused;

/** Formats that hold nothing of the session meanwhile; null: this one is from an old version and must be read whole. */
export const streamedFormats: Readonly<
  Partial<Record<ExportName, (file: StoredFile, more?: ExportMore) => StreamedExport | null>>
> = {
  jsonl: linkedSession,
  strace: file => {
    const read = streamedProjection(file);
    return read.ok ? { ...read, pieces: straceText(read.session) } : read;
  },
  pcapng: (file, more) => {
    const read = streamedTraffic(file);
    return read.ok ? { ...read, pieces: exportPcapng(read.session, more?.tlsKeys) } : read;
  },
};
