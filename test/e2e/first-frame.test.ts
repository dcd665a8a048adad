import { afterEach, expect, test } from 'vitest';
import { start, type Terminal } from './terminal.ts';

let terminal: Terminal;

afterEach(() => terminal.dispose());

/** The end of a frame (private mode 2026). */
const end = '\x1b[?2026l';

/** The words of each frame that has any: the clock's digits, which change by themselves, are none. */
const frames = (): string[] =>
  terminal
    .raw()
    .toString()
    .split(end)
    .slice(0, -1)
    .map(text => text.replace(/\x1b\[[\d;?]*[A-Za-z]/g, ''))
    .filter(words => /[^\d\s.]/.test(words));

const wholeScreen = ['1 Client', '2 TCP server', '3 UDP server', '5 Log', 'Nothing is open yet', 'q quit'];

test('the first frame is the whole screen, and stands until a key changes it', async () => {
  terminal = start();
  await terminal.until(/Nothing is open yet/);
  const [first = ''] = frames();
  expect(wholeScreen.filter(words => !first.includes(words))).toEqual([]);
  await terminal.ready();
  terminal.type('?');
  await terminal.until(/Keys/);
  expect(frames()).toEqual([first, expect.stringContaining('Keys')]);
});

test('keys typed before the first frame, and while it comes, are answered in their order', async () => {
  terminal = start();
  terminal.type('2');
  await terminal.untilRaw(/\x1b\[\?1049h/);
  terminal.type('L');
  await terminal.until(/address {2}127\.0\.0\.1:51423/);
  expect(terminal.picture()).toMatch(/2 TCP server \*/);
});

test.each([
  { what: 'a small terminal', options: { cols: 60, rows: 20 }, sign: /q quit/ },
  { what: 'one that is too small', options: { cols: 30, rows: 8 }, sign: /make it larger/ },
  { what: 'a lab', options: { args: ['lab', 'same-port'] }, sign: /same-port/ },
])('the first frame of $what is whole', async ({ options, sign }) => {
  terminal = start(options);
  await terminal.until(sign);
  expect(frames()[0]).toMatch(sign);
});
