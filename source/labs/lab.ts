import type { Program } from '../core/model/actors.ts';
import type { Policy } from '../core/model/names.ts';
import type { ChapterName, LabFile, Level, Need } from './lab-schema.ts';

export const languages = ['en', 'zh'] as const;

export type Language = (typeof languages)[number];

export type Words = Readonly<Record<Language, string>>;

/** A program that a stage starts: of the lab's the `nth`, which is called p1, p2 … by that. */
export type LabProgram = { readonly nth: number; readonly source: string };

/**
 * A command line and where it stands in its file: its row from 1, and how many blanks its block is indented. With `program` it is
 * the start of that, and its text what it is called on the screen.
 */
export type LabLine = {
  readonly text: string;
  readonly row: number;
  readonly indent: number;
  readonly program?: LabProgram;
  /** It runs at one press with the line before it. */
  readonly joins?: boolean;
  /** Lines of Python up to the one that makes this call. */
  readonly beside?: readonly string[];
  /** A person may say before it runs how it will end. */
  readonly asked?: boolean;
};

export type Stage = {
  /** Lines of Python behind the last one that stands beside a call. */
  readonly rest: readonly string[];
  /** What is read before its lines run: it never tells how they end. */
  readonly say: Words;
  /** What is read once they have run. */
  readonly after: Words;
  readonly repeat: number;
  readonly needs: readonly Need[];
  readonly lines: readonly LabLine[];
};

/** An experiment, read and checked: what runs step by step on screen and headless as a test. */
export type Lab = {
  readonly name: string;
  readonly title: Words;
  /** Where it stands in the course; null of one that is in none. */
  readonly chapter: ChapterName | null;
  readonly place: number;
  readonly level: Level | null;
  /** How long a person takes for it; null where nobody has said. */
  readonly minutes: number | null;
  /** The file it was read from, for messages. */
  readonly file: string;
  /** What names it on the command line: its name where it is built in, else its file. */
  readonly source: string;
  /** The folder of its file, where it is somebody's; null of a built-in one. */
  readonly folder: string | null;
  readonly programs: Readonly<Record<Program, Policy>>;
  /** In the order they were written; `free` picks a free port when the lab starts. */
  readonly variables: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout: number;
  readonly needs: readonly Need[];
  readonly differs: NonNullable<LabFile['differs']>;
  readonly stages: readonly Stage[];
};

/** Text in the language asked for, else in English. */
export const wordsOf = (value: string | { readonly en: string; readonly zh?: string } | undefined): Words => {
  if (value === undefined) return { en: '', zh: '' };
  if (typeof value === 'string') return { en: value, zh: value };
  return { en: value.en, zh: value.zh ?? value.en };
};

/** The language of the locale: Chinese for zh_*, English for all others. */
export const languageOf = (locale: string | undefined): Language =>
  locale?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
