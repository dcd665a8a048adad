import type { Bench } from '../bench/bench.ts';
import type { Finding } from '../core/finding.ts';
import { safeText } from '../core/payload.ts';
import { headerOf } from '../formats/jsonl.ts';
import { createRecorder } from '../formats/recorder.ts';

export type Recording = { readonly stop: () => Promise<void> };

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is there already; nothing is overwritten, name another file',
  ENOENT: 'is in a folder that does not exist',
  EACCES: 'may not be written (EACCES)',
  EROFS: 'is on a file system that is read-only (EROFS)',
  ENOSPC: 'cannot be written: the disk is full (ENOSPC)',
  EISDIR: 'is a folder; name a file in it',
};

/** What became of a file, as a sentence. */
export const fileTrouble = (file: string, error: unknown): string => {
  const { code = '' } = error as NodeJS.ErrnoException;
  return `${safeText(file)} ${reasons[code] ?? `cannot be written (${code || String(error)})`}`;
};

const ended = (sentence: string): Finding => ({
  name: 'recording',
  key: 'recording',
  sockets: [],
  calls: [],
  sentence,
  until: null,
});

/** Records the bench from now on. A sentence where the file cannot be made. */
export const startRecording = async (
  bench: Bench,
  file: string,
  lab?: string,
): Promise<Recording | string> => {
  try {
    const recorder = await createRecorder({
      file,
      header: headerOf(bench.began, lab, bench.start),
      failed: error => bench.find(ended(`the recording ends here: ${fileTrouble(file, error)}`), true),
    });
    const detach = bench.record(recorder);
    return {
      stop: async () => {
        detach();
        await recorder.close();
      },
    };
  } catch (error) {
    return fileTrouble(file, error);
  }
};
