import type { PlannedCall, Step } from './call-plan.ts';
import { indent, titleOf } from './python-functions.ts';
import { pythonText } from './python-literals.ts';
import type { PythonThread, PythonThreads } from './python-threads.ts';

const sending = new Set(['send', 'sendall', 'flush', 'write', 'close']);

/** A send may sleep for a moment while the peer's kernel makes room; what receives sleeps at once or not at all. */
const patienceOf = ({ call }: PlannedCall): string => (sending.has(call.name) ? ', patience=0.05' : '');

/** Five seconds more than the session took, where five alone are not plenty. */
const limitOf = ({ startedAt, endedAt }: PlannedCall): string => {
  const took = ((endedAt ?? 0) - (startedAt ?? 0)) / 1000;
  return took > 1 ? `, limit=${Math.ceil(took) + 5}` : '';
};

const stepLine = ({ kind, call }: Step, thread: string): string => {
  switch (kind) {
    case 'run':
      return `run(${thread}, ${call.id}, ${pythonText(titleOf(call))}${limitOf(call)})`;
    case 'begin':
      return `begin(${thread}, ${call.id}, ${pythonText(titleOf(call))}${patienceOf(call)})`;
    case 'ended':
      return `ended(${thread}, ${call.id}${limitOf(call)})`;
    case 'interrupt':
      return `interrupt(${thread}, ${call.id})`;
  }
};

const allThreads = ({ threads, processes }: PythonThreads): PythonThread[] => [
  ...threads,
  ...processes.flatMap(({ main, others }) => [main, ...others]),
];

const startLines = ({ threads, processes }: PythonThreads): string[] => [
  ...(processes.length > 0
    ? [
        'processes = [',
        ...processes.map(
          ({ main, others }) => `    process(${[main, ...others].map(({ name }) => name).join(', ')}),`,
        ),
        ']',
      ]
    : []),
  ...(threads.length > 0 ? [`threads(${threads.map(({ name }) => name).join(', ')})`] : []),
];

const mainOf = (arranged: PythonThreads, steps: readonly Step[], limit: number): string => {
  const all = allThreads(arranged);
  const owners = new Map(all.flatMap(({ name, calls }) => calls.map(({ id }) => [id, name] as const)));
  const body = [
    `TURNS.update((function, Turns()) for function in (${all
      .map(({ name }) => `${name}, `)
      .join('')
      .trim()}))`,
    'signal.alarm(LIMIT)',
    ...startLines(arranged),
    'try:',
    ...(steps.length > 0
      ? steps.map(step => `    ${stepLine(step, owners.get(step.call.id)!)}`)
      : ['    pass']),
    'finally:',
    `    finish(${arranged.processes.length > 0 ? 'processes' : ''})`,
  ];
  return [
    `LIMIT = ${limit}  # seconds, after which the system ends this program`,
    '',
    '',
    'def main():',
    ...indent(body, '    '),
    '',
    '',
    'main()',
    '',
  ].join('\n');
};
