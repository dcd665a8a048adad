import { afterEach, describe, expect, test } from 'vitest';
import type { View } from '../../source/bench/view/view.ts';
import { look } from '../../source/commands/calling/command.ts';
import { press } from '../../source/commands/calling/dispatch.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { openCommands } from '../support/outside.ts';
import { createMachine } from '../support/simulated-machine.ts';

/** Keys on a bench without a screen: what they make of the view, and whether they quit. */
const open = () => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false } });
  const quits: number[] = [];
  const { context, store } = openCommands(bench, code => quits.push(code));
  return {
    machine,
    bench,
    quits,
    view: () => store.getState().view,
    look: (view: Partial<View>) => look(context, view),
    message: () => store.getState().view.message?.text ?? '',
    press: async (...keys: string[]) => {
      for (const key of keys) {
        press(context, key);
        await machine.run(50);
      }
    },
    calls: async (...calls: Call[]) => {
      for (const call of calls) {
        bench.perform(call);
        await machine.run(10);
      }
    },
  };
};

let bench: ReturnType<typeof open>;

afterEach(() => bench.bench.dispose());

const address = inet('127.0.0.1', 51423);

const listening: Call[] = [
  { name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' },
  { name: 'bind', on: 's1', address },
  { name: 'listen', on: 's1', backlog: 5 },
];

const connecting: Call[] = [
  { name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' },
  { name: 'connect', on: 'c1', address },
];

describe('quitting', () => {
  test('is at once where nothing has happened', async () => {
    bench = open();
    await bench.press('q');
    expect(bench.quits).toEqual([0]);
  });

  test('of a session in no file says how to keep it, and the second time quits', async () => {
    bench = open();
    await bench.calls(...listening, ...connecting);
    await bench.press('q');
    expect(bench.quits).toEqual([]);
    expect(bench.message()).toMatch(/^\d+ entries not saved: S saves the session, q again quits$/);
    await bench.press('q');
    expect(bench.quits).toEqual([0]);
  });

  test('says it for as long as nothing else was done, and again after that', async () => {
    bench = open();
    await bench.calls(...listening);
    await bench.press('q');
    await bench.machine.run(60_000);
    await bench.press('P', 'q');
    expect(bench.quits).toEqual([]);
    expect(bench.message()).toContain('q again quits');
    await bench.machine.run(60_000);
    await bench.press('q');
    expect(bench.quits).toEqual([0]);
  });

  test('is at once where the session is recorded, or was saved since', async () => {
    bench = open();
    await bench.calls(...listening);
    bench.look({ kept: Number.POSITIVE_INFINITY });
    await bench.press('q');
    expect(bench.quits).toEqual([0]);
    bench.look({ kept: bench.bench.state().entries });
    await bench.press('q');
    expect(bench.quits).toEqual([0, 0]);
    await bench.press('P', 'q');
    expect(bench.quits).toEqual([0, 0]);
    expect(bench.message()).toBe('1 entry not saved: S saves the session, q again quits');
  });

  test('is not asked about a foreign peer where only one of this bench waits', async () => {
    bench = open();
    await bench.calls(...listening, ...connecting);
    await bench.press('q');
    expect(bench.view().overlays).toEqual([]);
  });

  test('is asked for where a foreign peer is connected, by address', async () => {
    bench = open();
    const other = bench.machine.bench({ loops: { accept: false, receive: false } });
    await bench.calls(...listening);
    for (const call of connecting) {
      other.perform(call);
      await bench.machine.run(10);
    }
    await bench.calls({ name: 'accept', on: 's1' });
    await bench.press('q');
    expect(bench.quits).toEqual([]);
    const [question] = bench.view().overlays;
    expect(question).toMatchObject({ kind: 'confirm', command: 'quit-now' });
    expect(JSON.stringify(question)).toMatch(
      /127\.0\.0\.1:\d+ is connected to a1 and will be cut off; \d+ entries not saved: S saves/,
    );
    await bench.press('n');
    expect(bench.quits).toEqual([]);
    await bench.press('q', 'y');
    expect(bench.quits).toEqual([0]);
    await bench.press('q', 'q');
    expect(bench.quits).toEqual([0, 0]);
    await other.dispose();
  });

  test('is never Esc', async () => {
    bench = open();
    await bench.press('escape', 'escape', ':', 'escape', 'escape');
    expect(bench.quits).toEqual([]);
  });

  test('is Ctrl-C twice within two seconds, with 130, and from an overlay too', async () => {
    bench = open();
    await bench.press('ctrl-c');
    expect(bench.message()).toBe('Ctrl-C again quits');
    await bench.machine.run(2100);
    await bench.press(':', 'ctrl-c');
    expect(bench.quits).toEqual([]);
    expect(bench.message()).toBe('Ctrl-C again quits');
    await bench.press('ctrl-c');
    expect(bench.quits).toEqual([130]);
  });

  test('is not Ctrl-C while a call is in flight: that one it cancels', async () => {
    bench = open();
    await bench.calls(...listening, { name: 'accept', on: 's1' });
    await bench.press('2', 'ctrl-c');
    expect(bench.message()).toBe('Cancelled s1.accept (KeyboardInterrupt)');
    expect([...bench.bench.state().calls]).toEqual([]);
    await bench.press('ctrl-c');
    expect(bench.quits).toEqual([]);
  });
});

describe('a key that cannot do anything now', () => {
  test('says why', async () => {
    bench = open();
    await bench.press('s');
    expect(bench.message()).toBe('Nothing is open in the Client: c connects, o opens a UDP socket');
    await bench.press('a');
    expect(bench.message()).toBe('Nothing listens: L starts a listener');
    await bench.press('n');
    expect(bench.message()).toContain('Nothing was searched for yet');
  });

  test('reads the bench after a flush: a call that has just ended is no reason any more', async () => {
    bench = open();
    await bench.calls(...listening);
    bench.bench.perform({ name: 'accept', on: 's1' });
    await bench.press('a');
    expect(bench.message()).toContain('s1.accept is in flight already');
  });
});
