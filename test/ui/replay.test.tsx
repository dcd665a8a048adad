import { afterEach, describe, expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { foreignConnections } from '../../source/bench/view/selectors-sockets.ts';
import { callOf, client, listener } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const loops = { accept: false, receive: false };

/** A listener, a client, and its close. */
const short = [...listener, ...client('c1'), 'c1.close'];

/** A session of these lines, one a second, beside a bench that made others before. */
const session = async (lines: readonly string[], elsewhere: readonly string[] = []) => {
  const machine = createMachine();
  const other = machine.bench({ loops });
  for (const line of elsewhere) other.perform(callOf(line));
  const bench = machine.bench({ loops });
  for (const line of lines) {
    bench.perform(callOf(line));
    await machine.run(1_000);
  }
  bench.flush();
  const entries = bench.journal.slice(1, bench.journal.last());
  await bench.dispose();
  await other.dispose();
  return entries;
};

const openReplay = async ({
  cut = false,
  columns = 120,
  rows = 36,
  lines = short,
  elsewhere = [] as readonly string[],
} = {}) => {
  const entries = await session(lines, elsewhere);
  const clock = createSimulatedClock();
  const { source, control } = createReplay(
    { entries, began: 0, start: { policy: 'duplex', loops }, cut },
    clock,
  );
  screen = openScreen({
    columns,
    rows,
    source,
    services: { replay: control },
    view: { focus: 'time', replay: control.view() },
  });
  source.subscribe(() =>
    screen.store.setState(({ view }) => ({ view: { ...view, replay: control.view() } })),
  );
  return { clock, last: entries.at(-1)!.n };
};

describe('the time bar', () => {
  test.each([
    { columns: 120, rows: 36 },
    { columns: 80, rows: 24 },
  ])('stands above the footer at $columns x $rows and says where the replay is', async size => {
    const { last } = await openReplay(size);
    await screen.shows(`#${last} of #${last}`);
    const bar = screen.lines().at(-3)!;
    expect(bar).toMatch(/> 6 Time \*/);
    expect(bar).toContain('paused  1x speed');
    expect(screen.lines().at(-1)).toContain('Space play');
  });

  test('has the panes as the bench began', async () => {
    await openReplay();
    await screen.shows('2 TCP server  duplex, loops off');
  });

  test('goes an entry back and on, and the panes with it', async () => {
    const { last } = await openReplay();
    await screen.shows('s1 LISTEN');
    await screen.press('g');
    await screen.shows(`#1 of #${last}`);
    expect(screen.frame()).not.toContain('s1 LISTEN');
    await screen.press(keys.right);
    await screen.shows(`#2 of #${last}`);
    await screen.press(keys.left, keys.left);
    await screen.shows('before #1');
    await screen.press('G');
    await screen.shows('s1 LISTEN');
  });

  test('goes a second back, and plays at twice the speed until Space', async () => {
    const { clock } = await openReplay();
    await screen.press('g');
    await screen.press('+');
    await screen.shows('2x speed');
    await screen.press(' ');
    await screen.shows('playing');
    const until = clock.now() + 1_600;
    while (clock.step(until)) await Promise.resolve();
    await screen.ticks(/3\.\d+ of/);
    await screen.press(' ');
    await screen.shows('paused');
    await screen.press(keys.up);
    await screen.ticks(/ 2\.\d+ of/);
  });

  test('goes to an entry by its number, and refuses one that is not there', async () => {
    const { last } = await openReplay();
    await screen.press(keys.enter);
    await screen.shows('> entry');
    await screen.press(keys.ctrl('u'), '999', keys.enter);
    await screen.shows(`there is no entry #999: this session has #1 to #${last}`);
    await screen.press(keys.ctrl('u'), '3', keys.enter);
    await screen.shows(`#3 of #${last}`);
  });

  test('says of a file that it was cut off', async () => {
    await openReplay({ cut: true });
    await screen.shows('file cut off at its end');
  });
});

describe('a replay', () => {
  test.each([
    { columns: 120, rows: 36 },
    { columns: 80, rows: 24 },
  ])(
    'offers in its empty panes what moves the time, and nothing that acts, at $columns x $rows',
    async size => {
      await openReplay(size);
      await screen.press('g', keys.left);
      await screen.shows('before #1');
      for (const pane of ['1', '2', '3']) {
        await screen.press(pane);
        await screen.shows(' at this time.');
        await screen.until(frame => /6 Right +an entry on/.test(frame), 'the way to the time bar');
        await screen.shows('Right  an entry on');
        await screen.shows('Space  play on');
        for (const gone of ['connect to', 'listen on', 'open a UDP', 'open 127', 'lessons to step', 'labs:'])
          expect(screen.frame()).not.toContain(gone);
      }
      await screen.shows('Nothing has happened at this time.');
      await screen.press('6', keys.right);
      await screen.shows('#1 of #');
    },
  );

  test('is left without a question: its foreign peers were cut off long ago', async () => {
    await openReplay({ lines: client('c1'), elsewhere: listener });
    expect(foreignConnections(screen.source.state())).toHaveLength(1);
    await screen.press('q');
    expect(screen.store.getState().view.overlays).toEqual([]);
  });

  test('refuses by a sentence whatever acts, by key, call or command', async () => {
    await openReplay();
    await screen.press('2', 'a');
    await screen.shows('This is a replay: nothing can be done in it');
    await screen.press('6', 'c');
    await screen.shows('This is a replay: nothing can be done in it');
    for (const typed of ['c2 = socket', 'listen 9000', 'save x.jsonl']) {
      await screen.press(':', typed, keys.enter);
      await screen.shows('This is a replay');
      await screen.press(keys.escape);
      await screen.hides('Commands and calls');
    }
    expect(screen.source.state().sockets.has('c2')).toBe(false);
  });

  test('lets the panes be read: focus, log, an entry opened', async () => {
    await openReplay();
    await screen.press('5', keys.enter);
    await screen.shows('Entry');
    await screen.press(keys.escape, '1');
    await screen.shows('1 Client *');
  });
});
