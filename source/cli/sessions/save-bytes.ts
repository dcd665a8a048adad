import type { Source } from '../../bench/engine/source.ts';
import type { Saved } from '../../commands/calling/command.ts';
import type { BytesWanted } from '../../core/bytes/bytes-wanted.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { formatSize } from '../../core/language/units.ts';
import type { Entry } from '../../core/model/entry.ts';
import { defaultCaps } from '../../core/model/journal.ts';
import { t } from '../../core/words/translate.ts';
import { expandHome } from '../../files/bounded-file.ts';
import { spoolOf, spoolWords } from '../spool-file.ts';
import { type Survey, survey, type Walk, walkBytes } from './bytes-of-session.ts';
import { fileTrouble, fillNewFile } from './new-file.ts';
import { recordingOf } from './recording.ts';
import { walkSessionFile } from './session-file.ts';

/** Entries, and bytes of theirs, that are looked at before other work has its turn. */
const atOnce = { entries: 1_000, bytes: 4 * 1024 * 1024 };

const sizeOf = (entry: Entry): number =>
  entry.kind === 'ended' && entry.outcome.kind === 'data' ? entry.outcome.data.length : 0;

/** What the spool has, then what the journal holds, as far as `last`: what they let go of meanwhile is gone. */
const journalWalk =
  (source: Source, last: number): Walk =>
  async see => {
    const { journal } = source;
    const spool = spoolOf(source);
    let read = spool?.read();
    for (let n = 1; n <= last; ) {
      if (read && spool && spool.last() >= n) {
        const entries = await read();
        // It ends before its last entry where its disk did.
        if (entries.length === 0) read = undefined;
        const wanted = entries.filter(entry => entry.n >= n && entry.n <= last);
        if (wanted.length > 0) await see(wanted);
        n = Math.max(n, (entries.at(-1)?.n ?? 0) + 1);
        continue;
      }
      const entries: Entry[] = [];
      let bytes = 0;
      n = Math.max(n, journal.first());
      while (n <= last && entries.length < atOnce.entries && bytes < atOnce.bytes) {
        const entry = journal.at(n++);
        if (!entry) break;
        entries.push(entry);
        bytes += sizeOf(entry);
      }
      if (entries.length > 0) await see(entries);
    }
    return null;
  };

const recordingWalk =
  (file: string, last: number): Walk =>
  async see => {
    const walked = await walkSessionFile(file, entries => see(entries.filter(({ n }) => n <= last)));
    return walked.ok ? null : walked.message;
  };

/** What of it is had from where; `total` of the bytes wanted there ever were. */
type Origin = { readonly walk: Walk; readonly found: Survey; readonly total: number; readonly why: string };

const journalSize = formatSize(defaultCaps.bytes).replace(/(?=[KMG])/, ' ');

const whyGone = (source: Source): string => {
  switch (source.kind) {
    case 'bench':
      return t`the journal keeps the newest ${journalSize} and ${spoolWords(spoolOf(source)?.state())}; started with --record FILE, sockbench saves all`;
    case 'trace':
      return t`strace tells no more than 4 KiB of a call, and the journal keeps the newest ${journalSize}`;
    case 'watch':
      return t('a look sees calls and no bytes; sockbench trace sees them');
    case 'replay':
      return t('the session file does not hold them');
  }
};

const missingIn = ({ found, total }: Origin): number => total - found.known;

const fromJournal = async (source: Source, wanted: BytesWanted, last: number): Promise<Origin | string> => {
  const walk = journalWalk(source, last);
  const socket = wanted.kind === 'socket' ? source.state().sockets.get(wanted.socket) : undefined;
  const ever = socket && wanted.kind === 'socket' ? socket[wanted.direction] : 0;
  const found = await survey(walk, wanted);
  if (typeof found === 'string') return found;
  const total = Math.max(ever, found.known + found.gone + found.before);
  return {
    walk,
    found: { ...found, found: found.found || socket !== undefined },
    total,
    why: whyGone(source),
  };
};

/** The journal, or the recording that runs, where that has more. */
export const originOf = async (
  source: Source,
  wanted: BytesWanted,
  last: number,
): Promise<Origin | string> => {
  const kept = await fromJournal(source, wanted, last);
  const recording = recordingOf(source);
  if (typeof kept === 'string' || missingIn(kept) === 0 || !recording) return kept;
  if (!(await recording.isWhole())) return kept;
  const walk = recordingWalk(recording.file, last);
  const found = await survey(walk, wanted);
  if (typeof found === 'string' || found.known <= kept.found.known) return kept;
  const why = t(
    'the recording does not hold them: a file of more than 64 MiB that was sent is kept by its size',
  );
  return { walk, found, total: Math.max(kept.total, found.known + found.gone), why };
};

/** Whose bytes, as the subject of a sentence about `bytes` of them. */
const whose = (wanted: BytesWanted): string =>
  wanted.kind === 'socket'
    ? wanted.direction === 'sent'
      ? t` ${wanted.socket} sent`
      : t` ${wanted.socket} received`
    : wanted.entries.length === 1
      ? t` #${wanted.entries[0]} carried`
      : t` ${wanted.entries.length} entries carried`;

export const noSuchSocket = (socket: string, others: readonly string[]): string =>
  others.length === 0
    ? t`there is no socket ${safeText(socket)}`
    : t`there is no socket ${safeText(socket)}: there are ${others.join(', ')}`;

/** `, 12 bytes of 30 are missing, ...`; '' where none is. */
export const missingWords = (written: number, total: number, why: string): string => {
  const missing = total - written;
  if (missing <= 0) return '';
  return missing === 1
    ? t`; 1 byte of ${total} is missing, ${why}`
    : t`; ${missing} bytes of ${total} are missing, ${why}`;
};

/** How many of the bytes there ever were are there, and why the others are not. */
export const amountWords = (wanted: BytesWanted, written: number, total: number, why: string): string => {
  const bytes = written === 1 ? t('1 byte') : t`${written} bytes`;
  if (written >= total) return t`${bytes} saved, all that${whose(wanted)}`;
  const missing = total - written;
  return missing === 1
    ? t`${bytes} saved of the ${total} that${whose(wanted)}: 1 byte is missing, ${why}`
    : t`${bytes} saved of the ${total} that${whose(wanted)}: ${missing} bytes are missing, ${why}`;
};

/** Keeps the bytes in a new file, and says how many they are of those that there were. */
export const saveBytes = async (source: Source, wanted: BytesWanted, file: string): Promise<Saved> => {
  source.flush();
  const origin = await originOf(source, wanted, source.journal.last());
  if (typeof origin === 'string') return { ok: false, message: origin };
  const { found, walk, total, why } = origin;
  if (!found.found && wanted.kind === 'socket')
    return { ok: false, message: noSuchSocket(wanted.socket, found.sockets) };
  let written = 0;
  let unread: string | null = null;
  try {
    await fillNewFile(expandHome(file), async write => {
      unread = await walkBytes(walk, wanted, found.from, async bytes => {
        await write(bytes);
        written += bytes.length;
      });
      if (unread !== null) throw new Error(unread);
    });
  } catch (error) {
    return { ok: false, message: unread ?? fileTrouble(file, error) };
  }
  return { ok: true, message: `${safeText(file)}: ${amountWords(wanted, written, total, why)}` };
};
