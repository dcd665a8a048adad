import stringWidth from 'string-width';
import { afterEach, describe, expect, test } from 'vitest';
import { callOf } from '../support/playing.ts';
import { keys, openScreen, type Screen, type ScreenSetup } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

const pair = [
  's1 = socket',
  's1.bind 127.0.0.1:51423',
  's1.listen 1',
  'c1 = socket',
  'c1.connect 127.0.0.1:51423',
  'a1 = s1.accept',
];

/** c1 in recv with a deadline, a second recv behind it. */
const openTimeline = async (setup: ScreenSetup = {}, timeout = '5min'): Promise<void> => {
  screen = openScreen(setup);
  await perform(...pair, `c1.settimeout ${timeout}`, 'c1.recv 10', 'c1.recv 20');
  await screen.press('4');
  await screen.shows('4 Timeline *');
};

/** The timeline's row that holds a text. */
const row = (text: string): string => {
  const lines = screen.lines();
  const top = lines.findIndex(each => each.includes('4 Timeline'));
  return lines.slice(top).find(each => each.includes(text)) ?? '';
};

/** The clock over the rows. */
const axis = (): string => row('v now');

describe('the timeline', () => {
  test.each([
    { columns: 120, rows: 36 },
    { columns: 80, rows: 24 },
    { columns: 60, rows: 16 },
    { columns: 160, rows: 40 },
  ])('fits $columns columns and $rows rows exactly', async size => {
    await openTimeline(size);
    await screen.pass(1_000);
    await screen.ticks(/v now/);
    const lines = screen.lines();
    expect(lines).toHaveLength(size.rows);
    expect(lines.filter(each => stringWidth(each) > size.columns)).toEqual([]);
    expect(screen.frame()).toContain('following, 10 s a screen');
  });

  test('has a row a thread: in the call until now, its deadline ahead of now, its queue apart', async () => {
    await openTimeline({}, '5s');
    await screen.pass(1_500);
    await screen.ticks(/recv 10━+╌+│5\.\ds/);
    const now = axis().indexOf('v now');
    const reader = row('c1 reader');
    expect(reader.slice(0, now)).toMatch(/┣recv 10━+$/);
    expect(reader.slice(now + 1)).toMatch(/^╌+│5\.\ds/);
    expect(row('queue')).toMatch(/queue +░recv 20░+ /);
    expect(row('queue').indexOf('░')).toBeGreaterThan(reader.indexOf('┣') - 1);
    expect(row('s1 reader')).toMatch(/s1 reader +━ +║$/);
  });

  test('says without colour and without box drawing what is what', async () => {
    await openTimeline({ ascii: true }, '5s');
    await screen.pass(1_500);
    await screen.ticks(/\[recv 10=+-+\|5\.\ds/);
    expect(row('queue')).toMatch(/\.recv 20\.+ /);
    await screen.pass(5_000);
    await screen.ticks(/\[recv 10=+!/);
    expect(screen.frame().replaceAll(/\x1b\[[\d;]*m/g, '')).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('points to a deadline beyond its right edge', async () => {
    await openTimeline();
    await screen.pass(500);
    await screen.ticks(/╌+300\.\ds→/);
    await screen.press('=', '=');
    await screen.shows('2 s a screen');
    await screen.ticks(/╌+300\.\ds→/);
  });

  test('zooms in and out, pans back with arrows, and follows again with G', async () => {
    await openTimeline();
    await screen.press('-');
    await screen.shows('following, 20 s a screen');
    await screen.pass(30_000);
    await screen.press('\x1b[D');
    await screen.shows('not following (G), 20 s a screen');
    const start = screen.store.getState().view.timeline.start;
    await screen.pass(5_000);
    expect(screen.store.getState().view.timeline.start).toBe(start);
    await screen.press('g');
    await screen.shows('┊0s');
    await screen.press('G');
    await screen.shows(' following, 20 s a screen');
  });

  test('chooses rows and calls, and Enter opens the call', async () => {
    await openTimeline();
    expect(row('c1 reader')).toContain('>');
    await screen.shows('c1.recv 10  BLOCKED');
    await screen.press(keys.enter);
    await screen.shows('asked for');
    await screen.press(keys.escape, ',');
    await screen.shows('c1.connect 127.0.0.1:51423 = ok');
    await screen.press('.', 'j');
    await screen.until(() => row('s1 reader').includes('>'), 'the cursor on s1');
    await screen.press(keys.enter);
    await screen.shows('s1.accept = a1');
  });

  test("keys act on the chosen thread's socket", async () => {
    await openTimeline();
    await perform('a1.recv 30');
    await screen.press('G', 'j', 'j');
    await screen.until(() => row('a1 reader').includes('>'), 'the cursor on a1');
    await screen.press('s');
    await screen.shows('send to a1 >');
    await screen.press(keys.escape);
    await screen.press('x');
    await screen.shows('Cancelled a1.recv (KeyboardInterrupt)');
    expect([...screen.bench.state().calls.values()].map(({ call }) => call.on)).toEqual(['c1', 'c1']);
  });

  test('goes from effect to cause and back', async () => {
    await openTimeline();
    await perform('a1.send "hi"');
    await screen.press('<');
    await screen.shows('c1.recv has not ended: w says who must act');
    await screen.press(',');
    await screen.shows('c1.recv 10 = "hi"');
    await screen.press('<');
    await screen.until(() => row('a1 writer').includes('>'), 'the cursor on the cause');
    await screen.shows('a1.send "hi" = 2');
    await screen.press('>');
    await screen.until(() => row('c1 reader').includes('>'), 'the cursor on the effect');
  });

  test('shares its strip with the log, and each is named beside the other', async () => {
    await openTimeline();
    await screen.shows('5 Log | 4 Timeline *');
    await screen.press(']');
    await screen.shows('5 Log * | 4 Timeline');
    await screen.press('1', '[');
    await screen.shows('5 Log | 4 Timeline  following');
    await screen.press('4', 'z');
    await screen.hides('1 Client');
    await screen.press(keys.escape);
    await screen.shows('1 Client');
  });

  test('stands beside the log where the screen is wide', async () => {
    await openTimeline({ columns: 170, rows: 40 });
    await screen.until(frame => /5 Log .*4 Timeline \*/.test(frame), 'both titles');
    expect(screen.frame()).toMatch(/c1\.recv 10 BLOCKED.*│║/);
    await screen.press('z');
    await screen.hides('5 Log  following');
  });

  test('shows hostile names escaped and keeps its columns', async () => {
    screen = openScreen();
    await perform(...pair, 'f1 = c1.makefile', 'c1.send "\\x1b[2J\\xe2\\x80\\xae汉字"', 'f1.readline');
    await screen.press('4');
    await screen.pass(1_000);
    await screen.ticks(/┣f1\.readline/);
    await screen.press('j', 'j', 'k');
    const text = screen.frames.join('\n').replaceAll(/\x1b\[[\d;]*m/g, '');
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
    expect(screen.lines().filter(each => stringWidth(each) !== 120 && each.includes('║'))).toEqual([]);
  });

  test('says what it will show while nothing has happened', async () => {
    screen = openScreen();
    await screen.press('4');
    await screen.shows('Each thread gets a row here, each call a bar.');
    await screen.press(keys.enter);
    await screen.shows('Nothing has happened yet');
  });
});
