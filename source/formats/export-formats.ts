import type { ExportName } from '../core/exports.ts';
import { encodeEntry, encodeHeader } from './jsonl.ts';
import { exportLab } from './lab.ts';
import { exportPcapng } from './pcapng.ts';
import { exportPython } from './python.ts';
import type { Session } from './session.ts';
import { exportStrace } from './strace.ts';

/** What a format makes of a session: the pieces of a file in order, or why it cannot be written. */
export type Exported =
  | { readonly ok: true; readonly pieces: Iterable<string | Uint8Array> }
  | { readonly ok: false; readonly message: string };

export type ExportFormat = {
  /** One line for people. */
  readonly does: string;
  readonly write: (session: Session) => Exported;
};

function* jsonLines({ header, entries }: Session): Generator<string> {
  yield `${encodeHeader(header)}\n`;
  for (const entry of entries) yield `${encodeEntry(entry)}\n`;
}

/** THE table of formats that a session can be exported to. */
export const exportFormats: Readonly<Record<ExportName, ExportFormat>> = {
  python: {
    does: 'plain socket-module code that python3 runs',
    write: session => {
      const exported = exportPython(session);
      return exported.ok ? { ok: true, pieces: [exported.text] } : exported;
    },
  },
  lab: {
    does: 'a lab: what was done, with what came of it as what is expected',
    write: session => {
      const exported = exportLab(session);
      return exported.ok ? { ok: true, pieces: [exported.text] } : exported;
    },
  },
  pcapng: {
    does: 'packets for Wireshark, rebuilt from what the calls sent and received',
    write: session => ({ ok: true, pieces: exportPcapng(session) }),
  },
  strace: {
    does: 'text as strace -f -tt -T prints it, of a program that makes the same calls',
    write: session => ({ ok: true, pieces: [exportStrace(session)] }),
  },
  jsonl: {
    does: 'the session file again, with every link between entries',
    write: session => ({ ok: true, pieces: jsonLines(session) }),
  },
};
