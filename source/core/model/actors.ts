import { listed } from '../words/listed.ts';
import { marked, t } from '../words/translate.ts';

/** The behaviours that a person switches, a program at a time. */
export const loopNames = ['accept', 'receive'] as const;

export type LoopName = (typeof loopNames)[number];

/**
 * A program of the bench.
 *
 * - `letters`: its sockets' names begin with one of them, in the order in which they stand in its pane
 * - `serves`: what it binds is there for others to reach
 * - `loops`: those that can be switched on for it
 */
type ProgramRow = {
  readonly title: string;
  readonly letters: readonly string[];
  readonly serves: boolean;
  readonly loops: readonly LoopName[];
};

/** THE table of the bench's programs, in the order of their panes. */
export const programTable = {
  client: { title: marked('Client'), letters: ['c'], serves: false, loops: ['receive'] },
  'tcp-server': {
    title: marked('TCP server'),
    letters: ['s', 'a'],
    serves: true,
    loops: ['accept', 'receive'],
  },
  'udp-server': { title: marked('UDP server'), letters: ['u'], serves: true, loops: ['receive'] },
} as const satisfies Readonly<Record<string, ProgramRow>>;

/** The programs on screen, which the bench acts for. Each has sockets and threads, a policy and loops. */
export type Program = keyof typeof programTable;

export const programs = Object.keys(programTable) as readonly Program[];

/** The letter a new socket's name starts with: c client, s listener, a accepted, u datagram server. */
export type SocketLetter = (typeof programTable)[Program]['letters'][number];

/** Who makes calls: a program of the bench, or a process of this machine, p1, p2 … in the order of their finding. */
export type ActorId = Program | `p${number}`;

/** One of something for each program. */
export const perProgram = <T>(make: (program: Program) => T): Record<Program, T> =>
  Object.fromEntries(programs.map(program => [program, make(program)])) as Record<Program, T>;

/** Whether it is one of the bench's programs, and so has a policy, loops and a pane of its own. */
export const isProgram = (name: string): name is Program => Object.hasOwn(programTable, name);

export const isActor = (name: string): name is ActorId => isProgram(name) || /^p[1-9]\d{0,8}$/.test(name);

/** What it is called on the screen. */
export const actorTitle = (actor: ActorId): string =>
  isProgram(actor) ? t(programTable[actor].title) : actor;

/** Whether it has an accept loop: what accept makes may be named as its sockets are. */
export const accepts = (program: Program): boolean =>
  (programTable[program].loops as readonly LoopName[]).includes('accept');

export const serves = (actor: ActorId): boolean => isProgram(actor) && programTable[actor].serves;

const byLetter: ReadonlyMap<string, Program> = new Map(
  programs.flatMap(program => programTable[program].letters.map(letter => [letter, program] as const)),
);

export const socketLetters = [...byLetter.keys()].join('');

/** "c1, s1, a1 or u1". */
export const nameExamples = (): string => {
  const names = [...byLetter.keys()].map(letter => `${letter}1`);
  return listed(names, 'or', names.length);
};

/** "c client, s and a tcp-server, u udp-server": for the message about a name that is none. */
export const letterWords = (): string =>
  programs.map(program => `${listed(programTable[program].letters, 'and')} ${program}`).join(t(', '));

/**
 * Whose socket it will be that a line or a form names so (`c1 = socket`). It is asked once, when the socket is made: the
 * entry says it from then on.
 */
export const actorNamed = (name: string): Program | undefined => byLetter.get(name[0] ?? '');
