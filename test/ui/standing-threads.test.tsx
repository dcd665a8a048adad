import { afterEach, expect, test } from 'vitest';
import { createToldSource } from '../../source/bench/processes/told-source.ts';
import { openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen?.close());

/** A program that is watched, with one thread that does this and no call on a socket. */
const watching = (does: 'sleep' | 'lock'): void => {
  const source = createToldSource('watch');
  const who = {
    actor: 'p1',
    pid: 4711,
    parent: '',
    origin: 'found',
    name: 'python3',
    args: ['a.py'],
  } as const;
  source.tell({ kind: 'process', t: 0, ...who, traced: false });
  source.tell({ kind: 'threads', t: 0, threads: [{ thread: 'p1/4711', does, since: 0 }], over: [] });
  screen = openScreen({ source });
};

/** How long the thread has been about it, as the screen says. */
const shown = (frame: string): string | undefined => / thread 4711 .* (\d+\.\d)s/.exec(frame)?.[1];

test.each(['sleep', 'lock'] as const)(
  'how long a thread stands goes on though no call is in flight: %s',
  async does => {
    watching(does);
    await screen.until(frame => shown(frame) !== undefined, 'its time');
    const first = shown(screen.frame());
    await screen.until(frame => shown(frame) !== first, 'a later time');
    expect(Number(shown(screen.frame()))).toBeGreaterThan(Number(first));
  },
);
