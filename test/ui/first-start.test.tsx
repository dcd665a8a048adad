import { afterEach, describe, expect, test } from 'vitest';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const hints = ['c  connect to 127.0.0.1:51423', 'o  open a UDP socket', 'L  listen on 127.0.0.1:51423'];

describe('the first screen', () => {
  test('says in every pane which key starts what', async () => {
    screen = openScreen();
    await screen.shows('Nothing is open yet');
    for (const hint of hints) expect(screen.frame()).toContain(hint);
    expect(screen.frame()).toMatch(/1 Client.*2 TCP server.*3 UDP server/);
    expect(screen.frame()).toContain('5 Log');
    expect(screen.frame()).toContain('this machine only');
    expect(screen.frame()).toContain('for example: listen 9000');
  });

  test.each([
    [120, 36],
    [80, 24],
    [100, 24],
    [60, 16],
    [200, 60],
  ])('fits %i columns and %i rows exactly', async (columns, rows) => {
    screen = openScreen({ columns, rows });
    await screen.shows('Nothing is open yet');
    expect(screen.lines()).toHaveLength(rows);
    for (const row of screen.lines()) expect(row.length).toBeLessThanOrEqual(columns);
  });

  test.each([
    [120, 36],
    [80, 24],
  ])('has a bar that begins with what starts something, at %i columns and %i rows', async (columns, rows) => {
    screen = openScreen({ columns, rows });
    await screen.shows('Nothing is open yet');
    expect(screen.lines().at(-1)).toMatch(/^ c connect {2}L listen {2}o open UDP {2}e labs/);
  });

  test('shows two panes and the title of the third at 80 columns, one at 60', async () => {
    screen = openScreen({ columns: 80, rows: 24 });
    await screen.shows('3 UDP server  nothing open');
    expect(screen.frame()).toMatch(/1 Client \*.*2 TCP server/);
    for (const hint of hints) expect(screen.frame()).toContain(hint);
    // Nothing has details yet: the log says all that it has to say.
    expect(screen.frame()).toMatch(/│ q +quit/);
    await screen.press('3');
    await screen.shows('2 TCP server  nothing open');
    await screen.shows('o  open 127.0.0.1:51423');
    screen.resize({ columns: 60, rows: 16 });
    await screen.until(frame => /1 Client.*2 TCP server/.test(frame), 'the titles');
    expect(screen.frame()).not.toContain('L  listen on');
  });

  test('folds a pane that holds nothing once another does, and still says what starts something there', async () => {
    screen = openScreen();
    await screen.press('2', 'L', keys.enter);
    await screen.until(
      frame => /1 Client {2}nothing open +3 UDP server {2}nothing open/.test(frame),
      'both titles',
    );
    expect(screen.frame()).not.toContain('No socket yet');
    await screen.press('1');
    await screen.shows('1 Client *  nothing open');
    await screen.shows('o  open a UDP socket');
    await screen.press('c', keys.enter);
    await screen.until(frame => /1 Client \*.*2 TCP server/.test(frame), 'both panes');
    await screen.shows('3 UDP server  nothing open');
  });

  test('says what it has and needs where it is too small, and hears only q', async () => {
    screen = openScreen({ columns: 40, rows: 10 });
    await screen.until(frame => /needs 60 columns/.test(frame.replace(/\s+/g, ' ')), 'what it needs');
    expect(screen.frame().replace(/\s+/g, ' ')).toContain('This terminal has 40 and 10');
    await screen.press('L', '?', ':');
    expect(screen.store.getState().view.overlays).toEqual([]);
    screen.resize({ columns: 80, rows: 24 });
    await screen.shows('1 Client *');
    await screen.press('p');
    await screen.shows('The view is frozen');
    await screen.pass(6_000);
    screen.resize({ columns: 40, rows: 10 });
    await screen.until(frame => frame.includes('This terminal'), 'what it has');
    expect(screen.frame()).not.toContain('frozen');
  });

  test('draws in ASCII alone where it is told to', async () => {
    screen = openScreen({ ascii: true });
    await screen.shows('Nothing is open yet');
    await screen.press('L');
    await screen.shows('Listen for TCP clients');
    expect(screen.frame()).toMatch(/^[\x20-\x7e\n]*$/);
  });

  test('shows whole hints only in its footer', async () => {
    for (const columns of [60, 71, 80, 97, 120]) {
      screen = openScreen({ columns });
      await screen.shows('q quit');
      const footer = screen.lines().at(-1)!;
      const known = [
        'accept loop',
        'receive loop',
        'policy',
        'open UDP',
        'connect',
        'listen',
        'labs',
        'search',
        'help',
      ];
      const more = ['commands', 'quit', 'copy', 'freeze', 'filter', 'follow', 'zoom', 'text or hex', 'pane'];
      const rest = [...more, 'words', 'what the title says', 'timestamps', 'clear', 'save'];
      for (const hint of footer.trim().split(/ {2,}/)) {
        expect([...known, ...rest]).toContain(hint.replace(/^\S+ /, ''));
      }
      if (columns < 120) await screen.close();
    }
  });

  test('goes from pane to pane with Tab and digits, and shows the focus without colour', async () => {
    screen = openScreen();
    await screen.shows('1 Client *');
    await screen.press(keys.tab);
    await screen.shows('2 TCP server *');
    expect(screen.frame()).not.toContain('1 Client *');
    await screen.press('5');
    await screen.shows('5 Log *');
    await screen.press('\x1b[Z');
    await screen.shows('4 Timeline *');
    await screen.press('\x1b[Z');
    await screen.shows('3 UDP server *');
    await screen.press('h');
    await screen.shows('2 TCP server *');
  });
});
