import { expect, test } from 'vitest';
import { stopping, subject } from '../bench/subject.ts';

/** Looks at the kernel become rare in silence, at most two a second, and each takes a few turns of the event loop. */
const fewTurns = 30;

test.each(['auto', 'table'])(
  'an accept blocked for 2 s waits: the event loop hardly turns, the kernel watched by %s',
  async means => {
    const peer = subject('blocked-accept/sockbench.ts', [means, 2_000]);
    const turns = await stopping([peer], () => peer.until(/^turns (\d+)$/m));
    expect(Number(turns[1])).toBeLessThan(fewTurns);
  },
);
