import type { BenchState } from '../../core/model/state.ts';
import { createEntryPlaces, type StoredFile } from '../session/entry-places.ts';
import type { Refused } from '../session/read-session.ts';
import { type Checked, check } from '../session/stored-session.ts';
import { createCallMoments } from './call-moments.ts';
import { createFileBuffers } from './file-buffers.ts';
import { begunOf, type Streamed } from './projection.ts';
import { createTold } from './told.ts';

/**
 * What a session of any length was, from its file: one pass checks every line and notes where the entries of calls are, which
 * are read again as they are asked for. The file must stay open as long.
 */
export const streamedProjection = (
  file: StoredFile,
): (Checked & { readonly session: Streamed }) | Refused => {
  const places = createEntryPlaces(file);
  const { take, moments } = createCallMoments(places.at);
  const { told, take: tell } = createTold();
  let begun: BenchState | null | undefined;
  const checked = check(file, () => ({
    see: (entry, line) => {
      begun = begun === undefined ? begunOf(entry) : begun;
      take(entry, line.start);
      tell(entry);
    },
    end: () => {},
  }));
  if (!checked.ok) return checked;
  const { header } = checked;
  const state = begun ?? null;
  const session = { header, begun: state, moments, told: () => told, files: () => createFileBuffers(state) };
  return { ...checked, session };
};
