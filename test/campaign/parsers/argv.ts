import { type Command, CommanderError } from 'commander';
import { type AddressFlags, readAddresses } from '../../../source/cli/address-words.ts';
import { describe } from '../../../source/cli/program.ts';
import { safeLines } from '../../../source/core/bytes/printable.ts';
import type { Chance } from '../../support/chance.ts';
import type { Answer } from './judge.ts';
import type { Subject } from './subject.ts';
import { mangled } from './texts.ts';

const examples: readonly (readonly string[])[] = [
  ['listen', '127.0.0.1:9000', '-u', '--on', 'accept echo'],
  ['connect', 'localhost', '9000', '-p', '1', '-4'],
  ['connect', 'tls://x:1', '--sni', 'x', '--ca', 'f', '--alpn', 'h2,http/1.1', '--tls-min', '1.2'],
  ['relay', '9000', 'unix:/x', '--no-screen'],
  ['pipe', '--listen', '0', '-q', '1s', '--timeout', '30s'],
  ['run', '-e', 's1 = socket', '--json', '--timeout', '5s'],
  ['export', 'f.jsonl', '--to', 'pcapng', '-o', 'x'],
  ['trace', '--no-screen', '-o', 'x', '--', 'prog', '-p', '--', 'other'],
  ['watch', '4711', ':80', '-p', '1'],
  ['--lang', 'zh', '--config', 'f', 'labs', '--reset', 'tour'],
  ['keys', '--json'],
  ['--record', 'f'],
];

const words = examples.flat();

/** Reads the words as the program does, and runs none of its commands; addresses are read as those that have them read them. */
const parsed = (argv: readonly string[]): Answer => {
  let said = '';
  let addresses: Answer = { ok: true };
  const hear = (text: string): void => {
    said += text;
  };
  const program = describe(['node', 'sockbench', ...argv], () => {});
  const quiet = (command: Command) =>
    command.configureOutput({ writeOut: hear, writeErr: hear }).action((given: unknown, flags: unknown) => {
      if (command.name() !== 'listen' && command.name() !== 'connect') return;
      addresses = readAddresses(
        command.name() as 'listen',
        given as string[],
        flags as AddressFlags,
      ) as Answer;
    });
  for (const command of program.commands) quiet(command);
  program.configureOutput({ writeOut: hear, writeErr: hear }).action(() => {});
  try {
    program.parse(['node', 'sockbench', ...argv]);
    return addresses.ok ? addresses : { ok: false, message: safeLines(addresses.message ?? '') };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and the list of commands follow in lines of their own.
    return error.exitCode === 0
      ? { ok: true }
      : { ok: false, message: safeLines(said.split('\n(')[0]!.trim().replaceAll('\n', ' ')) };
  }
};

export const argv: Subject = {
  name: 'command lines',
  share: 10,
  input: (chance: Chance) => {
    const list = [...chance.one(examples)];
    for (let left = chance.below(4); left > 0; left--) {
      const at = chance.below(list.length + 1);
      const one = chance.below(3) ? mangled(chance, words).slice(0, 5_000) : chance.one(words);
      list.splice(at, chance.below(2), one.replaceAll('\0', ''));
    }
    return { shown: list.join(' '), read: () => parsed(list) };
  },
};
