import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { t } from '../core/words/translate.ts';
import { readBounded } from '../files/bounded-file.ts';
import { makeFolder } from '../files/make-folder.ts';
import { writeTrouble } from '../files/write-trouble.ts';
import { withLock } from './lock-file.ts';

const place = z.object({
  lab: z.string(),
  stage: z.int().min(0),
  round: z.int().min(0),
  line: z.int().min(0),
});

const schema = z.object({
  /** When a lab was gone through to its end, by its name. */
  done: z.record(z.string(), z.iso.datetime()),
  /** The lab that was left half way through, and its next line. */
  at: place.nullable(),
});

/** How far a person has come in the course. */
export type Progress = Readonly<z.infer<typeof schema>>;

/** `trouble`: why the file is not read, '' where it is, or is not there yet. */
export type ReadProgress = { readonly progress: Progress; readonly trouble: string };

export const nothingDone: Progress = { done: {}, at: null };

/** Room for all labs a thousand times over. */
const largest = 1024 * 1024;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What another sockbench is in the way of is said by the lock. */
const whyOf = (file: string, error: unknown): string =>
  codeOf(error) === '' ? messageOf(error) : writeTrouble(file, error);

const parse = (text: string): Progress | null => {
  try {
    const read = schema.safeParse(JSON.parse(text));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
};

/** What is done and where one stopped. A file that says neither is told of, and stays as it is. */
export const readProgress = async (file: string): Promise<ReadProgress> => {
  try {
    const progress = parse(new TextDecoder().decode(await readBounded(file, { most: largest })));
    if (progress) return { progress, trouble: '' };
    const trouble = t`${file} does not say which labs are done: it will be kept beside a new one`;
    return { progress: nothingDone, trouble };
  } catch (error) {
    const trouble =
      codeOf(error) === 'ENOENT' ? '' : t`which labs are done cannot be read: ${messageOf(error)}`;
    return { progress: nothingDone, trouble };
  }
};

/**
 * Written whole to a new file that then takes the old one's place. What could not be read there is kept beside it: answers where, or
 * ''.
 */
const replace = async (file: string, progress: Progress, broken: boolean): Promise<string> => {
  const next = `${file}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(progress, null, 2)}\n`, { mode: 0o600 });
  const aside = broken ? `${file}.broken-${Date.now()}` : '';
  if (broken) await rename(file, aside);
  await rename(next, file);
  return aside;
};

/** Whether a change was kept, and what there is to say of it. */
export type Kept = { readonly ok: boolean; readonly said: string };

/**
 * Changes what is there now, also where another sockbench has written it meanwhile. Tells that it could not
 * be, and where the file before it is kept that could not be read.
 */
export const changeProgress = async (
  file: string,
  change: (progress: Progress) => Progress,
): Promise<Kept> => {
  try {
    await makeFolder(dirname(file));
    const aside = await withLock(`${file}.lock`, async () => {
      const { progress, trouble } = await readProgress(file);
      return replace(file, change(progress), trouble !== '');
    });
    const said =
      aside === '' ? '' : t`what did not say which labs are done is kept as ${aside}, and begun anew`;
    return { ok: true, said };
  } catch (error) {
    return { ok: false, said: t`which labs are done could not be kept: ${whyOf(file, error)}` };
  }
};

/** The progress without a lab, or, without a name, without any. */
export const forgotten = (progress: Progress, name: string | null): Progress => {
  if (name === null) return nothingDone;
  const { [name]: _, ...done } = progress.done;
  return { done, at: progress.at?.lab === name ? null : progress.at };
};
