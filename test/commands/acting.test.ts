import { describe, expect, it } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { acting } from '../../source/commands/calling/acting.ts';
import { act, type Command, type Context } from '../../source/commands/calling/command.ts';
import { createContext } from '../../source/commands/calling/context.ts';
import { runInterpreted } from '../../source/commands/calling/interpret.ts';
import { keymap, quietServices } from '../support/outside.ts';
import { callOf } from '../support/playing.ts';
import { tableKeys } from '../support/words.ts';

const closes = act({
  id: 'closes',
  title: 'Closes c1',
  keys: [],
  where: [],
  run: context => void context.bench.perform({ name: 'close', on: 'c1' }),
});

/** What is only shown: a session of one note. */
const shown = (): Context => {
  const note = { kind: 'note', level: 'info', text: '', n: 1, t: 0, prev: 0 } as const;
  const { source } = createReplay({ entries: [note], began: 0, cut: false });
  const app = { ...quietServices, quit: () => {}, suspend: async () => {}, redraw: () => {} };
  return createContext(source, createWorldStore(source), app, keymap);
};

const sentence = 'This is a replay: nothing can be done in it';

describe('a source without acts', () => {
  it('is no place for a command that acts, says the compiler', () => {
    // @ts-expect-error only `acting` makes a row of the table of it
    const row: Command = closes;
    expect(row.id).toBe('closes');
  });

  it('refuses such a command, however it is run', async () => {
    const [row] = acting([closes]);
    expect(row!.disabled(shown().store.getState(), tableKeys)).toBe(sentence);
    expect(await row!.run(shown(), {})).toMatchObject({ message: sentence });
  });

  it('refuses a typed call', async () => {
    const line = { kind: 'call', call: callOf('c1.close'), background: false, expectation: null } as const;
    const typed = { kind: 'line', line, variable: '' } as const;
    expect(await runInterpreted(shown(), typed)).toMatchObject({ message: sentence });
  });
});
