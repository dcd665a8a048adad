import type { Bench } from '../../bench/engine/bench.ts';
import type { LabView, Prediction } from '../../bench/view/lab-view.ts';
import type { ReadFile } from '../../commands/sockets/file-payload.ts';
import { t } from '../../core/words/translate.ts';
import type { Lab, Language } from '../lab.ts';
import { createLabSession, type LabSession, type Position, type StepResult } from '../lab-session.ts';
import { firstLack, type Lacks } from '../needs.ts';
import { LabPage } from './lab-page.ts';
import { plainLine, plainResult } from './plain-lines.ts';
import { isRight, predictionWords, returnsValue } from './prediction.ts';

export type LabPlayerOptions = {
  readonly lab: Lab;
  readonly bench: Bench;
  readonly language: Language;
  readonly freePort: () => Promise<number>;
  readonly readFile: ReadFile;
  readonly lacks: Lacks;
  readonly show: (view: LabView) => void;
  /** Where it goes on, once the lines before that have been run. */
  readonly from?: Position | null;
  /** Hears where the lab stands whenever it waits for the person, or is over (null). */
  readonly reached?: (at: Position | null) => void;
  /** Asks the person before a line of somebody else's lab goes beyond this machine or its folder. */
  readonly ask?: (question: string) => Promise<boolean>;
};

/**
 * A lab under a person's hands: a step at a time, or on to the end of the stage, which is read before the next. A step is a line with
 * those that join it; of a stage that is repeated, all its rounds.
 */
export type LabPlayer = {
  readonly step: () => void;
  readonly runOn: () => void;
  /** A step that the person has foretold. */
  readonly predict: (prediction: Prediction) => void;
  readonly stop: () => void;
};

/** Whether a place is one at which a press of Space begins, as its lab is now. */
const isStep = ({ stages }: Lab, { stage, round, line }: Position): boolean => {
  const at = stages[stage];
  return at?.lines[line] !== undefined && !at.lines[line].joins && round < at.repeat;
};

const isBefore = (a: Position, b: Position): boolean =>
  (a.stage - b.stage || a.round - b.round || a.line - b.line) < 0;

class Player {
  private readonly options: LabPlayerOptions;
  private readonly session: LabSession;
  private readonly signal: AbortSignal;
  private readonly page: LabPage;
  private said: Prediction | null = null;
  private score = { right: 0, of: 0 };
  private note = '';
  private phase: LabView['phase'] = 'waiting';
  private running = false;
  /** The place that the lab runs to by itself. */
  private target: Position | null = null;
  private goingOn = false;

  constructor(options: LabPlayerOptions, session: LabSession, signal: AbortSignal) {
    this.options = options;
    this.session = session;
    this.signal = signal;
    this.page = new LabPage(options.lab, options.language, session.variables);
  }

  /** Shows the first page, or why the lab cannot run here. */
  async open(): Promise<void> {
    const lack = await firstLack(this.options.lab.needs, this.options.lacks);
    if (lack !== null) this.end(t`This lab cannot run here: ${lack}`);
    this.publish();
    if (lack === null) this.goOn(this.options.from ?? null);
  }

  /** Runs what stands before the place where the person had stopped, without a stop. */
  private goOn(from: Position | null): void {
    if (!from) return;
    if (!isStep(this.options.lab, from)) {
      this.note = t('The lab has changed since it was left half way through: it begins at its start.');
      return this.publish();
    }
    this.note = t('On the way to where you stopped.');
    this.target = from;
    this.goingOn = true;
    void this.work();
  }

  step(): void {
    this.goingOn = false;
    if (!this.turnPage()) this.start();
  }

  runOn(): void {
    if (this.turnPage()) return;
    this.goingOn = true;
    this.start();
  }

  predict(prediction: Prediction): void {
    if (this.running || this.question() === null) return;
    this.said = prediction;
    this.step();
  }

  /** What may be foretold now. A round more of a repeated stage is none to foretell. */
  private question(): LabView['question'] {
    const position = this.session.position();
    if (this.running || this.phase === 'stopped' || !position || !this.isOnPage() || position.round > 0)
      return null;
    const line = this.options.lab.stages[position.stage]!.lines[position.line]!;
    if (!line.asked) return null;
    return returnsValue(line.text) ? 'value' : 'end';
  }

  /** What the person had said of this step, and whether it was so, in words; '' for nothing. */
  private foretold({ call, outcome, verdict }: StepResult): string {
    const { said } = this;
    this.said = null;
    if (!said || !call) return '';
    const came = { call, outcome, verdict };
    this.score = { right: this.score.right + (isRight(said, came) ? 1 : 0), of: this.score.of + 1 };
    return predictionWords(said, came);
  }

  /** A new stage is read before its first line runs. */
  private turnPage(): boolean {
    const position = this.session.position();
    if (this.running || !position || this.page.has(position)) return false;
    this.page.turnTo(position);
    this.publish();
    return true;
  }

  private start(): void {
    if (this.running || this.phase === 'stopped') return;
    const position = this.session.position();
    if (position) this.goingOn ||= this.options.lab.stages[position.stage]!.repeat > 1;
    void this.work();
  }

  private async work(): Promise<void> {
    this.running = true;
    try {
      let more: boolean;
      do more = await this.stepOnce();
      while (more && (this.target ? this.isOnTheWay() : this.isOnPage() && (this.goingOn || this.joins())));
    } catch (error) {
      if (this.signal.aborted) return;
      this.end(error instanceof Error ? error.message : String(error));
    }
    this.arrive();
    this.goingOn = false;
    this.running = false;
    this.options.bench.flush();
    this.publish();
    if (this.phase !== 'stopped') this.options.reached?.(this.session.position());
  }

  /** A person who presses a key on the way stops it there. */
  private isOnTheWay(): boolean {
    const position = this.session.position();
    return this.goingOn && position !== null && this.target !== null && isBefore(position, this.target);
  }

  private arrive(): void {
    const position = this.session.position();
    if (!this.target) return;
    if (position) this.page.turnTo(position);
    this.note = this.isThere(position) ? '' : t('Stopped on the way to where you were.');
    this.target = null;
  }

  private isThere(position: Position | null): boolean {
    return position === null || !isBefore(position, this.target!);
  }

  private isOnPage(): boolean {
    const position = this.session.position();
    return position !== null && this.page.has(position);
  }

  /** Whether the line that comes next belongs to the step that runs. */
  private joins(): boolean {
    const position = this.session.position();
    return position !== null && this.options.lab.stages[position.stage]!.lines[position.line]!.joins === true;
  }

  private async stepOnce(): Promise<boolean> {
    await this.skipLacking();
    const position = this.session.position();
    if (!position) return false;
    this.page.turnTo(position);
    this.page.begin(this.options.lab.stages[position.stage]!.lines[position.line]!.row);
    this.publish();
    const result = await this.session.step();
    if (result) this.page.record(result.line, result.verdict, this.foretold(result));
    await this.recordLeftOver();
    return result !== null;
  }

  /** Says which stages this machine cannot show, and goes past them. */
  private async skipLacking(): Promise<void> {
    const { session, options } = this;
    for (let at = session.position(); at && at.round === 0 && at.line === 0; at = session.position()) {
      const lack = await firstLack(options.lab.stages[at.stage]!.needs, options.lacks);
      if (lack === null) return;
      this.note = t`Stage ${at.stage + 1} is skipped: ${lack}`;
      session.skipStage();
    }
  }

  /** At the lab's end: an error of a call that no line waited for fails the line that started it. */
  private async recordLeftOver(): Promise<void> {
    if (this.session.position()) return;
    for (const { origin, verdict } of await this.session.leftOver()) {
      this.page.record(origin, verdict);
      const values = this.session.variables();
      this.note = `${plainLine(origin.text, values, true).text} ${plainResult(origin.text, values, verdict)}`;
    }
  }

  private end(why: string): void {
    this.phase = 'stopped';
    this.note = why;
  }

  private publish(): void {
    const { phase, running, goingOn, note, score } = this;
    const position = this.session.position();
    this.options.show({
      ...this.page.view(position),
      phase: running ? 'running' : position || phase === 'stopped' ? phase : 'over',
      question: this.question(),
      score,
      next: '',
      runningOn: goingOn,
      note,
    });
  }
}

export const createLabPlayer = async (options: LabPlayerOptions): Promise<LabPlayer> => {
  const controller = new AbortController();
  const { signal } = controller;
  const session = await createLabSession({ ...options, signal, judgeTimes: false });
  const player = new Player(options, session, signal);
  await player.open();
  return {
    step: () => player.step(),
    runOn: () => player.runOn(),
    predict: prediction => player.predict(prediction),
    stop: () => controller.abort(new Error('the lab was left')),
  };
};
