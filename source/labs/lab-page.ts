import type { LabLineStatus, LabLineView, LabView } from '../bench/view/lab-view.ts';
import type { Lab, Language, Stage } from './lab.ts';
import type { Position } from './lab-session.ts';
import { splitExpectation } from './line-words.ts';
import type { Verdict } from './verdict.ts';

type Row = { readonly status: LabLineStatus; readonly found: string };

/** What is read on it; whether the lab runs, and how, the player adds. */
export type LabPageView = Omit<LabView, 'phase' | 'runningOn' | 'note'>;

const isComment = (text: string): boolean => /^\s*#/.test(text);

/** The page of a lesson that lies open: one round of a stage, and how its lines went; passed and failed count all pages. */
export class LabPage {
  private readonly lab: Lab;
  private readonly language: Language;
  private readonly rows = new Map<number, Row>();
  private stage = 0;
  private round = 0;
  private passed = 0;
  private failed = 0;

  constructor(lab: Lab, language: Language) {
    this.lab = lab;
    this.language = language;
  }

  /** Whether what stands there is read on it: all rounds of a stage are one page to a reader. */
  has({ stage }: Position): boolean {
    return stage === this.stage;
  }

  turnTo({ stage, round }: Position): void {
    if (stage !== this.stage || round !== this.round) this.rows.clear();
    this.stage = stage;
    this.round = round;
  }

  begin(row: number): void {
    this.rows.set(row, { status: 'running', found: '' });
  }

  record(row: number, { status, reason, found }: Verdict): void {
    this.rows.set(row, { status, found: status === 'failed' ? reason : found });
    if (status === 'passed') this.passed++;
    if (status === 'failed') this.failed++;
  }

  /** `position`: the line that comes next; null: the lab is over. */
  view(position: Position | null): LabPageView {
    const { lab, language, passed, failed } = this;
    const stage = lab.stages[this.stage]!;
    return {
      name: lab.name,
      title: lab.title[language],
      say: stage.say[language].trim(),
      stage: this.stage + 1,
      stages: lab.stages.length,
      round: position?.stage === this.stage ? position.round + 1 : stage.repeat,
      rounds: stage.repeat,
      lines: this.linesOf(stage, position),
      passed,
      failed,
      top: null,
    };
  }

  private linesOf(stage: Stage, position: Position | null): LabLineView[] {
    return stage.lines
      .filter(({ text }) => text.trim() !== '')
      .map(({ text, row, program }) => ({
        ...splitExpectation(text),
        ...(program ? { source: program.source.trimEnd().split('\n') } : {}),
        status: isComment(text) ? 'done' : this.statusOf(row, position, stage),
        found: this.rows.get(row)?.found ?? '',
      }));
  }

  private statusOf(row: number, position: Position | null, stage: Stage): LabLineStatus {
    const known = this.rows.get(row)?.status;
    if (known) return known;
    const next = position && this.has(position) ? stage.lines[position.line]?.row : undefined;
    return next === row ? 'next' : 'ahead';
  }
}
