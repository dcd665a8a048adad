import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench } from '../bench/engine/bench.ts';
import type { Source } from '../bench/engine/source.ts';
import { safeText } from '../core/bytes/payload.ts';
import { formatSize } from '../core/language/units.ts';
import { defaultCaps } from '../core/model/journal.ts';
import { t } from '../core/words/translate.ts';
import { makeFolder } from '../files/make-folder.ts';
import { createSpool, type DiskSpool, type SpoolState, spoolCap } from '../formats/spool.ts';
import { settingsPaths } from '../settings/paths.ts';

const size = (bytes: number): string => formatSize(bytes).replace(/(?=[KMG])/, ' ');

/**
 * A file that only its owner opens (0600, in a folder of 0700), and that has no name any more once it is open: it is gone with the
 * program, however that ends.
 */
const openNameless = async (): Promise<FileHandle> => {
  const folder = settingsPaths().spool;
  await makeFolder(folder);
  const file = join(folder, crypto.randomUUID());
  const handle = await open(file, 'wx+', 0o600);
  await unlink(file);
  return handle;
};

const spools = new WeakMap<Source, DiskSpool>();

/** The spool of a bench that has one. */
export const spoolOf = (source: Source): DiskSpool | undefined => spools.get(source);

/** What became of bytes that the journal has let go of, and that a file of them has not. */
export const spoolWords = (state: SpoolState | undefined): string => {
  if (state === undefined || state === 'open') return t('has let go of them');
  if (state === 'full') return t`the spool on disk, ${size(spoolCap)}, is full`;
  return t`the spool on disk cannot be written (${safeText(state.code ?? state.message)})`;
};

const noteOf = (state: SpoolState): string => {
  switch (state) {
    case 'open':
      return t`the journal is full: older bytes go to a spool on disk, up to ${size(spoolCap)}, removed at the end`;
    default:
      return t`${spoolWords(state)}: bytes that the journal lets go of from now on are gone`;
  }
};

/** What `sockbench doctor` says of it. */
export const spoolLimit = (): string =>
  t`up to ${size(spoolCap)}, once payloads are over ${size(defaultCaps.bytes)}; removed at the end`;

/** A bench whose spool has what its journal lets go of. */
export const withSpool = (create: (spool: DiskSpool) => Bench): Bench => {
  const spool = createSpool({
    open: openNameless,
    told: state => bench.note(state === 'open' ? 'info' : 'warning', noteOf(state)),
  });
  const bench = create(spool);
  spools.set(bench, spool);
  return bench;
};
