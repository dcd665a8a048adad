import { filesOf } from '../commands/sockets/rule-files.ts';
import { isMaker } from '../core/calls/calls.ts';
import type { Expectation, Target } from '../core/language/expectation.ts';
import { innerLine, type Line } from '../core/language/line.ts';
import { placeholderOf } from '../core/language/values.ts';
import { isFileName, isOwnSocketName, isSocketName } from '../core/model/names.ts';
import { isProcessName } from '../core/model/process.ts';
import { t } from '../core/words/translate.ts';
import type { Lab, LabLine, Stage } from './lab.ts';
import type { Need } from './lab-schema.ts';
import { readLine } from './script.ts';
import { resolveVariables } from './variables.ts';

/** Where a lab is wrong (row and column from 1), and one sentence about it. */
export type Trouble = {
  readonly at: { readonly row: number; readonly column: number } | { readonly variable: string };
  readonly message: string;
};

/** Why the file of `file"path"` cannot be read, or null where it can. */
export type FileTrouble = (path: string) => Promise<string | null>;

/** Any port serves while lines are only read. */
const anyPort = 51423;

/** The call whose flight a line speaks of. */
const flightOf = (line: Line): Target | null => {
  if (line.kind === 'wait' || line.kind === 'cancel') return line.target;
  return line.kind === 'expect' && 'target' in line.claim ? line.claim.target : null;
};

/** The sockets and file objects a line speaks of. */
const spokenOf = (line: Line): string[] => {
  if (line.kind === 'call') return [line.call.on];
  if (line.kind === 'until') return [line.on];
  if (line.kind === 'relay' || line.kind === 'fault' || line.kind === 'repeat-send') return [line.socket];
  if (line.kind === 'rule') return [line.socket];
  const flight = flightOf(line);
  if (flight) return [flight.on];
  if (line.kind !== 'expect') return [];
  const { claim } = line;
  if ('socket' in claim) return [claim.socket];
  if ('process' in claim) return [claim.process];
  if (claim.kind === 'finding') return claim.about.map(one => (typeof one === 'string' ? one : one.on));
  return claim.kind === 'call' && claim.inside ? [claim.inside.on] : [];
};

const isName = (word: string): boolean => isSocketName(word) || isFileName(word) || isProcessName(word);

/** Whose start makes a name: of a program's socket, p1.4, its program's. */
const rootOf = (name: string): string =>
  isSocketName(name) && !isOwnSocketName(name) ? name.slice(0, name.indexOf('.')) : name;

const isOfProcess = ({ on }: Target): boolean => isProcessName(rootOf(on));

const madeBy = (name: string): string =>
  isProcessName(name)
    ? t`this stage or one above must start it, with "python: |" (the first one is p1)`
    : t`a line above must make it (${name} = ...)`;

const staysInFlight = (expectation: Expectation | null): boolean =>
  expectation?.value.kind === 'blocked' || expectation?.value.kind === 'queued';

const titleOf = ({ on, name }: Target): string => (on === '' ? name : `${on}.${name}`);

/** What the lines above have made, with what their stages need, and what they have started. */
type Above = {
  readonly made: Map<string, readonly Need[]>;
  readonly started: Set<string>;
  /** The letters of sockets that come by themselves: an accept loop makes a1, a2 ..., a relay connects a c for each. */
  readonly letters: Set<string>;
  /** A loop, a rule or a relay starts calls that no line has. */
  acts: boolean;
};

const problemOf = (line: Line, { needs }: Stage, above: Above): string | null => {
  const { made, started, letters, acts } = above;
  const names = spokenOf(line).filter(isName).map(rootOf);
  const unknown = names.find(name => !made.has(name) && !letters.has(name[0]!));
  if (unknown) return t`there is no ${unknown} yet: ${madeBy(unknown)}`;
  for (const name of names) {
    const need = made.get(name)?.find(each => !needs.includes(each));
    if (need)
      return isProcessName(name)
        ? t`${name} is started in a stage that needs ${need}: give this stage the same needs`
        : t`${name} is made in a stage that needs ${need}: give this stage the same needs`;
  }
  const flight = flightOf(line);
  if (!flight || acts || isOfProcess(flight) || started.has(titleOf(flight))) return null;
  const title = titleOf(flight);
  return t`no line above leaves a ${title} in flight: start one with & behind it, or with => blocked`;
};

const remember = (line: Line, { needs }: Stage, above: Above): void => {
  const { made, started, letters } = above;
  const relays = line.kind === 'relay' && line.target !== null;
  const loops = line.kind === 'loop' && line.on;
  if (relays) letters.add('c');
  if (relays || (loops && line.loop === 'accept')) letters.add('a');
  const repeats = line.kind === 'repeat-send' && line.repeat !== null;
  if (relays || loops || repeats || line.kind === 'rule') above.acts = true;
  if (line.kind !== 'call') return;
  const { call, background, expectation } = line;
  if (isMaker(call.name) && call.as !== undefined) made.set(call.as, needs);
  if (background || staysInFlight(expectation)) started.add(titleOf(call));
};

const pathsIn = (line: Line): readonly string[] => {
  if (line.kind === 'rule') return filesOf(line.rule);
  if (line.kind === 'repeat-send') return line.repeat?.data.kind === 'file' ? [line.repeat.data.path] : [];
  return line.kind === 'call' && 'data' in line.call && line.call.data.kind === 'file'
    ? [line.call.data.path]
    : [];
};

const fileProblem = async (line: Line, fileTrouble: FileTrouble): Promise<string | null> => {
  for (const path of pathsIn(line)) {
    const trouble = await fileTrouble(path);
    if (trouble !== null) return trouble;
  }
  return null;
};

type LineTrouble = { readonly column: number; readonly message: string };

const checkLine = async (
  { text, program }: LabLine,
  stage: Stage,
  variables: Record<string, string>,
  above: Above,
  fileTrouble: FileTrouble,
): Promise<LineTrouble | null> => {
  if (program) {
    above.made.set(`p${program.nth}`, stage.needs);
    return null;
  }
  const read = readLine(text, variables);
  if (!read.ok) return read;
  const line = innerLine(read.line);
  const message = problemOf(line, stage, above) ?? (await fileProblem(line, fileTrouble));
  if (message !== null) return { column: Math.max(0, text.search(/\S/)), message };
  remember(line, stage, above);
  if (read.variable) variables[read.variable] = placeholderOf(read.line);
  return null;
};

/**
 * Reads every line of a lab as it will be run: each socket is made before it is used, each call that is waited for
 * was started, each file can be read. The first trouble, or null.
 */
export const checkLab = async (lab: Lab, fileTrouble: FileTrouble): Promise<Trouble | null> => {
  const resolved = await resolveVariables(lab.variables, () => anyPort);
  if (!resolved.ok) return { at: { variable: resolved.name }, message: resolved.message };
  const variables: Record<string, string> = { ...resolved.variables };
  const above: Above = { made: new Map(), started: new Set(), letters: new Set(), acts: false };
  for (const stage of lab.stages) {
    for (const line of stage.lines) {
      const trouble = await checkLine(line, stage, variables, above, fileTrouble);
      if (!trouble) continue;
      const { column, message } = trouble;
      return { at: { row: line.row, column: line.indent + column + 1 }, message };
    }
  }
  return null;
};
