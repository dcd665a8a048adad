import type { Entry } from '../../core/model/entry.ts';
import { encodeHeader, encodeSaid, type Header } from '../../formats/session/jsonl.ts';
import type { DiskSpool } from '../../formats/spool.ts';

const isCut = (entry: Entry): boolean =>
  entry.kind === 'ended' &&
  ((entry.outcome.kind === 'data' && entry.outcome.dropped !== undefined) ||
    ('data' in entry.call && entry.call.data.kind === 'dropped'));

/** Hands entries back with the bytes that the spool has of them; they come in the order of their numbers. */
const createRefill = (spool: DiskSpool): ((entry: Entry) => Promise<Entry>) => {
  const read = spool.read();
  let kept: readonly Entry[] = [];
  let at = 0;
  return async entry => {
    if (entry.n > spool.last() || entry.kind !== 'ended' || !isCut(entry)) return entry;
    while ((kept[at]?.n ?? 0) < entry.n) {
      if (++at < kept.length) continue;
      [kept, at] = [await read(), 0];
      if (kept.length === 0) return entry;
    }
    const found = kept[at];
    // What it is linked to stays as the journal has it.
    return found?.kind === 'ended' && found.n === entry.n
      ? { ...entry, call: found.call, outcome: found.outcome }
      : entry;
  };
};

/** Lines are handed over in parts of about this many characters. */
const partSize = 256 * 1024;

/** The session as lines of JSON, with the bytes that the journal has let go of and the spool has kept. */
export const writeWhole = async (
  header: Header,
  entries: readonly Entry[],
  spool: DiskSpool,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> => {
  const refill = createRefill(spool);
  let lines = `${encodeHeader(header)}\n`;
  for (const entry of entries) {
    lines += `${encodeSaid(await refill(entry))}\n`;
    if (lines.length < partSize) continue;
    await write(Buffer.from(lines));
    lines = '';
  }
  await write(Buffer.from(lines));
};
