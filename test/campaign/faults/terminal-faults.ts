import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../../e2e/terminal.ts';
import { scratchFolder } from '../scratch.ts';
import { becomes, type Fault, onBench } from './fault.ts';
import { inWorld, isAlive, takeBack } from './world.ts';

/** Gives it its size back, and waits for the screen of that size: below the least one keys do nothing. */
const settles = async (terminal: Terminal): Promise<void> => {
  // A size that nothing here has by chance, told by the program itself: what is seen afterwards was drawn afterwards.
  terminal.resize(200, 5);
  await terminal.until(/This terminal has 200 and 5:/);
  terminal.resize(120, 36);
  await terminal.until(/s1 LISTEN/);
};

/** What the terminal does that it is on. */
export const terminalFaults: readonly Fault[] = [
  {
    name: 'a terminal that stops reading, and reads again',
    meet: onBench(async ({ terminal, witness }) => {
      terminal.stopReading();
      for (let n = 0; n < 40; n++) terminal.type(n % 2 ? '\x1b[A' : '\x1b[B');
      for (let n = 0; n < 50; n++) witness.say('send b"unseen"');
      terminal.readAgain();
      await takeBack(witness, 'unseen', 50);
    }),
  },
  {
    name: 'resizes one after the other',
    meet: onBench(async ({ terminal }, { chance, timed }) => {
      for (let n = 0; n < (timed ? 400 : 40); n++)
        terminal.resize(20 + chance.below(180), 5 + chance.below(60));
      await settles(terminal);
    }),
  },
  {
    name: '20 resizes a second, while bytes come',
    meet: onBench(async ({ terminal, witness }, { chance, timed }) => {
      for (let n = 0; n < (timed ? 100 : 10); n++) {
        terminal.resize(20 + chance.below(180), 5 + chance.below(60));
        witness.say('send b"resized"');
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      await settles(terminal);
      await takeBack(witness, 'resized', timed ? 100 : 10);
    }),
  },
  {
    name: 'a terminal that is closed: the program ends, its peers are told, its recording is whole',
    meet: () => {
      const file = join(mkdtempSync(join(scratchFolder(), 'closed-')), 'session.jsonl');
      return inWorld({ args: ['--record', file] }, async world => {
        await isAlive(world);
        const pid = world.terminal.pid()!;
        world.terminal.vanish();
        world.witness.say('recv');
        await world.witness.until(/received b''|ConnectionResetError/);
        await becomes(() => !isThere(pid), 'the end of the program');
        const lines = readFileSync(file, 'utf8').split('\n');
        if (lines.pop() !== '') throw new Error('the recording ends in the middle of a line');
        for (const line of lines) JSON.parse(line);
        if (!lines.some(line => line.includes('still here')))
          throw new Error('what was sent is not recorded');
      });
    },
  },
];

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
