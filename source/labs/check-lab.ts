import type { Line } from '../core/line.ts';
import { isFileName, isSocketName } from '../core/names.ts';
import type { Lab } from './lab.ts';
import { makers, readLine } from './script.ts';
import { resolveVariables } from './variables.ts';

/** Any port serves while lines are only read. */
const anyPort = 51423;

/** Stands for a value that is only known when the lab runs: an address fits most places. */
const placeholder = '127.0.0.1:1';

/** The sockets and file objects a line speaks of. */
const spokenOf = (line: Line): string[] => {
  switch (line.kind) {
    case 'empty':
      return [];
    case 'call':
      return [line.call.on];
    case 'wait':
    case 'cancel':
      return [line.target.on];
    case 'expect':
      return 'socket' in line.claim
        ? [line.claim.socket]
        : 'target' in line.claim
          ? [line.claim.target.on]
          : [];
  }
};

const madeBy = (line: Line): string | undefined =>
  line.kind === 'call' && makers.has(line.call.name) ? line.call.as : undefined;

const isName = (word: string): boolean => isSocketName(word) || isFileName(word);

/**
 * Reads every line of a lab as it will be run and checks that each socket is made before it is used. The first
 * trouble, with its place, or null.
 */
export const checkLabLines = async (lab: Lab): Promise<string | null> => {
  const resolved = await resolveVariables(lab.variables, () => anyPort);
  if (!resolved.ok) return `${lab.file}: let.${resolved.name}: ${resolved.message}`;
  const variables = { ...resolved.variables };
  const made = new Set<string>();
  for (const { text, row } of lab.stages.flatMap(stage => stage.lines)) {
    const read = readLine(text, variables);
    if (!read.ok) return `${lab.file}:${row}:${read.column + 1}: ${read.message}`;
    const unknown = spokenOf(read.line).find(name => isName(name) && !made.has(name));
    if (unknown)
      return `${lab.file}:${row}: there is no ${unknown} yet: a line above must make it (${unknown} = ...)`;
    const name = madeBy(read.line);
    if (name) made.add(name);
    if (read.variable) variables[read.variable] = placeholder;
  }
  return null;
};
