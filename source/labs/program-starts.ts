import type { Bench } from '../bench/engine/bench.ts';
import type { Values } from '../core/language/values.ts';
import type { ProcessId } from '../core/model/process.ts';
import { endWords } from '../core/words/process-words.ts';
import { t } from '../core/words/translate.ts';
import type { Lab, LabLine, LabProgram } from './lab.ts';
import type { Permit } from './permit.ts';
import { printedWords } from './program-claims.ts';
import type { LeftOver } from './unwaited-calls.ts';
import { done, judged, type Verdict } from './verdict.ts';

export type ProgramStarts = {
  readonly start: (program: LabProgram) => Promise<Verdict>;
  /** Programs that ended with an error by themselves where no line speaks of their exit status. */
  readonly leftOver: () => readonly LeftOver[];
};

export type ProgramStartsOptions = {
  readonly lab: Lab;
  readonly bench: Bench;
  readonly permit: Permit | undefined;
  readonly variables: () => Values;
};

/** What runs a lesson's program: without the settings, folders and modules of whoever reads it, each line printed at once. */
const python = ['python3', '-I', '-u', '-c'] as const;

/** `$name` is no Python; a name that the lab has not is left as it is, for a text may hold one. */
export const filledIn = (source: string, variables: Values): string =>
  source.replace(/\$([A-Za-z_]\w*)/g, (whole, name: string) =>
    Object.hasOwn(variables, name) ? variables[name]! : whole,
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The programs of a lab: each is started once, by the line that stands for it. */
export const createProgramStarts = ({
  lab,
  bench,
  permit,
  variables,
}: ProgramStartsOptions): ProgramStarts => {
  const lines = lab.stages.flatMap(stage => stage.lines);
  const of = lines.filter(({ program }) => program).length;
  const started = new Set<number>();

  const isAskedFor = (process: ProcessId): boolean => {
    const exit = new RegExp(`\\bexpect\\s+${process}\\.exit\\b`);
    return lines.some(({ text }) => exit.test(text));
  };

  const start = async ({ nth, source }: LabProgram): Promise<Verdict> => {
    if (started.has(nth)) return done('', 0);
    const refusal = (await permit?.checkProgram(`p${nth} = python`)) ?? null;
    if (refusal !== null) return { ...judged(refusal, '', 0), refused: true };
    started.add(nth);
    try {
      await bench.startProgram({ nth, of, args: [...python, filledIn(source, variables())] });
      return done('', 0);
    } catch (error) {
      return judged(t`p${nth} cannot be started: ${reasonOf(error)}`, '', 0);
    }
  };

  const failureOf = ({ text, row, program }: LabLine): LeftOver[] => {
    const process: ProcessId = `p${program?.nth ?? 0}`;
    const ended = bench.state().processes.get(process)?.ended;
    if (!ended || ended.code === 0 || isAskedFor(process)) return [];
    const how = t`${process} ${endWords(ended)} and ${printedWords(process, bench.journal)}`;
    const reason = t`${how} (where that is meant, write expect ${process}.exit == ${ended.code ?? 0})`;
    return [{ origin: { text, row }, verdict: judged(reason, '', 0) }];
  };

  return {
    start,
    leftOver: () => {
      bench.flush();
      return lines.flatMap(line => (line.program ? failureOf(line) : []));
    },
  };
};
