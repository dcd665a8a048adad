import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkStrace } from '../../../source/cli/tracing/strace-check.ts';
import { type Peer, pythonClient } from '../../e2e/foreign.ts';
import { start, type Terminal } from '../../e2e/terminal.ts';
import { endStartedWith } from '../../support/started.ts';
import { scratchFolder } from '../scratch.ts';
import { becomes, type Fault, lacksUnless } from './fault.ts';
import { isAlive, logged } from './world.ts';

/** Two programs on the screen: p1 answers the witness with an echo, p2 is the victim. */
type Programs = {
  readonly terminal: Terminal;
  /** The witness's traffic goes through a program that is looked at: that it is alive is asked as everywhere. */
  readonly witness: Peer;
  readonly victim: number;
  /** The process id that a program of this kind has, once it has said it. */
  readonly pidOf: (kind: string) => Promise<number>;
};

/** Python itself, not a script that finds it. */
const python = (): string =>
  execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

const script = join(import.meta.dirname, 'programs.py');

export const inPrograms = async (how: 'watch' | 'trace', play: (programs: Programs) => Promise<void>) => {
  const folder = mkdtempSync(join(scratchFolder(), 'programs-'));
  const said = async (kind: string): Promise<number[]> => {
    const file = join(folder, kind);
    await becomes(() => existsSync(file), `${kind} to say who it is`);
    return readFileSync(file, 'utf8').trim().split(' ').map(Number);
  };
  const commands = ['echo', 'victim'].map(kind => [python(), script, kind, folder]);
  let witness: Peer | undefined;
  let terminal: Terminal | undefined;
  const open = (args: readonly string[]): Terminal =>
    start({ args: [how, ...args], cols: 180, rows: 50, env: { XDG_RUNTIME_DIR: folder } });
  try {
    if (how === 'trace') terminal = open(commands.flatMap(command => ['--', ...command]));
    else {
      for (const [command = '', ...words] of commands) spawn(command, words, { stdio: 'ignore' });
      terminal = open([String((await said('echo'))[0]), String((await said('victim'))[0])]);
    }
    await terminal.ready();
    const [, port = 0] = await said('echo');
    const [victim = 0] = await said('victim');
    await terminal.until(/p2\.3 LISTEN/);
    witness = pythonClient(port);
    await witness.until('connected');
    const programs = { terminal, witness, victim, pidOf: async (kind: string) => (await said(kind))[0]! };
    await isAlive(programs);
    await play(programs);
    await isAlive(programs);
  } finally {
    // Also those that had no time to say who they are, what they have forked, and their straces.
    endStartedWith(folder);
    await terminal?.dispose();
    await witness?.stop();
  }
};

export const tracerOf = (pid: number): number =>
  Number(/^TracerPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

const strace = checkStrace();
const ways = ['watch', 'trace'] as const;
const lacksOf = { watch: () => null, trace: () => (strace.ok ? null : strace.message) };

/** What programs do that are watched or traced. */
export const programFaults: readonly Fault[] = [
  ...ways.flatMap((how): Fault[] => [
    {
      name: `a program that dies under ${how}`,
      lacks: lacksOf[how],
      meet: () =>
        inPrograms(how, async ({ terminal, victim }) => {
          process.kill(victim, 'SIGKILL');
          await terminal.until(/ended: it (?:is gone|was killed by SIGKILL)|p2 python\S* \d+ .*ended/);
        }),
    },
    {
      name: `a program that forks and executes under ${how}`,
      lacks: lacksOf[how],
      meet: () =>
        inPrograms(how, async ({ terminal, victim, pidOf }) => {
          process.kill(victim, 'SIGUSR1');
          const child = await pidOf('child');
          await logged({ terminal }, String(child), new RegExp(`p\\d forked by p2: .*${child}`));
          const [, name] = /(p\d) forked by p2/.exec(terminal.picture())!;
          process.kill(victim, 'SIGUSR2');
          await pidOf('other');
          await logged({ terminal }, 'another', /p2 runs another program now/);
          process.kill(child, 'SIGKILL');
          await logged({ terminal }, name!, new RegExp(`${name} (?:is gone|was killed by SIGKILL)`));
        }),
    },
  ]),
  {
    name: 'the strace of a program is killed',
    lacks: strace.ok
      ? lacksUnless(!strace.bySeccomp, 'from 6.6 on strace ends what it traces when it is killed')
      : lacksOf.trace,
    meet: () =>
      inPrograms('trace', async ({ terminal, victim }) => {
        process.kill(tracerOf(victim), 'SIGKILL');
        await becomes(() => tracerOf(victim) === 0, 'the victim to be untraced');
        await logged({ terminal }, 'no longer', /p2 is traced no longer: its strace has ended/);
      }),
  },
];
