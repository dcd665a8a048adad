import type { Entry } from '../../source/core/model/entry.ts';
import { exportPcapng } from '../../source/formats/pcapng/export-pcapng.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { encodeEntry, encodeHeader, formatVersion } from '../../source/formats/session/jsonl.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { at, createPlaybook, text } from '../support/entries.ts';
import { withTshark } from './tshark.ts';

export const header = {
  sockbench: formatVersion,
  began: '2026-01-02T03:04:05.678Z',
  program: '1.0.0',
  platform: 'linux',
};

/** A session of entries written by hand, read back from its file. */
export const sessionFrom = (entries: readonly Entry[], head: object = {}): Session => {
  const lines = [encodeHeader({ ...header, ...head }), ...entries.map(encodeEntry)];
  const read = readSession(text(`${lines.join('\n')}\n`), 'hand');
  if (!read.ok) throw new Error(read.message);
  return read.session;
};

/** c1 on port 40000, connected to a foreign server on 9000. */
export const connected = () => {
  const book = createPlaybook();
  book.socket('c1');
  book.connect('c1', at(40000), at(9000));
  return book;
};

/** Flags as tshark prints its summary of them: S, SA, A, PA, FA, R. */
const flagsOf = (value: string): string =>
  [...'FSRPAU']
    .filter((_, bit) => Number(value) & (1 << bit))
    .sort()
    .join('');

/** The TCP packets of a session: sender's port, flags, bytes, and the fields asked for. */
export const flow = (session: Session, ...names: string[]): Promise<string[]> =>
  withTshark(exportPcapng(projectionOf(session)), async ({ fields }) => {
    const rows = await fields('tcp', 'tcp.srcport', 'tcp.flags', 'tcp.len', ...names);
    return rows.map(row => {
      const [port, flags, ...rest] = row.split('\t');
      return [port, flagsOf(flags!), ...rest].join(' ');
    });
  });
