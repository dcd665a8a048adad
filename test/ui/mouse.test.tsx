import { afterEach, describe, expect, test } from 'vitest';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen, type ScreenSetup } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const open = async (setup?: ScreenSetup): Promise<void> => {
  screen = openScreen(setup);
  await screen.press('m');
  await screen.shows('Mouse on');
};

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

const fill = async (count = 60): Promise<void> => {
  for (let n = 1; n <= count; n++) screen.bench.note('info', `note ${n}.`);
  await screen.pass();
};

describe('the mouse', () => {
  test('is off until m, says how to select text, and is off again after the next m', async () => {
    screen = openScreen();
    await screen.shows('1 Client *');
    expect(screen.hasMouse()).toBe(false);
    await screen.press('m');
    await screen.shows('Mouse on: click focuses, wheel scrolls; Shift-drag selects text, m turns it off');
    await screen.shows('mouse   rec off');
    expect(screen.hasMouse()).toBe(true);
    await screen.press('m');
    await screen.shows('Mouse off');
    await screen.hides('mouse   rec');
    expect(screen.hasMouse()).toBe(false);
  });

  test('goes to the pane that is clicked, and to a socket, which keys act on then', async () => {
    await open();
    await perform(...pair);
    await screen.point('3 UDP server');
    await screen.shows('3 UDP server *');
    await screen.point('s1 LISTEN');
    await screen.shows('2 TCP server *');
    await screen.shows('s1  TCP over IPv4, LISTEN');
    await screen.point('a1 ESTAB');
    await screen.shows('a1  TCP over IPv4, ESTAB');
    await screen.press('d');
    await screen.shows('Close a1');
  });

  test.each([
    { columns: 80, rows: 24 },
    { columns: 60, rows: 16 },
  ])('goes by the tabs of a narrow screen, at $columns by $rows', async size => {
    await open(size);
    await screen.point('2 TCP server');
    await screen.shows('2 TCP server *');
    await screen.point('4 Timeline');
    await screen.shows('4 Timeline *');
    await screen.point('1 Client');
    await screen.shows('1 Client *');
  });

  test('goes to an entry of the log and from log to timeline, and to a thread there', async () => {
    await open();
    await perform(...pair, 'c1.recv 10');
    await screen.point('s1.listen');
    await screen.shows('5 Log *');
    await screen.until(frame => /> #4 .*s1\.listen/.test(frame), 'the cursor on the entry');
    await screen.point('4 Timeline');
    await screen.shows('4 Timeline *');
    await screen.point('s1 reader');
    await screen.until(frame => /║> s1 reader/.test(frame), 'the cursor on the thread');
    await screen.point('5 Log');
    await screen.shows('5 Log *');
  });

  test('scrolls the log under it, whatever has the focus, and follows again at its end', async () => {
    await open();
    await fill();
    await screen.shows('note 60.');
    await screen.point('note 55.', -1);
    await screen.hides('note 60.');
    await screen.shows('not following, 3 newer (G)');
    await screen.shows('1 Client *');
    await screen.point('note 55.', 1);
    await screen.shows('following, 60 entries');
    for (let notch = 0; notch < 30; notch++) await screen.point('5 Log', -1);
    await screen.shows('note 1.');
    await screen.point('note 1.', 1);
    await screen.hides('note 3.');
  });

  test('keeps the cursor of the log in sight while it scrolls', async () => {
    await open();
    await fill();
    await screen.point('note 60.');
    await screen.point('note 55.', -1);
    await screen.point('note 50.', -1);
    await screen.until(frame => /> #54 /.test(frame), 'the cursor on the last row');
  });

  test('goes through the sockets of a pane that holds more than it shows', async () => {
    await open();
    await screen.point('No socket yet', 1);
    for (let n = 1; n <= 30; n++) screen.bench.perform(callOf(`c${n} = socket`));
    await screen.pass();
    await screen.shows('more below');
    await screen.point('c1 CLOSED', 1);
    await screen.shows('3 above; 18 more below');
    await screen.shows('> c12 ');
    await screen.point('c12 CLOSED', -1);
    await screen.shows(' 21 more below');
    await screen.shows('> c1 ');
  });

  test('chooses in a list that lies on top, and the panes under it are not clicked', async () => {
    await open();
    await perform(...pair);
    await screen.press('?');
    await screen.point('Set the timeout');
    await screen.until(frame => /> t +Set the timeout/.test(frame), 'the cursor on the row');
    await screen.point('Set the timeout', -1);
    await screen.until(frame => !/> t +Set the timeout/.test(frame), 'the cursor further up');
    await screen.press(keys.escape, 'd');
    await screen.point('Reset: RST');
    await screen.until(frame => /> r +Reset/.test(frame), 'the cursor in the menu');
    await screen.point('2 TCP server');
    await screen.shows('1 Client *');
    expect(screen.store.getState().view.overlays.map(({ kind }) => kind)).toEqual(['menu']);
  });

  test('goes from field to field of a form, and types nothing', async () => {
    await open();
    await screen.press(':', 'listen', keys.escape, 'L');
    await screen.shows('> address');
    await screen.point('backlog  128');
    await screen.shows('> backlog');
    await screen.press('9');
    await screen.shows('> backlog  9 ');
  });

  test('never turns the wheel into older history', async () => {
    await open();
    await screen.press(':', 'listen 9000', keys.enter);
    await screen.shows('s1 LISTEN');
    await screen.press(':');
    await screen.point('Commands and calls', -1);
    await screen.point('Commands and calls', -1);
    expect(screen.frame()).not.toContain(': listen 9000');
    await screen.press(keys.escape, '1', 'c', keys.enter);
    await screen.shows('c1 ESTAB');
    await screen.press('s', 'hello', keys.enter);
    await screen.shows('"hello');
    await screen.point('1 Client', -1);
    expect(screen.lines().at(-2)).not.toContain('hello');
  });

  test('chooses among calls that wait', async () => {
    await open({ rows: 24 });
    await perform(...pair, 'c1.recv 10', 'a1.recv 20');
    await screen.press('w');
    await screen.shows('> ');
    await screen.point('a1.recv 20 ');
    await screen.until(frame => />.{0,4}a1\.recv 20/.test(frame), 'the cursor on a1.recv');
    await screen.press('x');
    await screen.shows('Cancelled a1.recv');
  });

  test('scrolls an opened entry, and chooses an option', async () => {
    await open({ rows: 24 });
    await perform(...pair, `c1.send ${JSON.stringify('line\\n'.repeat(40)).replaceAll('\\\\n', '\\n')}`);
    await screen.press('5', keys.enter);
    await screen.shows('rows 1 to');
    await screen.point('Entry #', 1);
    await screen.shows('rows 4 to');
    await screen.point('Entry #', -1);
    await screen.shows('rows 1 to');
    await screen.press(keys.escape, '1', 'O');
    await screen.point('TCP_NODELAY');
    await screen.shows('> TCP_NODELAY');
  });

  test('goes to the lesson and scrolls it, whatever has the focus', async () => {
    const line = (n: number) =>
      ({
        row: n,
        kind: 'call',
        text: `c${n} = socket`,
        status: 'ahead',
        found: '',
        comment: '',
        foretold: '',
      }) as const;
    const lab: LabView = {
      name: 'long',
      title: 'A long lesson',
      say: 'Begin here.',
      after: '',
      stage: 1,
      stages: 1,
      round: 1,
      rounds: 1,
      lines: Array.from({ length: 40 }, (_, n) => line(n + 1)),
      question: null,
      next: '',
      score: { right: 0, of: 0 },
      passed: 0,
      failed: 0,
      phase: 'waiting',
      runningOn: false,
      note: '',
      top: null,
    };
    await open({ view: { lab } });
    await screen.shows('Begin here.');
    await screen.point('c9 = socket', 1);
    await screen.hides('Begin here.');
    await screen.shows('1 Client *');
    await screen.point('c9 = socket', -1);
    await screen.shows('Begin here.');
    await screen.point('c9 = socket');
    await screen.shows('6 Lab long 1/1 *');
  });

  test('goes to the time bar of a replay', async () => {
    const at = { n: 1, first: 1, last: 9, t: 0, begin: 0, end: 9_000, playing: false, speed: 1, cut: false };
    await open({ view: { replay: at } });
    await screen.point('6 Time');
    await screen.shows('> 6 Time *');
  });

  test('does nothing where the terminal is too small', async () => {
    await open();
    screen.resize({ columns: 40, rows: 10 });
    await screen.until(frame => frame.includes('This terminal'), 'what it needs');
    await screen.point('This terminal');
    screen.resize({ columns: 120, rows: 36 });
    await screen.shows('1 Client *');
  });
});
