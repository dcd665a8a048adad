import type { BenchState } from '../../core/model/state.ts';

/** How far a line of a lab has got. `ahead`: not yet run, so that what it expects stays hidden. */
export type LabLineStatus = 'ahead' | 'next' | 'running' | 'done' | 'passed' | 'failed' | 'skipped';

export type LabLineView = {
  /** Its row in its file, from 1. */
  readonly row: number;
  /** `fact`: what is so now, a sentence; before it was looked at, what will be looked at. */
  readonly kind: 'call' | 'fact' | 'comment';
  /** As a person reads it: variables by their values, nothing of what is to come of it. */
  readonly text: string;
  readonly status: LabLineStatus;
  /** What came of it, in words; '' before. Where it went otherwise: what this lesson has there. */
  readonly found: string;
  /** What its writer adds, once it has run. */
  readonly comment: string;
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
  readonly passed: number;
  readonly failed: number;
  /** `waiting` for the person's Space, `running` a line, `over` at its end, `stopped` by an error. */
  readonly phase: 'waiting' | 'running' | 'over' | 'stopped';
  /** Runs on by itself, line after line. */
  readonly runningOn: boolean;
  /** Why it stopped, or why a stage was skipped; '' for nothing to say. */
  readonly note: string;
  /** First row shown, where it is longer than its pane; null follows the next line. */
  readonly top: number | null;
};

/** All lines of the stage have run, and another stage follows. */
export const isStageOver = ({ phase, lines }: LabView): boolean =>
  phase === 'waiting' && !lines.some(({ status }) => status === 'next');

export type LabTitle = { readonly name: string; readonly title: string };

/** What a person can do with labs. `open` and `leave` change which bench is on the screen. */
export type LabControl = {
  /** The built-in labs, the tour first. */
  readonly list: () => Promise<readonly LabTitle[]>;
  /** Answers why it cannot be opened, or ''. */
  readonly open: (nameOrFile: string) => Promise<string>;
  /** null on the person's own bench. */
  readonly current: {
    readonly step: () => void;
    readonly runOn: () => void;
    readonly again: () => void;
    readonly leave: () => void;
    /** Lets a line run that goes beyond this machine or the lab's folder. */
    readonly allow: () => void;
  } | null;
  /** The person's own bench: on the screen, or waiting behind the lab. */
  readonly own: () => BenchState;
  /** How many of its entries are in no file. */
  readonly ownUnsaved: () => number;
};
