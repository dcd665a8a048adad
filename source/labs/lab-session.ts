import type { Bench } from '../bench/engine/bench.ts';
import type { ReadFile } from '../commands/sockets/file-payload.ts';
import type { Call } from '../core/calls/call.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import { innerLine, type Line } from '../core/language/line.ts';
import type { Lab, LabLine, Stage } from './lab.ts';
import { createPermit, type Permissions } from './permit.ts';
import { createProgramStarts } from './program-starts.ts';
import { createScript, type Script } from './script.ts';
import type { LeftOver } from './unwaited-calls.ts';
import { resolveVariables } from './variables.ts';
import type { Verdict } from './verdict.ts';

/** Where a lab stands: the next line to run. `round` counts a repeated stage's rounds from 0. */
export type Position = { readonly stage: number; readonly round: number; readonly line: number };

export type StepResult = {
  readonly position: Position;
  readonly line: LabLine;
  readonly verdict: Verdict;
  /** What was called, and how that ended; undefined where nothing was called, or it has not ended. */
  readonly call: Call | undefined;
  readonly outcome: Outcome | undefined;
};

/** A lab on its bench, run line by line: headless to its end, or as a person presses Space. */
export type LabSession = {
  readonly lab: Lab;
  /** null: over. */
  readonly position: () => Position | null;
  /** Runs the next line that is not empty; null where there is none left. */
  readonly step: () => Promise<StepResult | null>;
  /** Goes on with the next stage without running what is left of this one. */
  readonly skipStage: () => void;
  /** At its end: calls that no line waited for, programs that no line asked for their exit status, and that ended with an error. */
  readonly leftOver: () => Promise<readonly LeftOver[]>;
  readonly variables: () => Readonly<Record<string, string>>;
};

export type LabSessionOptions = {
  readonly lab: Lab;
  readonly bench: Bench;
  readonly signal: AbortSignal;
  readonly judgeTimes: boolean;
  readonly freePort: () => Promise<number>;
  readonly readFile: ReadFile;
  /** What a lab of somebody's file may do; a built-in one may do all. Nothing beyond, where nothing is said. */
  readonly allowed?: Permissions;
  /** Asks a person for what is not allowed. */
  readonly ask?: (question: string) => Promise<boolean>;
};

const isEmpty = ({ text }: LabLine): boolean => /^\s*(#.*)?$/.test(text);

/** The next place that has something to run, from this one on (inclusive). */
const settle = (stages: readonly Stage[], { stage, round, line }: Position): Position | null => {
  for (let s = stage; s < stages.length; s++) {
    const { lines, repeat } = stages[s]!;
    for (let r = s === stage ? round : 0; r < repeat; r++) {
      const from = s === stage && r === round ? line : 0;
      const found = lines.findIndex((each, index) => index >= from && !isEmpty(each));
      if (found >= 0) return { stage: s, round: r, line: found };
    }
  }
  return null;
};

/** What a line called, or waited for; undefined for none. */
const callIn = (line: Line): Call | undefined => {
  const inner = innerLine(line);
  if (inner.kind === 'call') return inner.call;
  if (inner.kind === 'until') return { name: 'recv', on: inner.on, size: 0 };
  return inner.kind === 'wait' || inner.kind === 'cancel'
    ? ({ ...inner.target, size: 0 } as Call)
    : undefined;
};

/** Sets the programs' policies and puts the variables in place; the first step then runs the first line. */
export const createLabSession = async (options: LabSessionOptions): Promise<LabSession> => {
  const { lab, bench } = options;
  const resolved = await resolveVariables(lab.variables, options.freePort);
  if (!resolved.ok) throw new Error(`${lab.file}: ${resolved.message}`);
  const { allowed = { net: false, read: false, run: false }, ask } = options;
  const permit = lab.folder === null ? undefined : createPermit({ bench, folder: lab.folder, allowed, ask });
  const script: Script = createScript({ ...options, variables: resolved.variables, permit });
  const programs = createProgramStarts({ lab, bench, permit, variables: () => script.variables });
  for (const [program, policy] of Object.entries(lab.programs))
    bench.setPolicy(program as keyof Lab['programs'], policy);
  let position = settle(lab.stages, { stage: 0, round: 0, line: 0 });

  const step = async (): Promise<StepResult | null> => {
    if (!position) return null;
    const at = position;
    const line = lab.stages[at.stage]!.lines[at.line]!;
    const result = line.program
      ? { verdict: await programs.start(line.program) }
      : await script.run(line.text, line.row);
    bench.flush();
    if ('ok' in result) throw new Error(`${lab.file}:${line.row}: ${result.message}`);
    position = settle(lab.stages, { ...at, line: at.line + 1 });
    const [call, outcome] = 'line' in result ? [callIn(result.line), result.outcome] : [];
    return { position: at, line, verdict: result.verdict, call, outcome };
  };

  return {
    lab,
    position: () => position,
    step,
    skipStage: () => {
      if (position) position = settle(lab.stages, { stage: position.stage + 1, round: 0, line: 0 });
    },
    leftOver: async () => [...(await script.leftOver()), ...programs.leftOver()],
    variables: () => script.variables,
  };
};
