import { afterEach, describe, expect, test } from 'vitest';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

/** Sixty notes, so that the log is longer than its pane. */
const fill = async (count = 60): Promise<void> => {
  for (let n = 1; n <= count; n++) screen.bench.note('info', n % 10 === 0 ? `tens ${n}` : `note ${n}`);
  await screen.pass();
};

const logRows = (): string[] => screen.lines().filter(row => /#\d+ /.test(row));

describe('the log', () => {
  test('follows its end', async () => {
    screen = openScreen();
    await fill();
    await screen.shows('tens 60');
    await screen.shows('following, 60 entries');
    screen.bench.note('warning', 'the newest');
    await screen.shows('! the newest');
  });

  test('stops following when one scrolls away, says so, and what is read does not move', async () => {
    screen = openScreen();
    await fill();
    await screen.press('5', 'k', 'k', 'k');
    await screen.shows('not following (G)');
    const before = logRows();
    await fill(5);
    await screen.shows('not following, 5 newer (G)');
    expect(logRows()).toEqual(before);
    await screen.press('G');
    await screen.shows('following, 65 entries');
    expect(logRows().join('\n')).toContain('note 5');
  });

  test('pages to its start and back', async () => {
    screen = openScreen();
    await fill();
    await screen.press('5', 'g');
    await screen.shows('note 1 ');
    await screen.press(keys.pageUp);
    expect(logRows()[0]).toContain('#1 ');
  });

  test('searches towards the start, marks what it found, and comes round', async () => {
    screen = openScreen();
    await fill();
    await screen.press('/');
    await screen.shows('/ search the log:');
    await screen.press('tens', keys.enter);
    await screen.shows('search: tens');
    const cursor = () =>
      screen.lines().find(row => row.includes('>#')) ?? screen.lines().find(row => /> #/.test(row));
    expect(cursor()).toContain('tens 50');
    await screen.press('n');
    await screen.until(() => cursor()?.includes('tens 40') ?? false, 'the next match');
    await screen.press('N', 'N', 'N');
    await screen.shows('went round the end');
    expect(cursor()).toContain('tens 10');
  });

  test('says when nothing is found', async () => {
    screen = openScreen();
    await fill(3);
    await screen.press('/', 'absent', keys.enter);
    await screen.shows('"absent" is nowhere in the log');
  });

  test('filters by words, says so, and shows all again', async () => {
    screen = openScreen();
    await fill();
    await screen.press('&', 'tens', keys.enter);
    await screen.shows('filter: tens');
    await screen.until(() => logRows().length === 6, 'the six matches');
    expect(logRows().every(row => row.includes('tens'))).toBe(true);
    await screen.press('&', keys.ctrl('u'), keys.enter);
    await screen.until(() => logRows().length > 6, 'all entries');
  });

  test('cuts a payload so that its size and the time it took stay in sight', async () => {
    screen = openScreen({ loops: { accept: true, receive: false } });
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('a1 ESTAB');
    const data = new Uint8Array(3_000).fill(0x78);
    screen.bench.perform({ name: 'send', on: 'c1', data: { kind: 'literal', data, notation: 'text' } });
    screen.bench.perform({ name: 'recv', on: 'a1', size: 4096 });
    await screen.shows('bytes <');
    const row = logRows().find(each => each.includes('a1.recv')) ?? '';
    expect(row).toMatch(/"x{40,}"\.\.\. 3000 bytes <\d\.\d{6}>/);
    await screen.press('5', '/', 'a1.recv', keys.enter, 'n');
    await screen.shows('"a1.recv": this is the only match');
  });

  test('is frozen with p: the capture goes on, the view does not', async () => {
    screen = openScreen();
    await fill(5);
    await screen.press('p');
    await screen.shows('FROZEN');
    await fill(7);
    expect(screen.bench.state().entries).toBe(12);
    await screen.pass(6_000);
    await screen.hides('The view is frozen');
    await screen.pass();
    expect(screen.frame()).toContain('following, 5 entries');
    await screen.press('p');
    await screen.shows('following, 12 entries');
  });

  test('frozen may show a call that has ended: cancelling it says so', async () => {
    screen = openScreen();
    for (const line of [...pair, 'c1.recv 10']) await screen.call(callOf(line));
    await screen.press('p');
    await screen.call(callOf('a1.send "hi"'));
    await screen.press('x');
    await screen.shows('c1.recv has ended by itself');
  });

  test('changes its timestamps with T', async () => {
    screen = openScreen();
    await fill(3);
    await screen.press('T');
    await screen.shows('time of day');
    expect(logRows()[0]).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
    await screen.press('T');
    await screen.shows('since the entry before');
    expect(logRows()[1]).toContain('+0.000000');
  });

  test('asks before it is cleared, and the entries stay in the journal', async () => {
    screen = openScreen();
    await fill(8);
    await screen.press('C');
    await screen.shows('Clear the log? 8 entries leave the screen');
    await screen.press('y');
    await screen.shows('cleared to #8');
    expect(screen.frame()).not.toContain('note 8');
    expect(screen.bench.journal.at(1)).toBeDefined();
  });

  test('copies the entry and says honestly what came of it', async () => {
    const copied: string[] = [];
    const copy = async (text: string) => {
      copied.push(text);
      return 'not copied: this terminal refuses';
    };
    screen = openScreen({ services: { copy } });
    await fill(3);
    await screen.press('5', 'y');
    await screen.shows('entry #3: not copied: this terminal refuses');
    expect(copied).toEqual(['note 3']);
  });
});

describe('a service that fails', () => {
  test('is said, escaped, and the workbench goes on', async () => {
    const copy = async () => {
      throw new Error('no clipboard \x1b[2J here');
    };
    screen = openScreen({ services: { copy } });
    await fill(1);
    await screen.press('5', 'y');
    await screen.shows('! no clipboard \\x1b[2J here');
    await screen.press('1');
    await screen.shows('1 Client *');
  });
});

describe('an entry', () => {
  test('that failed is shown with code, errno, class, layer, sentence and what to try', async () => {
    screen = openScreen();
    await screen.press('c', keys.enter);
    await screen.shows('ECONNREFUSED');
    await screen.press(keys.escape, '5', 'k', keys.enter);
    await screen.until(frame => /Entry #\d/.test(frame), 'the entry');
    const shown = screen.frame();
    for (const name of ['call', 'thread', 'took', 'failed', 'code', 'in Python', 'layer', 'try']) {
      expect(shown).toMatch(new RegExp(`║ ${name} `));
    }
    expect(shown).toContain('ECONNREFUSED, errno 111');
    expect(shown).toContain('ConnectionRefusedError: [Errno 111]');
    expect(shown).toMatch(/layer +connect/);
  });

  test('leads to its cause and to what it woke', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('a1 ESTAB');
    await screen.press('5', '/', 'connect', keys.enter, keys.enter);
    await screen.until(frame => /c1\.connect/.test(frame) && frame.includes('woke'), 'the connect');
    await screen.press('>');
    await screen.shows('call           s1.accept');
    await screen.press('<');
    await screen.shows('call           c1.connect');
    await screen.press(keys.escape);
    await screen.hides('Entry #');
  });

  test('shows bytes as text, with hex, or raw', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await screen.press('L', keys.enter, 'c', keys.enter);
    await screen.shows('a1 ESTAB');
    await screen.press('s', 'GET /', keys.enter, keys.escape);
    await screen.press(keys.enter);
    await screen.shows('GET /\\r\\n');
    await screen.press('v');
    await screen.shows('47 45 54 20 2f 0d 0a');
    await screen.press('v');
    await screen.hides('47 45 54');
    expect(screen.frame()).not.toContain('GET /\\r\\n');
  });
});
