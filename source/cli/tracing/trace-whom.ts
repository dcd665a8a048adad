import { t } from '../../core/words/translate.ts';
import { processTrouble, programTrouble } from './strace-check.ts';

/** Whom to trace: programs to start, each with its arguments, or processes that run. */
export type Whom =
  | { readonly kind: 'commands'; readonly commands: readonly (readonly string[])[] }
  | { readonly kind: 'pids'; readonly pids: readonly number[] };

/** `CMD ARG... -- CMD ARG...` */
const commandsOf = (words: readonly string[]): string[][] => {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (word === '--') commands.push([]);
    else commands.at(-1)!.push(word);
  }
  return commands.filter(command => command.length > 0);
};

/** Whom the command line names, or why they cannot be traced. */
export const whomOf = (words: readonly string[], pids: readonly string[]): Whom | string => {
  const commands = commandsOf(words);
  if (pids.length > 0 && commands.length > 0)
    return t('-p PID and a command exclude each other: leave one out');
  if (pids.length === 0 && commands.length === 0)
    return t('whom? sockbench trace -- COMMAND ARGUMENT..., or -p PID');
  const trouble =
    pids.length > 0 ? pids.map(processTrouble) : commands.map(([name]) => programTrouble(name!));
  const first = trouble.find(one => one !== null);
  if (first) return first;
  return pids.length > 0 ? { kind: 'pids', pids: pids.map(Number) } : { kind: 'commands', commands };
};
