import { afterEach, expect, test } from 'vitest';
import { callOf } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

const listening = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5'];

test('80 columns show both sides of a connection, and the log from where it came before how long accept took', async () => {
  screen = openScreen({ columns: 80, rows: 24 });
  await screen.shows('1 Client *');
  await perform(
    ...listening,
    'a1 = s1.accept',
    'c1 = socket',
    'c1.connect 127.0.0.1:9000',
    'c1.recv 10',
    'a1.recv 10',
  );
  await screen.until(
    frame => /c1 ESTAB → a1 127\.0\.0\.1:9000 .*a1 ESTAB → c1 127/.test(frame.replaceAll('\n', ' ')),
    'both',
  );
  await screen.until(frame => /recv 10 +BLOCKED \d\.\ds║│/.test(frame), 'the call of the client');
  await screen.until(frame => /= a1 from 127\.0\.0\.1:\d+ .*by #\d+ +│/.test(frame), 'the whole port');
});

test('the mouse meets the panes where they are: side by side, and folded', async () => {
  screen = openScreen({ columns: 80, rows: 24 });
  await screen.press('m');
  await perform(...listening, 'c1 = socket', 'c1.connect 127.0.0.1:9000', 'u1 = socket AF_INET SOCK_DGRAM');
  await screen.until(frame => /3 UDP server {2}1 socket/.test(frame), 'the third folded');
  await screen.point('s1 LISTEN');
  await screen.shows('2 TCP server *');
  await screen.point('3 UDP server');
  await screen.shows('3 UDP server *');
  await screen.shows('u1 UNCONN');
  await screen.until(frame => /1 Client {2}1 socket/.test(frame), 'the one visited longest ago folded');
  await screen.point('1 Client');
  await screen.shows('1 Client *');
  expect(screen.frame()).toContain('c1 ESTAB');
});

test('that others can reach a server is not what a narrow title leaves out', async () => {
  screen = openScreen({ columns: 80, rows: 24 });
  await perform(
    's1 = socket',
    's1.bind 0.0.0.0:9000',
    's1.listen 5',
    'c1 = socket',
    'c1.connect 127.0.0.1:9000',
  );
  await screen.shows('2 TCP server  open to others');
  await screen.press('2', keys.tab);
  await screen.shows('2 TCP server  open to others');
});
