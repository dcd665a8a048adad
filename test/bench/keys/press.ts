import { setTimeout as pause } from 'node:timers/promises';
import type { Terminal } from '../../e2e/terminal.ts';

/** Keys that move the focus, and what the screen then shows. */
const moves = [
  ['2', /2 TCP server \*/],
  ['3', /3 UDP server \*/],
  ['1', /1 Client \*/],
] as const;

/** Milliseconds from each key's leaving to its being seen on the screen. */
export const pressKeys = async (terminal: Terminal, keys: number): Promise<number[]> => {
  const times: number[] = [];
  for (let n = 0; n < keys; n++) {
    const [key, seen] = moves[n % moves.length]!;
    const pressed = performance.now();
    terminal.type(key);
    await terminal.until(seen);
    times.push(performance.now() - pressed);
    // Not in step with the flushes, so that every phase between two of them is met.
    await pause(20 + ((n * 17) % 50));
  }
  return times;
};
