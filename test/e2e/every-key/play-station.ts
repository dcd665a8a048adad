import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isTextPlace, type Place } from '../../../source/commands/calling/command.ts';
import { buildKeymap, commandAt } from '../../../source/commands/calling/keymap.ts';
import { typed } from '../../../source/commands/calling/keys.ts';
import { type KeyRow, keyRows } from '../../../source/commands/calling/keys-list.ts';
import { commandTable } from '../../../source/commands/calling/table.ts';
import { keyBytes } from '../keys.ts';
import { projectFolder, start, type Terminal } from '../terminal.ts';
import { expectStill, perform, screenOf, until } from './at-terminal.ts';
import { holds, type Scenario, type Sight, type Station, said } from './scenario.ts';

/** The rows of THE key table, as docs/keys.md has them. */
export const rows: readonly KeyRow[] = keyRows(commandTable);

const built = buildKeymap(commandTable);
if (!built.ok) throw new Error(built.messages.join());
const { keymap } = built;

/** Loops off: nothing happens but what keys do. An address and a message are kept. */
const settings = `acceptLoop: false
receiveLoop: false
endpoints: { db: '127.0.0.1:9' }
messages: { hi: hi there }
`;

/** A shell with job control, as in life: Ctrl-Z and fg, and the exit status in its prompt. */
const openShell = async (): Promise<Terminal> => {
  const env = {
    PS1: 'left $? > ',
    NODE: process.execPath,
    SOCKBENCH: join(projectFolder, 'bin/sockbench.cjs'),
    HERE: import.meta.dirname,
  };
  const terminal = start({ command: 'bash', program: '--norc', args: ['-i'], env });
  const folder = join(terminal.folder, 'config/sockbench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.yaml'), settings);
  await terminal.until(/left 0 >\s*$/);
  terminal.type(`cd; alias sockbench='"$NODE" "$SOCKBENCH"'\r`);
  await terminal.until(/"\$SOCKBENCH"'\nleft 0 >\s*$/);
  return terminal;
};

const launch = async (terminal: Terminal, station: Station): Promise<void> => {
  terminal.type(`${station.launch}\r`);
  const isOpen = () => terminal.modes().alternateScreen && terminal.modes().bracketedPaste;
  await until(terminal, isOpen, `the screen of ${station.launch}`);
  await perform(terminal, [...station.open, ...station.enter, station.sight]);
};

const open = async (station: Station): Promise<Terminal> => {
  const terminal = await openShell();
  try {
    await launch(terminal, station);
    return terminal;
  } catch (error) {
    await terminal.dispose();
    throw error;
  }
};

const pressed = async (terminal: Terminal, scenario: Scenario, key: string): Promise<void> => {
  await perform(terminal, scenario.setup ?? []);
  const { shows, hides, keeps, copies } = scenario;
  const before = screenOf(terminal);
  const copied = terminal.clipboard.length;
  const there = (sight: Sight, screen: string) => holds(sight, screen, before);
  if (shows && there(shows, before))
    throw new Error(`${said(shows)} is to be seen before the key:\n${before}`);
  if (hides && !there(hides, before))
    throw new Error(`${said(hides)} is not to be seen before the key:\n${before}`);
  terminal.type(keyBytes(key));
  if (keeps) await expectStill(terminal, before, key);
  const came = (screen: string) =>
    !(shows && !there(shows, screen)) &&
    !(hides && there(hides, screen)) &&
    !(copies && !copies.test(terminal.clipboard[copied] ?? ''));
  const wanted = [shows && said(shows), hides && `no ${hides}`, copies && `a copy of ${copies}`];
  await until(terminal, came, wanted.filter(Boolean).join(', '));
  await perform(terminal, scenario.after ?? []);
};

/** Terminals send Alt with a key as Esc before it: where that Alt means nothing, it is Esc, and then the key. */
const isAfterEscape = (key: string): boolean => /^\x1b(?:[^[O]|\x1b)/.test(keyBytes(key)) && key !== 'escape';

/** The keys of the table that mean nothing in a place. */
const strangers = (place: Place): readonly string[] =>
  [...new Set(rows.flatMap(row => row.names))].filter(
    key =>
      !commandAt(keymap, place, key) && !(isTextPlace(place) && typed(key) !== null) && !isAfterEscape(key),
  );

const pressStrangers = async (terminal: Terminal, place: Place): Promise<void> => {
  const before = screenOf(terminal);
  const keys = strangers(place);
  for (const key of keys) terminal.type(keyBytes(key));
  await expectStill(terminal, before, keys.join(' '));
};

type Press = { readonly key: string; readonly scenario: Scenario };

/** Every key of every row in a place, with each of its scenarios; those that end the program last. */
const pressesOf = ({ place, scenarios }: Station): readonly Press[] => {
  const presses = rows
    .filter(row => row.where.includes(place))
    .flatMap(({ command, names }) =>
      names.flatMap(key =>
        scenarios.filter(scenario => scenario.command === command).map(scenario => ({ key, scenario })),
      ),
    );
  const leaving = presses.filter(({ scenario }) => scenario.leaves);
  return [...presses.filter(({ scenario }) => !scenario.leaves), ...leaving];
};

/**
 * Presses every key of a place in the real program, and those that mean nothing there. Answers what went wrong, a text
 * for each; after one the program is started anew, so that the next key is judged by itself.
 */
export const playStation = async (station: Station): Promise<readonly string[]> => {
  const failures: string[] = [];
  let terminal = await open(station);
  let isRunning = true;
  const attempt = async (what: string, act: () => Promise<void>, leaves = false) => {
    try {
      if (!isRunning) await launch(terminal, station);
      await act();
      if (!leaves) await perform(terminal, [station.sight]);
      isRunning = !leaves;
    } catch (error) {
      failures.push(
        `${what} in ${station.name ?? station.place}: ${error instanceof Error ? error.message : error}`,
      );
      await terminal.dispose();
      terminal = await open(station);
      isRunning = true;
    }
  };
  try {
    await attempt('keys of other places', () => pressStrangers(terminal, station.place));
    for (const { key, scenario } of pressesOf(station)) {
      const what = `${key} (${scenario.command})`;
      await attempt(what, () => pressed(terminal, scenario, key), scenario.leaves);
    }
  } finally {
    await terminal.dispose();
  }
  return failures;
};
