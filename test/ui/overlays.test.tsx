import { afterEach, describe, expect, test } from 'vitest';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

describe('help', () => {
  test('shows the keys of the place it was opened in, and why some do nothing now', async () => {
    screen = openScreen();
    await screen.press('?');
    await screen.shows('Keys in the Client pane');
    expect(screen.frame()).toMatch(/c +Connect to a TCP server/);
    expect(screen.frame()).toContain('(Nothing listens: Esc L starts a listener)');
  });

  test('stands under the headings of the table, without them once one filters', async () => {
    screen = openScreen({ rows: 100 });
    await screen.press('?');
    await screen.shows('Keys in the Client pane');
    const headings = screen.lines().flatMap(row => /^.*║ ([A-Z][a-z, ]+?) +║/.exec(row)?.[1] ?? []);
    expect(headings).toEqual([
      'Begin, and labs',
      'Calls',
      'What goes on by itself',
      'Keep',
      'Look closer',
      'Find',
      'Move',
      'Program',
    ]);
    await screen.press('listen');
    await screen.hides('What goes on by itself');
    expect(screen.frame()).toMatch(/> L +Listen, or stop/);
  });

  test('says the whole reason at any width, once where rows share it', async () => {
    screen = openScreen({ columns: 60, rows: 100 });
    await screen.press('?');
    await screen.shows('Keys in the Client pane');
    const text = screen
      .lines()
      .map(row => row.slice(2, -2).trim())
      .join(' ')
      .replaceAll(/ +/g, ' ');
    expect(text).toContain(
      'Send a line, bytes or a file (Nothing is open in the Client: Esc c connects, Esc o opens a UDP socket)',
    );
    expect(text).toContain('Receive: one recv or recvfrom (as above)');
    expect(screen.frame()).not.toContain('…');
  });

  test('names the place it was opened in, whatever that is', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.press('L', keys.enter);
    await screen.shows('BLOCKED');
    await screen.press('w', '?');
    await screen.shows('Keys while it is shown who waits for whom');
    await screen.press(keys.escape, keys.escape, 'O', '?');
    await screen.shows("Keys in a socket's options");
    await screen.press(keys.escape, keys.escape, 'd', '?');
    await screen.shows('Keys in the close menu');
    await screen.press(keys.escape, keys.escape, keys.enter, '?');
    await screen.shows('Keys while a stream is open');
    await screen.shows('Up row above');
    expect(screen.lines().at(-1)).not.toContain('history');
  });

  test('filters as one types, and Enter runs the chosen command', async () => {
    screen = openScreen();
    await screen.press('?', 'connect');
    await screen.shows('> c');
    await screen.press(keys.enter);
    await screen.shows('Connect to a TCP server');
    await screen.shows('> address  127.0.0.1:51423');
  });

  test('finds a command by its key', async () => {
    screen = openScreen();
    await screen.press('?', 'P');
    await screen.shows('1 key');
    expect(screen.frame()).toContain('Threading policy');
  });

  test('says when nothing matches, and Esc goes back', async () => {
    screen = openScreen();
    await screen.press('?', 'zzzzqqq');
    await screen.shows('No key matches');
    await screen.press(keys.escape);
    await screen.hides('No key matches');
    expect(screen.store.getState().view.overlays).toEqual([]);
  });

  test('fits a narrow screen', async () => {
    screen = openScreen({ columns: 80, rows: 24 });
    await screen.press('?');
    await screen.shows('Keys in the Client pane');
    await screen.press(keys.down, keys.down);
    await screen.shows('type to filter');
  });
});

describe('the palette', () => {
  test('runs a command with its value', async () => {
    screen = openScreen();
    await screen.press(':', 'listen 9000');
    await screen.shows('Listen for TCP clients: address 9000');
    await screen.press(keys.enter);
    await screen.shows('s1 LISTEN 127.0.0.1:9000');
    expect(screen.store.getState().view.overlays).toEqual([]);
  });

  test('makes a call as the log writes it', async () => {
    screen = openScreen();
    await screen.press(':', 'c7 = socket AF_INET6 SOCK_DGRAM', keys.enter);
    await screen.shows('c7 UNCONN');
  });

  test.each(['clse', 'cnonect', 'lstn', 'foo', 'half clsoe', 'opne'])(
    'asks what was meant by %j, and runs nothing',
    async typo => {
      screen = openScreen();
      const before = screen.store.getState();
      await screen.press(':', typo, keys.enter);
      await screen.shows('is no command: did you mean');
      const after = screen.store.getState();
      expect(after.bench).toBe(before.bench);
      expect({ ...after.view, overlays: [] }).toEqual(before.view);
      expect(screen.frame()).toContain(`: ${typo}`);
      expect(after.view.overlays).toHaveLength(1);
    },
  );

  test.each([
    ['clse', 'close'],
    ['cnonect', 'connect'],
    ['lsiten', 'listen'],
  ])('%j means %s, which Tab completes', async (typo, meant) => {
    screen = openScreen();
    await screen.press(':', typo, keys.enter);
    await screen.shows(`did you mean ${meant}?`);
    await screen.press(keys.tab);
    await screen.shows(`: ${meant} `);
  });

  test.each(['freeze', 'FREEZE', 'free', 'Freeze'])('runs %j, a name or the start of one', async name => {
    screen = openScreen();
    await screen.press(':', name, keys.enter);
    await screen.shows('frozen');
    expect(screen.store.getState().view.overlays).toEqual([]);
  });

  test('refuses at the column and keeps what was typed', async () => {
    screen = openScreen();
    await screen.press(':', 'c1.send "a\\q"', keys.enter);
    await screen.shows('^');
    const rows = screen.lines();
    const caret = rows.findIndex(row => /║ +\^/.test(row));
    expect(rows[caret]!.indexOf('^')).toBe(rows[caret - 1]!.indexOf('\\q'));
    expect(rows[caret - 1]).toContain('c1.send "a\\q"');
  });

  test('keeps what was typed where the call fails', async () => {
    screen = openScreen();
    await screen.press(':', 'c9.recv 10', keys.enter);
    await screen.shows('EBADF');
    expect(screen.frame()).toContain(': c9.recv 10');
  });

  test('finds commands by a part of their name, completes with Tab, recalls with Up', async () => {
    screen = openScreen();
    await screen.press(':', 'lstn');
    await screen.shows('> listen');
    await screen.press(keys.tab);
    await screen.shows(': listen ');
    await screen.press('9001', keys.enter);
    await screen.shows('LISTEN 127.0.0.1:9001');
    await screen.press(':', keys.up);
    await screen.shows(': listen 9001');
  });

  test('takes a burst of keys with Enter in it', async () => {
    screen = openScreen();
    await screen.press(':listen 9002\r');
    await screen.shows('LISTEN 127.0.0.1:9002');
  });
});

describe('questions', () => {
  test('closing a listener asks where clients wait, and says what they lose', async () => {
    screen = openScreen();
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('1 waiting');
    await screen.press('2', 'L');
    await screen.shows('Close s1? 1 client waits to be accepted and will be reset.');
    await screen.press('n');
    await screen.hides('Close s1?');
    expect(screen.bench.state().sockets.get('s1')?.closed).toBe(false);
    await screen.press('L', 'y');
    await screen.shows('s1.close = ok');
  });
});
