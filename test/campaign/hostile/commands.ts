import { join } from 'node:path';
import { recordings } from '../../formats/mutants.ts';
import type { Chance } from '../../support/chance.ts';
import { hostileFields, hostileLab } from '../../support/hostile-lab.ts';
import { scratchFile, scratchFolder } from '../scratch.ts';
import { attackText } from './attacks.ts';
import { printedBy } from './captured.ts';
import { hostileLine } from './entries.ts';
import type { Place } from './place.ts';

const [recording = []] = recordings.values();

/** A word of a command line; never one that reads standard input, or is a file's real name. */
const wordOf = (chance: Chance): string => `w${attackText(chance)}`.replaceAll('\0', '').slice(0, 200);

/** Words that a shell hands over, each in a place of its own; what is run makes no call that leaves this machine. */
const commandLine = (chance: Chance): readonly string[] => {
  const word = wordOf(chance);
  const quoted = JSON.stringify(word);
  const good = scratchFile('good.jsonl', `${recording.join('\n')}\n`);
  return chance.one([
    [word],
    [`--${word}`],
    ['run', word],
    ['run', '-e', word],
    ['run', '-e', `c1.send file${quoted}`],
    ['run', '-e', 's1 = socket', `s1.settimeout ${word}`],
    ['run', '-e', `getservbyname ${quoted}`],
    ['run', '--json', '-e', `getservbyname ${quoted}`],
    ['run', '--timeout', word, '-e', 's1 = socket'],
    ['run', '--record', join(scratchFolder(), word, 'x'), '-e', 's1 = socket'],
    ['run', '-e', 's1 = socket', '--', word],
    ['export', word, '--to', 'python'],
    ['export', good, '--to', word],
    ['export', good, '--to', 'bytes', '--socket', word],
    ['export', good, '--to', 'python', '-o', join(scratchFolder(), word, 'x')],
    ['labs', '--lang', word],
    ['labs', word],
    ['--config', join(scratchFolder(), word), 'keys'],
    ['replay', word],
    ['lab', word],
    ['listen', word],
    ['connect', word, word],
    ['connect', 'tls://127.0.0.1:1', '--sni', word, '--alpn', word, '--tls-min', word],
    ['relay', word, word],
    ['watch', word],
    ['why', word],
    ['pipe', '--timeout', word, '127.0.0.1:1'],
  ]);
};

const lab = (chance: Chance): string => hostileLab(attackText(chance), chance.below(hostileFields));

const settings = (chance: Chance): string => {
  const word = attackText(chance);
  return chance.one([
    `{ ${JSON.stringify(word)}: 1 }`,
    `keys: { connect: ${JSON.stringify(word)} }`,
    `endpoints: { ${JSON.stringify(word)}: ${JSON.stringify(word)} }`,
    `messages: { a: ${JSON.stringify(word)} }`,
    `rules: { a: ${JSON.stringify(`recv ${word}`)} }`,
    `policy: ${JSON.stringify(word)}`,
    word,
  ]);
};

const session = (chance: Chance): string => {
  const lines = Array.from({ length: 1 + chance.below(8) }, (_, at) => hostileLine(chance, at + 1, at));
  return `${[recording[0], ...lines].join('\n')}\n`;
};

const lines = async (...words: readonly string[]) =>
  ({ text: await printedBy(...words), output: 'lines' }) as const;

/** The environment of one command. */
const withEnvironment = async (name: string, value: string, ...words: readonly string[]) => {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await lines(...words);
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
};

/** Commands with what others have chosen in their words, files and environment: all that they print. */
export const commands: readonly Place[] = [
  { name: 'command lines', share: 6, show: chance => lines(...commandLine(chance)) },
  { name: 'labs', share: 4, show: chance => lines('run', scratchFile('lab.yaml', lab(chance))) },
  {
    name: 'settings',
    share: 4,
    show: chance => lines('--config', scratchFile('settings.yaml', settings(chance)), 'keys'),
  },
  {
    name: 'sessions that are exported',
    share: 8,
    show: chance =>
      lines(
        'export',
        scratchFile('forged.jsonl', session(chance)),
        '--to',
        chance.one(['python', 'lab', 'strace', 'jsonl']),
      ),
  },
  {
    name: 'the environment',
    share: 1,
    show: chance =>
      withEnvironment(
        chance.one(['XDG_CONFIG_HOME', 'XDG_STATE_HOME', 'XDG_DATA_HOME', 'LANG', 'TERM', 'SSLKEYLOGFILE']),
        `/${wordOf(chance)}`,
        chance.one(['doctor', 'keys', 'labs']),
      ),
  },
];
