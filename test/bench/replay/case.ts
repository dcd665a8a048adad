import { readFileSync } from 'node:fs';
import { start, type Terminal } from '../../e2e/terminal.ts';
import type { BenchCase, Contender } from '../case.ts';
import { ofMillion, sessionOf } from '../export/session.ts';

/** In a pty of 120x36. */
const withReplay = async (
  entries: number,
  use: (terminal: Terminal, began: number) => Promise<number>,
): Promise<number> => {
  const file = await sessionOf(entries);
  const began = performance.now();
  const terminal = start({ args: ['replay', file] });
  try {
    return await use(terminal, began);
  } finally {
    await terminal.dispose();
  }
};

const open = (terminal: Terminal) => terminal.until(/#\d+ of #/);

const first: Contender = {
  name: 'first frame',
  run: entries =>
    withReplay(entries, async (terminal, began) => {
      await open(terminal);
      return (performance.now() - began) / 1000;
    }),
};

const toEnd: Contender = {
  name: 'from the start to the end',
  run: entries =>
    withReplay(entries, async terminal => {
      await open(terminal);
      terminal.type('g');
      await terminal.until(/#1 of/);
      const pressed = performance.now();
      terminal.type('G');
      await terminal.until(/#(\d+) of #\1 /);
      return (performance.now() - pressed) / 1000;
    }),
};

export const replay: BenchCase = {
  ...ofMillion,
  name: 'replay',
  what: 'sockbench replay of a session of 1 million entries',
  unit: 's',
  contenders: [first, toEnd],
  aims: [first, toEnd].map(({ name }) => ({ of: name, limit: 1.5 })),
};

/** MB that the process has resident (proc_pid_status(5)). */
const residentOf = (pid: number): number =>
  (Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024) / 1e6;

const name = 'at its end';

export const replayMemory: BenchCase = {
  ...ofMillion,
  name: 'replay-memory',
  what: 'what the same has resident once it shows the end',
  unit: 'MB',
  contenders: [
    {
      name,
      run: entries =>
        withReplay(entries, async terminal => {
          await open(terminal);
          return residentOf(terminal.pid()!);
        }),
    },
  ],
  aims: [{ of: name, limit: 250 }],
};
