import { calls } from '../../core/calls/calls.ts';
import { type PlannedCall, type Step, titleOf } from '../projection/call-plan.ts';
import { foldRepeats, isRepeat, type Numbered } from './fold-repeats.ts';
import { indent, numberIn } from './python-functions.ts';
import { pythonText } from './python-literals.ts';
import type { PythonPorts } from './python-ports.ts';
import type { PythonThread, PythonThreads } from './python-threads.ts';

/**
 * A send may sleep for a moment while the peer's kernel makes room, and so may a close, which flushes; what receives sleeps
 * at once or not at all.
 */
const patienceOf = ({ call }: PlannedCall): string => {
  const { moves, ends } = calls[call.name];
  return moves === 'out' || ends === 'descriptor' ? ', patience=0.05' : '';
};

/** Seconds after which the system ends the program, and those that a call may take, by its number, where five are not plenty. */
export type Limits = { readonly whole: number; readonly calls: ReadonlyMap<number, number> };

/** Five seconds more than the session took, where five alone are not plenty. */
const limitOf = ({ id, startedAt, endedAt }: PlannedCall, limits: Limits): string => {
  const took = Math.ceil(((endedAt ?? 0) - (startedAt ?? 0)) / 1000);
  const limit = Math.max(took > 1 ? took + 5 : 0, limits.calls.get(id) ?? 0);
  return limit > 0 ? `, limit=${limit}` : '';
};

type Line = Numbered & { readonly text: (number: string) => string };

const lineOf = ({ kind, call }: Step, thread: string, limits: Limits): Line => {
  const title = pythonText(titleOf(call));
  const more = {
    run: `, ${title}${limitOf(call, limits)}`,
    begin: `, ${title}${patienceOf(call)}`,
    ended: limitOf(call, limits),
    interrupt: '',
  }[kind];
  const text = (number: string) => `${kind}(${thread}, ${number}${more})`;
  return { id: call.id, key: text('n'), text };
};

const stepLines = (steps: readonly Step[], owners: ReadonlyMap<number, string>, limits: Limits): string[] => {
  const lines = steps.map(step => lineOf(step, owners.get(step.call.id)!, limits));
  const folded = foldRepeats(lines).flatMap(line => {
    if (!isRepeat(line)) return [line.text(numberIn(line.id, 0))];
    const { times, stride, first } = line;
    return [`for n in range(${times}):`, ...indent(first.map(({ id, text }) => text(numberIn(id, stride))))];
  });
  return folded.length > 0 ? folded : ['pass'];
};

/** Every function of the code that makes calls. */
export const allThreads = ({ threads, processes }: PythonThreads): PythonThread[] => [
  ...threads,
  ...processes.flatMap(({ main, others }) => [main, ...others]),
];

const listed = (threads: readonly PythonThread[]): string => threads.map(({ name }) => name).join(', ');

const startLines = ({ threads, processes }: PythonThreads): string[] => [
  ...(processes.length > 0
    ? [
        'processes = [',
        ...indent(processes.map(({ main, others }) => `process(${listed([main, ...others])}),`)),
        ']',
      ]
    : []),
  ...(threads.length > 0 ? [`threads(${listed(threads)})`] : []),
];

/** The calls in the order of the session. */
export const mainOf = (
  arranged: PythonThreads,
  steps: readonly Step[],
  { bound }: PythonPorts,
  limits: Limits,
): string => {
  const all = allThreads(arranged);
  const owners = new Map(all.flatMap(({ name, calls }) => calls.map(({ id }) => [id, name] as const)));
  const body = [
    `for function in [${listed(all)}]:`,
    '    TURNS[function] = Turns()',
    'signal.alarm(LIMIT)',
    ...startLines(arranged),
    'try:',
    ...indent(stepLines(steps, owners, limits)),
    'finally:',
    `    finish(${arranged.processes.length > 0 ? 'processes' : ''})`,
  ];
  return [
    `LIMIT = ${limits.whole}  # seconds, after which the system ends this program`,
    ...bound.map(({ name }) => `${name} = usable(${name})`),
    '',
    '',
    'def main():',
    ...indent(body),
    '',
    '',
    'main()',
    '',
  ].join('\n');
};
