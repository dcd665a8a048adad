import type { Bench } from '../bench/engine/bench.ts';
import type { LabLineStatus, LabLineView, LabView } from '../bench/view/lab-view.ts';
import type { ReadFile } from '../commands/sockets/file-payload.ts';
import type { Lab, Language, Stage } from './lab.ts';
import { createLabSession, type LabSession, type Position } from './lab-session.ts';
import { splitExpectation } from './line-words.ts';
import { firstLack, type Lacks } from './needs.ts';
import type { Verdict } from './verdict.ts';

export type LabPlayerOptions = {
  readonly lab: Lab;
  readonly bench: Bench;
  readonly language: Language;
  readonly freePort: () => Promise<number>;
  readonly readFile: ReadFile;
  readonly lacks: Lacks;
  readonly show: (view: LabView) => void;
  /** Asks the person before a line of somebody else's lab goes beyond this machine or its folder. */
  readonly ask?: (question: string) => Promise<boolean>;
};

/** A lab under a person's hands: a step at a time, or on to the end of the stage, which is read before the next. */
export type LabPlayer = {
  readonly step: () => void;
  readonly runOn: () => void;
  readonly stop: () => void;
};

type Row = { status: LabLineStatus; found: string };

const isComment = (text: string): boolean => /^\s*#/.test(text);

export const createLabPlayer = async (options: LabPlayerOptions): Promise<LabPlayer> => {
  const { lab, bench, language } = options;
  const controller = new AbortController();
  const session: LabSession = await createLabSession({
    ...options,
    signal: controller.signal,
    judgeTimes: false,
  });
  const rows = new Map<number, Row>();
  let shownStage = 0;
  let shownRound = 0;
  let passed = 0;
  let failed = 0;
  let note = '';
  let phase: LabView['phase'] = 'waiting';
  let running = false;
  let goingOn = false;

  const statusOf = (row: number, position: Position | null, stage: Stage): LabLineStatus => {
    const known = rows.get(row)?.status;
    if (known) return known;
    const next =
      position && lab.stages[position.stage] === stage ? stage.lines[position.line]?.row : undefined;
    return next === row ? 'next' : 'ahead';
  };

  const linesOf = (stage: Stage, position: Position | null): LabLineView[] =>
    stage.lines
      .filter(({ text }) => text.trim() !== '')
      .map(({ text, row, program }) => ({
        ...splitExpectation(text),
        ...(program ? { source: program.source.trimEnd().split('\n') } : {}),
        status: isComment(text) ? 'done' : statusOf(row, position, stage),
        found: rows.get(row)?.found ?? '',
      }));

  const publish = () => {
    const position = session.position();
    const stage = lab.stages[shownStage]!;
    options.show({
      name: lab.name,
      title: lab.title[language],
      say: stage.say[language].trim(),
      stage: shownStage + 1,
      stages: lab.stages.length,
      round: position?.stage === shownStage ? position.round + 1 : stage.repeat,
      rounds: stage.repeat,
      lines: linesOf(stage, position),
      passed,
      failed,
      phase: running ? 'running' : position || phase === 'stopped' ? phase : 'over',
      runningOn: goingOn,
      note,
      top: null,
    });
  };

  const enter = (position: Position): void => {
    if (position.stage !== shownStage || position.round !== shownRound) rows.clear();
    shownStage = position.stage;
    shownRound = position.round;
  };

  const record = (row: number, verdict: Verdict) => {
    rows.set(row, {
      status: verdict.status,
      found: verdict.status === 'failed' ? verdict.reason : verdict.found,
    });
    if (verdict.status === 'passed') passed++;
    if (verdict.status === 'failed') failed++;
  };

  /** At the lab's end: an error of a call that no line waited for fails the line that started it. */
  const recordLeftOver = async () => {
    if (session.position()) return;
    for (const { origin, verdict } of await session.leftOver()) {
      record(origin.row, verdict);
      note = `Line ${origin.row}: ${origin.text.trim()}: ${verdict.reason}`;
    }
  };

  /** Says which stages this machine cannot show, and goes past them. */
  const skipLacking = async (): Promise<void> => {
    for (let at = session.position(); at && at.round === 0 && at.line === 0; at = session.position()) {
      const lack = await firstLack(lab.stages[at.stage]!.needs, options.lacks);
      if (lack === null) return;
      note = `Stage ${at.stage + 1} is skipped: ${lack}`;
      session.skipStage();
    }
  };

  const stepOnce = async (): Promise<boolean> => {
    await skipLacking();
    const position = session.position();
    if (!position) return false;
    enter(position);
    const line = lab.stages[position.stage]!.lines[position.line]!;
    rows.set(line.row, { status: 'running', found: '' });
    publish();
    const result = await session.step();
    if (result) record(result.line.row, result.verdict);
    await recordLeftOver();
    return result !== null;
  };

  const work = async () => {
    running = true;
    try {
      let more = await stepOnce();
      while (more && goingOn && session.position()?.stage === shownStage) more = await stepOnce();
    } catch (error) {
      if (controller.signal.aborted) return;
      phase = 'stopped';
      note = error instanceof Error ? error.message : String(error);
    }
    goingOn = false;
    running = false;
    bench.flush();
    publish();
  };

  const start = () => {
    if (!running && phase !== 'stopped') void work();
  };

  /** A new stage is read before its first line runs. */
  const turnPage = (): boolean => {
    const position = session.position();
    if (running || !position || position.stage === shownStage) return false;
    enter(position);
    publish();
    return true;
  };

  const lack = await firstLack(lab.needs, options.lacks);
  if (lack !== null) {
    phase = 'stopped';
    note = `This lab cannot run here: ${lack}`;
  }
  publish();
  return {
    step: () => {
      goingOn = false;
      if (!turnPage()) start();
    },
    runOn: () => {
      if (turnPage()) return;
      goingOn = true;
      start();
    },
    stop: () => controller.abort(new Error('the lab was left')),
  };
};
