import { type FileHandle, open } from 'node:fs/promises';
import { type JunitCase, type JunitSuite, junitXml } from '../../formats/junit.ts';
import type { LineReport } from '../../labs/tally.ts';
import { fileTrouble } from '../sessions/new-file.ts';

/** Gathers what the lines of a run came to, for `--junit FILE`. */
export type Junit = {
  readonly suite: (name: string, began: number, lines: readonly JunitCase[]) => void;
  /** Writes the file; a sentence where that fails. */
  readonly write: () => Promise<string | null>;
};

export const caseOf = (line: LineReport, place: string, again: string): JunitCase => ({
  name: line.text.trim(),
  place,
  failure: line.status === 'failed' ? line.reason : null,
  skipped: line.status === 'skipped' ? line.reason : null,
  again,
});

const writeTo = async (handle: FileHandle, file: string, suites: readonly JunitSuite[]) => {
  try {
    await handle.writeFile(junitXml(suites));
    return null;
  } catch (error) {
    return fileTrouble(file, error);
  } finally {
    await handle.close();
  }
};

/**
 * Opens the file before anything runs, so that a bad name is said at once: a sentence. An older one is replaced; a new one is its
 * owner's alone (0600), for what was found may be what was sent.
 */
export const openJunit = async (file: string | undefined): Promise<Junit | string> => {
  if (file === undefined) return { suite: () => {}, write: async () => null };
  const suites: JunitSuite[] = [];
  try {
    const handle = await open(file, 'w', 0o600);
    return {
      suite: (name, began, cases) =>
        suites.push({ name, began, seconds: (Date.now() - began) / 1000, cases }),
      write: () => writeTo(handle, file, suites),
    };
  } catch (error) {
    return fileTrouble(file, error);
  }
};
