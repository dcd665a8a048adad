import { afterEach, describe, expect, test } from 'vitest';
import { keyWords } from '../../source/commands/calling/keymap.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { programRows } from '../../source/ui/panes/program-pane.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const address = inet('127.0.0.1', 51423);

/** Fifty accepted connections; 46 in recv, 3 in sendall with nobody reading, one reset by its peer. */
const openFifty = async (): Promise<void> => {
  const { bench } = screen;
  bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'bind', on: 's1', address });
  bench.perform({ name: 'listen', on: 's1', backlog: 128 });
  for (let n = 1; n <= 50; n++) {
    bench.perform({ name: 'socket', on: '', as: `c${n}`, family: 'AF_INET', type: 'SOCK_STREAM' });
    bench.perform({ name: 'connect', on: `c${n}`, address });
    bench.perform({ name: 'accept', on: 's1', as: `a${n}` });
  }
  await screen.pass(100);
  const much = { kind: 'repeat', size: 64 * 1024 * 1024, unit: new Uint8Array([120]) } as const;
  for (let n = 1; n <= 46; n++) bench.perform({ name: 'recv', on: `c${n}`, size: 10 });
  for (let n = 47; n <= 49; n++) bench.perform({ name: 'sendall', on: `c${n}`, data: much });
  bench.perform({ name: 'reset', on: 'a50' });
  bench.perform({ name: 'recv', on: 'c50', size: 10 });
  await screen.pass(400);
};

const clientRows = (): string[] =>
  screen
    .lines()
    .slice(4, 16)
    .map(row => row.slice(1, row.indexOf(row[0]!, 1)).trimEnd());

describe('fifty connections', () => {
  test('are summed up, in the order in which they were made, the rest counted with its worst news', async () => {
    screen = openScreen({ columns: 100 });
    await openFifty();
    await screen.shows('50 connections: 3 blocked in sendall');
    const rows = clientRows();
    expect(rows[1]).toBe(' recv, 1 reset');
    expect(rows.slice(2, 5).join()).toMatch(/c1 .*c2 .*c3 /);
    expect(rows.join('\n')).toMatch(/4\d more below, 3 with a zero window/);
    screen.bench.perform({ name: 'recv', on: 'a20', size: 10 });
    await screen.shows('42 more below, 1 blocked');
  });

  test('say it whole where the pane is wide', async () => {
    screen = openScreen();
    await openFifty();
    await screen.shows('50 connections: 3 blocked in sendall, 46 in recv, 1 reset');
  });

  test('are told by the title where the log has their place', async () => {
    screen = openScreen({ columns: 80, rows: 16 });
    await openFifty();
    await screen.press('5');
    await screen.shows('1 Client !4  50 sockets, 49 blocked');
    await screen.shows('5 Log *');
  });

  test('stand still whatever happens on them', async () => {
    screen = openScreen();
    await openFifty();
    const names = () =>
      clientRows()
        .slice(2, 11)
        .map(row => row.slice(2, 5));
    const before = names();
    screen.bench.perform({
      name: 'sendall',
      on: 'c1',
      data: { kind: 'repeat', size: 1e8, unit: new Uint8Array([1]) },
    });
    await screen.pass(300);
    expect(names()).toEqual(before);
    await screen.press('g', 'j');
    await screen.shows('> c2');
    expect(names()).toEqual(before);
  });

  test('scroll with the selection, which stays in sight', async () => {
    screen = openScreen();
    await openFifty();
    await screen.press('G');
    await screen.shows('above');
    expect(clientRows().join('\n')).toContain('>!c50');
    const first = () => clientRows()[2]!.slice(2, 7);
    const before = first();
    await screen.press(keys.up);
    await screen.shows('>!c49');
    // The cursor goes up through rows that stand still, until it meets the edge.
    expect(first()).toBe(before);
    await screen.press('g');
    await screen.hides('above');
  });
});

/** A state whose sockets count how often anything of them is read. */
const counting = (state: BenchState) => {
  let reads = 0;
  const watched = <T extends object>(of: T): T =>
    new Proxy(of, {
      get: (target, name) => {
        reads++;
        return Reflect.get(target, name);
      },
    });
  const sockets = new Map([...state.sockets].map(([name, socket]) => [name, watched(socket)]));
  return { state: { ...state, sockets } as BenchState, reads: () => reads };
};

test('sockets out of sight are gone through once a state, however often their pane is drawn', async () => {
  screen = openScreen();
  await openFifty();
  const { state, reads } = counting(screen.bench.state());
  const context = { now: 0, width: 98, theme: themeFor(false), keys: keyWords(() => '') };
  const draw = (bench: BenchState) =>
    programRows('client', { selected: '', sort: null }, 8, 0, { ...context, bench });
  const first = draw(state);
  const before = reads();
  expect(draw(state)).toEqual(first);
  const again = reads() - before;
  // Six rows are seen. Each of the fifty is read many times where their sum is made.
  expect(before).toBeGreaterThan(50 * 10);
  expect(again).toBeLessThan(before / 4);
});
