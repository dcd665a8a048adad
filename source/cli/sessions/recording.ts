import type { LiveSource, Source } from '../../bench/engine/source.ts';
import type { Finding } from '../../core/model/finding.ts';
import { headerOf } from '../../formats/session/jsonl.ts';
import { createRecorder } from '../../formats/session/recorder.ts';
import { fileTrouble } from './new-file.ts';

export type Recording = { readonly stop: () => Promise<void> };

/** Mistakes in what was typed: said at once, before anything is opened. All else is the disk's doing. */
const mistakes: ReadonlySet<string | undefined> = new Set([
  'EEXIST',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ENAMETOOLONG',
]);

const finding = (begun: boolean, trouble: string): Finding => ({
  name: 'recording',
  key: 'recording',
  sockets: [],
  begun,
  trouble,
});

/** A source's recording while it runs: its file, and whether that has all there was so far. */
export type Running = { readonly file: string; readonly isWhole: () => Promise<boolean> };

const running = new WeakMap<Source, Running>();

/** The recording of all that the source told from its beginning. */
export const recordingOf = (source: Source): Running | undefined => running.get(source);

const nothingRecorded: Recording = { stop: async () => {} };

/**
 * Records the source from now on. A sentence where the file is named wrongly; where the disk takes none, a finding says
 * that nothing is recorded, and the session goes on.
 */
export const startRecording = async (
  source: LiveSource,
  file: string,
  lab?: string,
): Promise<Recording | string> => {
  try {
    const recorder = await createRecorder({
      file,
      header: headerOf(source.began, lab, source.start),
      failed: error => source.find(finding(true, fileTrouble(file, error)), true),
    });
    const detach = source.record(recorder);
    running.set(source, { file, isWhole: recorder.settled });
    return {
      stop: async () => {
        running.delete(source);
        detach();
        await recorder.close();
      },
    };
  } catch (error) {
    const trouble = fileTrouble(file, error);
    if (mistakes.has((error as NodeJS.ErrnoException).code)) return trouble;
    source.find(finding(false, trouble), true);
    return nothingRecorded;
  }
};
