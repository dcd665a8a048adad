import { isProgram } from '../model/actors.ts';
import type { Entry } from '../model/entry.ts';
import type { Sample } from '../model/observer.ts';
import type { BenchState, SocketState } from '../model/state.ts';
import { glossary } from './glossary.ts';
import { formatOutcome } from './outcome-text.ts';

const known = (words: readonly (string | false | undefined)[]): readonly string[] => [
  ...new Set(words.filter(word => typeof word === 'string' && glossary.has(word)) as string[]),
];

const timers: Readonly<Record<Sample['timer'], string>> = {
  none: '',
  retransmit: 'retransmit timer',
  keepalive: 'keepalive timer',
  'time-wait': 'TIME-WAIT',
  'zero-window': 'persist timer',
};

const findings: Readonly<Partial<Record<string, string>>> = {
  deadlock: 'DEADLOCK',
  'backlog-full': 'accept queue',
  'zero-window': 'zero window',
  'datagrams-lost': 'drops',
};

const kernelTerms = ({ kernel, condition }: SocketState): readonly (string | false)[] =>
  kernel
    ? [
        kernel.timer !== 'none' && timers[kernel.timer],
        kernel.drops > 0 && 'drops',
        condition !== 'LISTEN' && 'Recv-Q',
        condition !== 'LISTEN' && 'Send-Q',
      ]
    : [];

/** What the title of a program's pane says: how its calls share threads, and its loops. */
export const termsOfProgram = (bench: BenchState, program: string): readonly string[] =>
  isProgram(program) ? known([bench.programs[program].policy, 'loop']) : [];

/** Words that stand on a socket's rows and in its details: `state` as the row has it. */
export const termsOfSocket = (bench: BenchState, socket: SocketState, state: string): readonly string[] => {
  const calls = [...bench.calls.values()].filter(({ call }) => call.on === socket.name);
  const found = [...bench.findings.values()].filter(({ sockets }) => sockets.includes(socket.name));
  return known([
    ...found.map(({ name }) => findings[name]),
    state,
    state === 'RESET' && 'RST',
    socket.condition === 'LISTEN' && 'accept queue',
    socket.eof && 'EOF',
    socket.shut && 'half-close',
    calls.some(({ startedAt }) => startedAt !== null) && 'BLOCKED',
    calls.some(({ startedAt }) => startedAt === null) && 'queued',
    socket.timeout !== null && 'timeout',
    ...kernelTerms(socket),
    ...termsOfProgram(bench, socket.actor),
  ]);
};

/** Words that an entry of the log says: how a call ended, or stands, or what was found. */
export const termsOfEntry = (entry: Entry): readonly string[] => {
  switch (entry.kind) {
    case 'ended':
      return known([
        entry.outcome.kind === 'error' && entry.outcome.code,
        formatOutcome(entry.outcome, entry.call, 20).startsWith('EOF') && 'EOF',
      ]);
    case 'running':
      return known(['BLOCKED', entry.deadline !== null && 'timeout']);
    case 'queued':
      return known(['queued']);
    case 'finding':
      return known([findings[entry.finding.name]]);
    case 'policy':
      return known([entry.policy, 'loop']);
    default:
      return [];
  }
};
