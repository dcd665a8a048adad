import { patternProblem } from '../bench/behaviours/pattern.ts';
import type { Bench } from '../bench/engine/bench.ts';
import { type ReadFile, withContents } from '../commands/sockets/file-payload.ts';
import { withRuleFiles } from '../commands/sockets/rule-files.ts';
import { ruleRefusal } from '../commands/sockets/rule-line.ts';
import type { Bytes } from '../core/bytes/bytes.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import { innerLine, type Line } from '../core/language/line.ts';
import { type Refused, refused } from '../core/language/parsed.ts';
import { placeholderOf, readLine as readWords, type Values } from '../core/language/values.ts';
import { t } from '../core/words/translate.ts';
import { createLineRunner, type LineRunnerOptions, type OneLine } from './line-runner.ts';
import type { Permit } from './permit.ts';
import { createScriptVariables } from './script-variables.ts';
import type { LeftOver, Origin } from './unwaited-calls.ts';
import { judged, type Verdict } from './verdict.ts';

/** `outcome` is undefined where the line waited for no call. */
export type ScriptResult = {
  readonly line: Line;
  readonly verdict: Verdict;
  readonly outcome: Outcome | undefined;
};

/** Lines of text run one after the other on one bench, with the variables they set. */
export type Script = {
  /** A refusal where the text is no line; nothing was run then. `row`, from 1, goes into what `leftOver` tells. */
  readonly run: (text: string, row?: number) => Promise<ScriptResult | Refused>;
  /** At the end: calls that no line waited for and that ended with an error. */
  readonly leftOver: () => Promise<readonly LeftOver[]>;
  readonly variables: Values;
};

/** A line as it will run, with the variable that takes its value ('' for none). */
export const readLine = (text: string, values: Values): ReturnType<typeof readWords> => {
  const read = readWords(text, values);
  if (!read.ok) return read;
  const inner = innerLine(read.line);
  const wanted = 'expectation' in inner ? inner.expectation?.value : undefined;
  const problem = wanted?.kind === 'pattern' ? patternProblem(wanted.pattern) : null;
  if (problem !== null) return refused(problem, Math.max(0, text.indexOf('=> ')));
  return ruleRefusal(read.line, text) ?? read;
};

export type ScriptOptions = LineRunnerOptions & {
  readonly variables?: Values;
  /** For file"path". */
  readonly readFile: ReadFile;
  /** What asks before a line runs; without it every line may. */
  readonly permit?: Permit | undefined;
  /** Each round of a line begins: of a line that is not repeated the only one. */
  readonly onRound?: (line: OneLine) => void;
};

/** The line with the contents of `file"path"` read. */
const withFile = async (
  line: OneLine,
  { readFile, signal, bench }: ScriptOptions,
): Promise<OneLine | Refused> => {
  const note = (sentence: string) => bench.note('warning', sentence);
  const read = (bytes: Bytes) => withContents(bytes, { readFile, signal, note });
  if (line.kind === 'rule') {
    const rule = await withRuleFiles(line.rule, read);
    return typeof rule === 'string' ? refused(rule) : { ...line, rule };
  }
  if (line.kind === 'repeat-send' && line.repeat) {
    const data = await read(line.repeat.data);
    return typeof data === 'string' ? refused(data) : { ...line, repeat: { ...line.repeat, data } };
  }
  if (line.kind !== 'call' || !('data' in line.call)) return line;
  const data = await read(line.call.data);
  return typeof data === 'string' ? refused(data) : { ...line, call: { ...line.call, data } };
};

/** So long lines may run without a look at timers and signals. */
const breathMs = 20;

/** Calls that end at once never let a timer or a signal come in: now and then they wait for one. */
const createBreath = (bench: Bench) => {
  let breathed = bench.now();
  return async (): Promise<void> => {
    if (bench.now() - breathed < breathMs) return;
    await new Promise(resolve => setImmediate(resolve));
    breathed = bench.now();
  };
};

type Ran = { readonly verdict: Verdict; readonly outcome: Outcome | undefined };

export const createScript = (options: ScriptOptions): Script => {
  const variables = createScriptVariables(options.variables);
  const runner = createLineRunner(options);
  const breathe = createBreath(options.bench);

  const runRound = async (line: OneLine, variable: string, origin: Origin): Promise<Ran | Refused> => {
    await breathe();
    options.onRound?.(line);
    const refusal = (await options.permit?.check(line)) ?? null;
    if (refusal !== null)
      return { verdict: { ...judged(refusal, '', 0), refused: true }, outcome: undefined };
    const whole = await withFile(line, options);
    if ('ok' in whole) return whole;
    const verdict = await runner.run(whole, origin);
    const outcome = runner.lastOutcome();
    if (outcome && whole.kind === 'call') options.permit?.ended(whole.call, outcome);
    const trouble = variables.keep(variable, whole, outcome);
    return { verdict: trouble === null ? verdict : judged(trouble, '', verdict.call), outcome };
  };

  /** All rounds: the first failure is the line's verdict. An error that nobody expects ends them. */
  const runRepeated = async (
    text: string,
    { count, every }: Extract<Line, { kind: 'repeat' }>,
    origin: Origin,
  ): Promise<Ran | Refused> => {
    const began = options.bench.now();
    let failed: Ran | null = null;
    let ran: Ran | Refused | undefined;
    for (let round = 0; round < count; round++) {
      const left = every === null ? 0 : began + round * every - options.bench.now();
      if (left > 0) await runner.pause(left);
      const next = readLine(text, variables.values);
      if (!next.ok) return next;
      ran = await runRound(innerLine(next.line), next.variable, origin);
      if ('ok' in ran) return ran;
      const { verdict } = ran;
      if (verdict.status === 'failed')
        failed ??= {
          ...ran,
          verdict: { ...verdict, reason: t`round ${round + 1} of ${count}: ${verdict.reason}` },
        };
      if (verdict.unexpected || verdict.refused) break;
      options.bench.flush();
    }
    return failed ?? ran!;
  };

  return {
    variables: variables.values,
    leftOver: runner.leftOver,
    run: async (text, row = 0) => {
      const next = readLine(text, variables.values);
      if (!next.ok) return next;
      const { line, variable } = next;
      const origin = { text, row };
      const ran =
        line.kind === 'repeat'
          ? await runRepeated(text, line, origin)
          : await runRound(line, variable, origin);
      return 'ok' in ran ? ran : { line, ...ran };
    },
  };
};

/** Checks lines before anything is opened; the first refusal and the line it is in (from 0). */
export const checkLines = (
  lines: readonly string[],
  known: Values = {},
): { readonly index: number; readonly refused: Refused } | undefined => {
  const variables: Record<string, string> = { ...known };
  for (const [index, text] of lines.entries()) {
    const next = readLine(text, variables);
    if (!next.ok) return { index, refused: next };
    if (next.variable) variables[next.variable] = placeholderOf(next.line);
  }
  return undefined;
};
