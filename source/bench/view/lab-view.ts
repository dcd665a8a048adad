import type { BenchState } from '../../core/model/state.ts';

/** How far a line of a lab has got. `ahead`: not yet run, so that what it expects stays hidden. */
export type LabLineStatus = 'ahead' | 'next' | 'running' | 'done' | 'passed' | 'failed' | 'skipped';

/** How a person says that a step will end, before it is made. */
export type PredictedEnd = 'returns' | 'blocks' | 'fails';

export type Prediction =
  | { readonly kind: 'end'; readonly end: PredictedEnd }
  /** What it returns, as it was typed. */
  | { readonly kind: 'value'; readonly text: string };

export type LabLineView = {
  /** Its row in its file, from 1. */
  readonly row: number;
  /** `fact`: what is so now, a sentence; before it was looked at, what will be looked at. */
  readonly kind: 'call' | 'fact' | 'comment' | 'python';
  /** As a person reads it: variables by their values, nothing of what is to come of it. */
  readonly text: string;
  readonly status: LabLineStatus;
  /** What came of it, in words; '' before. Where it went otherwise: what this lesson has there. */
  readonly found: string;
  /** What its writer adds, once it has run. */
  readonly comment: string;
  /** What the person had said of it, and whether it was so; '' for nothing. */
  readonly foretold: string;
  /** Lines of Python that come to this call; of `python` alone: that come after all calls. */
  readonly beside?: readonly string[];
  /** Of the start of a program: its lines. */
  readonly source?: readonly string[];
};

/** The lesson as the screen shows it: one stage at a time. */
export type LabView = {
  readonly name: string;
  readonly title: string;
  readonly say: string;
  /** What is read once the stage's lines have run; '' before, and for nothing. */
  readonly after: string;
  /** From 1. */
  readonly stage: number;
  readonly stages: number;
  /** Rounds of a repeated stage, from 1; 1 of 1 for others. */
  readonly round: number;
  readonly rounds: number;
  readonly lines: readonly LabLineView[];
  /** The step that comes next may be foretold: how it ends, or what it returns. */
  readonly question: 'end' | 'value' | null;
  /** What was foretold so far, and how much of that was right. */
  readonly score: { readonly right: number; readonly of: number };
  readonly passed: number;
  readonly failed: number;
  /** `waiting` for the person's Space, `running` a line, `over` at its end, `stopped` by an error. */
  readonly phase: 'waiting' | 'running' | 'over' | 'stopped';
  /** Runs on by itself, line after line. */
  readonly runningOn: boolean;
  /** At the end of a lab of the course: the title of the one that comes next; '' for none. */
  readonly next: string;
  /** Why it stopped, or why a stage was skipped; '' for nothing to say. */
  readonly note: string;
  /** First row shown, where it is longer than its pane; null follows the next line. */
  readonly top: number | null;
};

/** All lines of the stage have run, and another stage follows. */
export const isStageOver = ({ phase, lines }: LabView): boolean =>
  phase === 'waiting' && !lines.some(({ status }) => status === 'next');

/** A lab in the list of the course. */
export type LabTitle = {
  readonly name: string;
  readonly title: string;
  /** Its chapter's title; '' of one that is in none. */
  readonly chapter: string;
  /** How hard it is, and how many minutes it takes; '' and null where nobody has said. */
  readonly level: string;
  readonly minutes: number | null;
  /** Gone through to its end, once. */
  readonly done: boolean;
  /** It was left half way through, and this is how far: `2/5`. '' else. */
  readonly left: string;
};

/** The labs in the order of the course; `trouble`: why it is not known which of them are done, or ''. */
export type Course = { readonly labs: readonly LabTitle[]; readonly trouble: string };

/** What a person can do with labs. `open` and `leave` change which bench is on the screen. */
export type LabControl = {
  /** The built-in labs in the order of the course, the tour first. */
  readonly list: () => Promise<Course>;
  /** Answers why it cannot be opened, or ''. `goOn`: where it was left, where that is half way through. */
  readonly open: (nameOrFile: string, goOn?: boolean) => Promise<string>;
  /** Opens the lab that was left half way through, where it was left; else the next one of the course. Answers why not, or ''. */
  readonly goOn: () => Promise<string>;
  /** null on the person's own bench. */
  readonly current: {
    readonly step: () => void;
    readonly runOn: () => void;
    /** Makes the next step, of which the person has said how it will end. */
    readonly predict: (prediction: Prediction) => void;
    readonly again: () => void;
    /** Opens the lab of the course that comes next; answers why it cannot be, or ''. */
    readonly next: () => Promise<string>;
    readonly leave: () => void;
    /** Lets a line run that goes beyond this machine or the lab's folder. */
    readonly allow: () => void;
  } | null;
  /** The person's own bench: on the screen, or waiting behind the lab. */
  readonly own: () => BenchState;
  /** How many of its entries are in no file. */
  readonly ownUnsaved: () => number;
};
