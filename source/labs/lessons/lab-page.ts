import type { LabLineStatus, LabLineView, LabView } from '../../bench/view/lab-view.ts';
import type { Values } from '../../core/language/values.ts';
import { t } from '../../core/words/translate.ts';
import type { Lab, LabLine, Language, Stage } from '../lab.ts';
import type { Position } from '../lab-session.ts';
import { filledIn } from '../program-starts.ts';
import type { Verdict } from '../verdict.ts';
import { isFact, plainLine, plainResult } from './plain-lines.ts';

type Row = { readonly status: LabLineStatus; readonly found: string; readonly foretold: string };

/** What is read on it; whether the lab runs, and how, the player adds. */
export type LabPageView = Omit<LabView, 'phase' | 'runningOn' | 'note' | 'question' | 'score' | 'next'>;

const isComment = (text: string): boolean => /^\s*#/.test(text);

/** The page of a lesson that lies open: one round of a stage, and how its lines went; passed and failed count all pages. */
export class LabPage {
  private readonly lab: Lab;
  private readonly language: Language;
  private readonly values: () => Values;
  private readonly rows = new Map<number, Row>();
  private stage = 0;
  private round = 0;
  private passed = 0;
  private failed = 0;

  constructor(lab: Lab, language: Language, values: () => Values) {
    this.lab = lab;
    this.language = language;
    this.values = values;
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
    this.rows.set(row, { status: 'running', found: '', foretold: '' });
  }

  record({ text, row }: Pick<LabLine, 'text' | 'row'>, verdict: Verdict, foretold = ''): void {
    const { status } = verdict;
    this.rows.set(row, { status, found: plainResult(text, this.values(), verdict), foretold });
    if (status === 'passed') this.passed++;
    if (status === 'failed') this.failed++;
  }

  /** `position`: the line that comes next; null: the lab is over. */
  view(position: Position | null): LabPageView {
    const { lab, language, passed, failed } = this;
    const stage = lab.stages[this.stage]!;
    const isOver = !position || !this.has(position);
    return {
      name: lab.name,
      title: lab.title[language],
      say: stage.say[language].trim(),
      after: isOver ? stage.after[language].trim() : '',
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

  /** Of what only looks a person reads once it has looked; before that only where nothing else is next. */
  private linesOf(stage: Stage, position: Position | null): LabLineView[] {
    const lines = stage.lines
      .filter(({ text }) => text.trim() !== '')
      .map(line => this.lineOf(line, this.statusOf(line.row, position, stage)))
      .filter(({ kind, status }) => kind !== 'fact' || status !== 'ahead');
    if (stage.rest.every(text => text.trim() === '')) return lines;
    const status = position && this.has(position) ? 'ahead' : 'done';
    const rest = { row: 0, text: '', status, found: '', comment: '', foretold: '' } as const;
    return [...lines, { ...rest, kind: 'python', beside: this.filled(stage.rest) }];
  }

  private filled(lines: readonly string[]): readonly string[] {
    return filledIn(lines.join('\n'), this.values()).split('\n');
  }

  private lineOf({ text, row, program, beside }: LabLine, status: LabLineStatus): LabLineView {
    if (isComment(text))
      return {
        row,
        kind: 'comment',
        text: text.trim(),
        status: 'done',
        found: '',
        comment: '',
        foretold: '',
      };
    const over = status !== 'ahead' && status !== 'next' && status !== 'running';
    return {
      row,
      kind: isFact(text) ? 'fact' : 'call',
      ...(program
        ? { text: t`start p${program.nth}, this program:`, comment: '' }
        : plainLine(text, this.values(), over)),
      status,
      found: this.rows.get(row)?.found ?? '',
      foretold: this.rows.get(row)?.foretold ?? '',
      ...(beside ? { beside: this.filled(beside) } : {}),
      ...(program ? { source: filledIn(program.source, this.values()).trimEnd().split('\n') } : {}),
    };
  }

  private statusOf(row: number, position: Position | null, stage: Stage): LabLineStatus {
    const known = this.rows.get(row)?.status;
    if (known) return known;
    const next = position && this.has(position) ? stage.lines[position.line]?.row : undefined;
    return next === row ? 'next' : 'ahead';
  }
}
