import { afterEach, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { press } from '../../source/commands/calling/dispatch.ts';
import { openCommands } from '../support/outside.ts';
import { createMachine } from '../support/simulated-machine.ts';

let bench: Bench | undefined;

afterEach(() => bench?.dispose());

/** Keys in one burst, as they come over a slow line, and what the bench makes of them. */
const open = () => {
  const machine = createMachine();
  bench = machine.bench({ loops: { accept: false, receive: false } });
  const { context, store } = openCommands(bench);
  return {
    view: () => store.getState().view,
    type: async (...keys: string[]) => {
      for (const key of keys) press(context, key);
      for (let turn = 0; turn < 10; turn++) await machine.run(50);
    },
  };
};

test('keys typed while a form waits for its call go to what comes after it', async () => {
  const { type, view } = open();
  await type('2', 'L', 'enter', 'A', '1', 'c', 'enter', 's');
  expect(view().message?.text ?? '').not.toContain('Nothing');
  expect(view().overlays).toMatchObject([{ kind: 'send', socket: 'c1' }]);
});

test('the palette passes on what was typed behind a line', async () => {
  const { type, view } = open();
  await type(...':c1 = socket', 'enter', ...':c2 = socket', 'enter', 't');
  expect(view().overlays).toMatchObject([{ kind: 'form', command: 'timeout' }]);
  expect(bench!.state().sockets.has('c2')).toBe(true);
});

test('where the form was refused they are dropped, and what was written stays as it was', async () => {
  const { type, view } = open();
  await type('c', ...'99999999', 'enter', 's', 's');
  const [form] = view().overlays;
  expect(form).toMatchObject({ kind: 'form', refusal: { field: 'address' } });
  const written = form?.kind === 'form' ? form.fields[0]!.field.cells.map(({ text }) => text).join('') : '';
  expect(written).toBe('99999999');
});

test('Esc leaves a waiting form at once, and what was typed before it is forgotten', async () => {
  const { type, view } = open();
  await type('2', 'L', 'enter', 'c', 'escape');
  expect(view().overlays).toEqual([]);
});
