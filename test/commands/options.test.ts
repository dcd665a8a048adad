import { afterEach, describe, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { press } from '../../source/commands/calling/dispatch.ts';
import { dispatchText } from '../../source/commands/calling/dispatch-text.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Driver } from '../../source/core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { openCommands } from '../support/outside.ts';
import { callOf } from '../support/playing.ts';

const native = new Set(['SO_SNDBUF', 'SO_RCVBUF', 'SO_LINGER', 'TCP_INFO']);
const reason = 'Node has no call for this option on this socket: koffi is not installed';

const answer = (call: Call, name: () => string): Outcome => {
  if (call.name === 'socket') return { kind: 'made', name: name() };
  if (call.name !== 'getsockopt' && call.name !== 'setsockopt') return ok;
  if (native.has(call.option)) return failure('UNSUPPORTED', reason);
  return call.name === 'getsockopt' ? { kind: 'number', number: 1 } : ok;
};

/** A driver that sets what Node can set and nothing else. */
const driver = (): Driver => ({
  start: ({ call, name }, report) => {
    report(answer(call, name));
    return null;
  },
  dispose: async () => {},
});

let bench: Bench;

afterEach(() => bench.dispose());

const open = () => {
  bench = createBench({ driver, loops: { accept: false, receive: false } });
  const { context, store } = openCommands(bench);
  bench.perform(callOf('c1 = socket'));
  bench.flush();
  return { context, store };
};

const calls = (name: string): string[] => {
  bench.flush();
  return bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'ended' && entry.call.name === name ? [entry.call] : []))
    .map(call => ('option' in call ? call.option : ''));
};

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await null;
  bench.flush();
};

describe('options without the native part', () => {
  test('those that need it say so, and asking leaves no call in the log', async () => {
    const { context, store } = open();
    press(context, 'O');
    await settled();
    expect(calls('getsockopt')).toEqual([]);
    const top = store.getState().view.overlays.at(-1);
    if (top?.kind !== 'options') throw new Error('the options are not open');
    for (const option of ['SO_SNDBUF', 'SO_RCVBUF', 'SO_LINGER']) {
      expect(top.readings[option]).toEqual({ value: '', note: reason, known: false });
    }
    expect(top.readings.SO_KEEPALIVE).toEqual({ value: '1', note: 'kernel', known: true });
  });

  test('they cannot be set, and the reason is said', async () => {
    const { context, store } = open();
    press(context, 'O');
    await settled();
    press(context, 'down');
    press(context, 'down');
    press(context, 'enter');
    expect(store.getState().view.message?.text).toBe(reason);
    expect(calls('setsockopt')).toEqual([]);
  });
});

describe('set-option', () => {
  test('reads off as 0, but for SO_LINGER, where 0 would reset', async () => {
    const { context } = open();
    expect(await dispatchText(context, 'set-option TCP_NODELAY off')).toBeNull();
    await dispatchText(context, 'set-option SO_LINGER off');
    bench.flush();
    const values = bench.journal
      .slice(1, bench.journal.last())
      .flatMap(entry =>
        entry.kind === 'ended' && entry.call.name === 'setsockopt' ? [entry.call.value] : [],
      );
    expect(values).toEqual([0, 'off']);
  });

  test('names the option that is not known and the value that is none', async () => {
    const { context } = open();
    expect((await dispatchText(context, 'set-option SO_WHAT 1'))?.message).toContain('"SO_WHAT" is none of');
    expect((await dispatchText(context, 'set-option SO_KEEPALIVE'))?.message).toContain(
      'set-option needs value',
    );
  });
});
