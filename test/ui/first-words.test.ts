import { describe, expect, test } from 'vitest';
import type { SourceKind } from '../../source/bench/engine/source.ts';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { initialState } from '../../source/core/model/state.ts';
import { firstStart } from '../../source/ui/panes/first-start.ts';

const first = initialState();

/** The empty log of a source of this kind, with commands in place of their keys. */
const emptyLog = (kind: SourceKind): string =>
  firstStart(
    'log',
    command => command,
    createWorldStore({
      state: () => first,
      kind,
      began: 0,
      shows: kind === 'bench' ? 'programs' : 'processes',
    }).getState(),
  )
    .map(spans => spans.map(({ text }) => text).join(''))
    .join('\n');

describe('an empty log', () => {
  test.each(['watch', 'trace'] as const)('of a %s offers no command that makes a socket or a lab', kind => {
    expect(emptyLog(kind)).not.toMatch(/labs|palette|listen/);
    expect(emptyLog(kind)).toMatch(/the programs/i);
    expect(emptyLog(kind)).toContain('quit');
  });

  test('of a bench does, and of a replay moves its time', () => {
    expect(emptyLog('bench')).toMatch(/labs/);
    expect(emptyLog('replay')).toMatch(/entry-on/);
  });
});
