import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { key } from '../../e2e/keys.ts';
import { type StartOptions, start, type Terminal } from '../../e2e/terminal.ts';
import type { Chance } from '../../support/chance.ts';
import { type Campaign, eachInput } from '../campaign.ts';
import { attackBytes, attackText } from './attacks.ts';
import { leakInBytes } from './leaks.ts';

const isThere = (program: string): boolean => spawnSync(program, ['-V']).status === 0;

/** What a program is handed as an argument, and prints. */
const printed = `
import sys
for stream in (sys.stdout, sys.stderr):
    stream.buffer.write(bytes.fromhex(sys.argv[2]))
    stream.flush()
`;

const bytesOf = (chance: Chance): Uint8Array =>
  Buffer.concat(Array.from({ length: 12 }, () => attackBytes(chance)));

const walk = async (terminal: Terminal, chance: Chance): Promise<void> => {
  const ways = [
    '1',
    '2',
    '3',
    '4',
    '5',
    '6',
    'w',
    'v',
    's',
    'z',
    'j',
    'k',
    '?',
    key.enter,
    key.enter,
    key.escape,
    key.tab,
  ];
  for (let left = 14; left > 0; left--) {
    terminal.type(chance.one(ways));
    await terminal.quiet(30, 90);
  }
};

const port = async (terminal: Terminal, pattern: RegExp): Promise<number> => {
  await terminal.until(pattern);
  return Number(pattern.exec(terminal.picture())![1]);
};

/** Bytes over TCP and in datagrams, and a paste. */
const fromPeers = async (terminal: Terminal, chance: Chance): Promise<void> => {
  const client = connect(await port(terminal, /s1 LISTEN 127\.0\.0\.1:(\d+)/), '127.0.0.1');
  const datagrams = createSocket('udp4');
  try {
    await once(client, 'connect');
    client.write(bytesOf(chance));
    datagrams.send(bytesOf(chance), await port(terminal, /u1 UNCONN 127\.0\.0\.1:(\d+)/), '127.0.0.1');
    await terminal.until(/a1\.recv/);
    await walk(terminal, chance);
    terminal.type(`${key.escape}${key.escape}:`);
    terminal.paste(attackText(chance).replaceAll('\x1b[201~', '').replaceAll('\x03', ''));
    await terminal.quiet(60, 200);
  } finally {
    client.destroy();
    datagrams.close();
  }
};

/** What a program's arguments are, and what it prints under trace. */
const traced = async (terminal: Terminal, chance: Chance): Promise<void> => {
  await terminal.until(/p1 ended with exit status/);
  await walk(terminal, chance);
};

type Scene = { readonly args: (chance: Chance) => readonly string[]; readonly play: typeof traced };

const scenes: readonly Scene[] = [
  { args: () => ['listen', '127.0.0.1:0', 'udp://127.0.0.1:0'], play: fromPeers },
  ...(isThere('strace') && isThere('python3')
    ? [
        {
          args: (chance: Chance) => {
            const argument = attackText(chance).replaceAll('\0', '');
            return [
              'trace',
              '--',
              'python3',
              '-c',
              printed,
              argument,
              Buffer.from(bytesOf(chance)).toString('hex'),
            ];
          },
          play: traced,
        },
      ]
    : []),
];

const quit = async (terminal: Terminal): Promise<void> => {
  terminal.kill('SIGTERM');
  await terminal.exited;
};

/** What the environment says of the terminal and of the person's tools. */
const environment = (chance: Chance): StartOptions['env'] =>
  chance.below(3) === 0 ? { EDITOR: attackText(chance).replaceAll('\0', ''), COLORFGBG: '\x1b[2J' } : {};

/** The real program in a real terminal: each byte that it has written is read again. */
export const terminals: Campaign = {
  name: 'terminals',
  is: 'the program in a terminal, amid hostile peers and programs, writes what is its own and nothing else',
  small: 2,
  full: 60,
  share: 0.6,
  patience: 180,
  run: eachInput(async ({ chance, seed }) => {
    const { args, play } = scenes[seed % scenes.length]!;
    const terminal = start({
      args: args(chance),
      cols: 80 + chance.below(60),
      rows: 24 + chance.below(20),
      env: environment(chance),
    });
    try {
      await terminal.ready();
      await play(terminal, chance);
      await quit(terminal);
      const leak = leakInBytes(terminal.raw(), 'screen');
      if (leak !== null) throw new Error(leak);
      if (terminal.titles.length + terminal.clipboard.length > 0)
        throw new Error('a title or a clipboard was set');
      if (terminal.modes().alternateScreen) throw new Error('the terminal was left on the alternate screen');
    } finally {
      await terminal.dispose();
    }
  }),
};
