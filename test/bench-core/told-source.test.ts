import { expect, test } from 'vitest';
import { createToldSource } from '../../source/bench/processes/told-source.ts';

const call = { name: 'getsockname', on: 'p1.3' } as const;
const about = { actor: 'p1', thread: 'p1/7', call, deadline: null } as const;

test('a call that is told late stands where it was told, and took no longer for it', () => {
  const source = createToldSource('trace');
  source.tell({ kind: 'note', t: 500, level: 'info', text: 'seen by a look' });
  source.end({ ...about, id: 1, startedAt: 480 }, 481, { kind: 'none' });
  source.begin({ ...about, id: 2, startedAt: 482 });
  source.end({ ...about, id: 2, startedAt: 482 }, 485, { kind: 'none' });
  source.flush();
  expect(source.journal.at(2)).toMatchObject({ t: 500, startedAt: 499, queuedAt: 499 });
  expect(source.journal.at(3)).toMatchObject({ t: 500, startedAt: 497 });
});

test('of one that a flush has shown in flight the beginning stands', () => {
  const source = createToldSource('trace');
  source.begin({ ...about, id: 1, startedAt: 480 });
  source.flush();
  source.end({ ...about, id: 1, startedAt: 480 }, 700, { kind: 'none' });
  source.flush();
  expect(source.journal.at(1)).toMatchObject({ kind: 'running', startedAt: 480 });
  expect(source.journal.at(2)).toMatchObject({ kind: 'ended', t: 700, startedAt: 480, seen: true });
});
