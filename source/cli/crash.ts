import { mkdirSync, readdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safeText } from '../core/bytes/payload.ts';
import { t } from '../core/words/translate.ts';
import { settingsPaths } from '../settings/paths.ts';
import { crashReport, type Looked } from './crash-report.ts';
import { complain } from './print.ts';

/** EX_SOFTWARE (sysexits(3)): a fault of the program itself. */
export const crashStatus = 70;

/** A program that crashes again and again fills no disk. */
const keptReports = 10;

type Screen = {
  readonly looked: () => Looked;
  /** Gives the terminal back. */
  readonly leave: () => void;
};

let screen: Screen | null = null;
let command = '';

/** What the program draws on, from now on; it ends by itself once it was left. Null: nothing is drawn. */
export const drawsOn = (next: Screen | null): void => {
  screen = next;
};

/** Which of its commands is run. */
export const runs = (name: string): void => {
  command = name;
};

const writeReport = (text: string): string => {
  const folder = settingsPaths().crashes;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${process.pid}.txt`);
  writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  const old = readdirSync(folder).sort().slice(0, -keptReports);
  for (const name of old) unlinkSync(join(folder, name));
  return file;
};

const wordsOf = (error: unknown): string => safeText(String(error)).slice(0, 200);

/**
 * A fault that nobody caught, `Error: why`: the terminal is given back first, then the report is written and told. Answers whether
 * a screen was left, whose program now ends by itself.
 */
export const crashed = (error: unknown): boolean => {
  const drawn = screen;
  screen = null;
  try {
    drawn?.leave();
  } catch {
    // What has broken may break again where it is taken down: the report is written all the same.
  }
  const why = wordsOf(error);
  try {
    const file = writeReport(crashReport({ error, command, looked: drawn?.looked() ?? null }));
    complain(
      t`sockbench broke off by a fault of its own (${why}); ${safeText(file)} says where, without payloads`,
    );
  } catch (unwritten) {
    const code = (unwritten as NodeJS.ErrnoException).code ?? wordsOf(unwritten);
    complain(
      t`sockbench broke off by a fault of its own (${why}), of which no report could be written (${code})`,
    );
  }
  return drawn !== null;
};
