import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../support/limits.ts';

/** Asks again until it holds, or too long has gone by: what it was answered last. */
export const eventually = async <T>(
  ask: () => T | Promise<T>,
  holds: (answer: T) => boolean,
  ms: number = limits.wait,
): Promise<T> => {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (holds(answer) || Date.now() > end) return answer;
    await pause(50);
  }
};
