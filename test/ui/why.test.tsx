import stringWidth from 'string-width';
import { afterEach, describe, expect, test } from 'vitest';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen, type ScreenSetup } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

const openPair = async (policy: 'single' | 'duplex', setup: ScreenSetup = {}): Promise<void> => {
  screen = openScreen(setup);
  for (const program of ['client', 'tcp-server'] as const) screen.bench.setPolicy(program, policy);
  await perform(...pair);
};

/** What the screen says, without borders and spaces that only fill. */
const said = (): string => screen.frame().replaceAll(/[║│|\s]+/g, ' ');

describe('why', () => {
  test('says that nothing is in flight', async () => {
    screen = openScreen();
    await screen.press('w');
    await screen.shows('No call is in flight: every thread is idle');
  });

  test.each([
    { columns: 120, rows: 36 },
    { columns: 80, rows: 24 },
  ])('marks the cycle, the bytes queued each way and what breaks it, at $columns by $rows', async size => {
    await openPair('single', size);
    await perform('c1.settimeout 60s', 'c1.recv 10', 'a1.recv 10', 'c1.send "x"');
    await screen.pass(700);
    await screen.press('w');
    await screen.shows('Why: who waits for whom');
    await screen.ticks(/┌→ c1\.recv 10 +BLOCKED \d/);
    expect(screen.frame()).toMatch(/DEADLOCK until \d\d\.\ds \(c1 timeout\) +2 calls wait for each other/);
    expect(screen.frame()).toMatch(/└─ a1\.recv 10 +BLOCKED \d\.\ds +waits for c1 to send/);
    const words = said();
    expect(words).toContain('queued: c1 to a1 0 bytes, a1 to c1 0 bytes (kernel)');
    expect(words).toMatch(/at \d\d\.\ds the timeout of c1 ends c1\.recv: TimeoutError/);
    expect(words).toContain('x on its row cancels c1.recv (KeyboardInterrupt)');
    expect(words).toContain('x on its row cancels a1.recv (KeyboardInterrupt)');
    expect(words).toContain('Esc 2 P P, then s');
    expect(words).toContain('under duplex a thread is free that sends on a1');
    expect(words).toMatch(/behind it .{0,4}c1\.send "x" queued \d\.\ds waits for its thread, in c1\.recv/);
    expect(words).toContain('a blocked call uses no CPU');
    expect(screen.lines().filter(each => stringWidth(each) > size.columns)).toEqual([]);
  });

  test('under duplex names the person, no deadlock', async () => {
    await openPair('duplex');
    await perform('c1.sendall 64MiB of "x"', 'a1.sendall 64MiB of "x"');
    await screen.pass(700);
    await screen.press('w');
    await screen.shows('waits for you: Esc 2 r receives on a1');
    await screen.shows('waits for you: Esc r receives on c1');
    expect(screen.frame()).not.toContain('DEADLOCK');
    expect(said()).toMatch(/queued: c1 to a1 \S+ KiB, a1 to c1 \S+ KiB \(kernel\)/);
  });

  test('draws in ASCII alone', async () => {
    await openPair('single', { ascii: true });
    await perform('c1.recv 10', 'a1.recv 10');
    await screen.pass(700);
    await screen.press('w');
    await screen.shows('+> c1.recv 10');
    await screen.shows('+- a1.recv 10');
    expect(screen.frame().replaceAll(/\x1b\[[\d;]*m/g, '')).toMatch(/^[\n\x20-\x7e]*$/);
  });

  test('x cancels the chosen call, and what was stuck goes on', async () => {
    await openPair('single');
    await perform('c1.recv 10', 'a1.recv 10');
    await screen.pass(700);
    await screen.press('w', 'j');
    await screen.until(frame => />└─ a1\.recv/.test(frame), 'the cursor on a1.recv');
    await screen.press('x');
    await screen.shows('Cancelled a1.recv (KeyboardInterrupt)');
    await screen.hides('1 deadlock');
    await screen.shows('waits for you: Esc 2 s sends on a1');
    await screen.press('x');
    await screen.shows('No call is in flight any more');
  });

  test('Enter goes to the socket of the call, where its keys act', async () => {
    await openPair('single');
    await perform('c1.recv 10', 'a1.recv 10');
    await screen.press('w', 'j', keys.enter);
    await screen.shows('2 TCP server *');
    await screen.shows('>!a1');
    await screen.press('x');
    await screen.shows('Cancelled a1.recv');
  });

  test('says on the line of the verdict which key explains it', async () => {
    await openPair('single');
    await perform('c1.recv 10', 'a1.recv 10');
    await screen.until(frame => /! DEADLOCK: c1\.recv waits.*w why/.test(frame), 'the verdict with its key');
    await screen.press('w');
    await screen.hides('w why');
  });

  test.each([
    [120, 'socket turns: 2.0 %, this whole process, drawing too: 5.0 % of a core'],
    [80, 'socket turns 2.0 %, process 5.0 % of a core'],
  ] as const)(
    'says what sockets take of a core, and the whole process, %d columns wide',
    async (columns, words) => {
      let stopped = 0;
      const now = () => screen.bench.now();
      screen = openScreen({
        columns,
        rows: 24,
        services: {
          cpuTime: () => now() * 0.05,
          measureSocketTurns: () => ({ ms: () => now() * 0.02, stop: () => stopped++ }),
        },
      });
      await perform('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 1', 's1.accept');
      await screen.press('w');
      await screen.shows(`a blocked call uses no CPU; ${words}`);
      await screen.press(keys.escape);
      await screen.hides('Why');
      expect(stopped).toBe(1);
    },
  );

  test('shows a thousand calls around the chosen one, and no more', async () => {
    screen = openScreen();
    await perform('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9001');
    for (let index = 0; index < 1_000; index++) screen.bench.perform(callOf('u1.recvfrom 10'));
    await screen.press('w');
    await screen.shows('1000 calls in flight');
    await screen.press('\x1b[6~', '\x1b[6~', keys.up);
    await screen.shows('>');
    expect(screen.lines()).toHaveLength(36);
  });

  test('shows hostile text escaped', async () => {
    await openPair('duplex');
    await perform('c1.sendall "\\x1b[2J\\xe2\\x80\\xae\\x9b1m"', 'a1.recv 40', 'a1.recv 10');
    await perform('c2 = socket', 'c2.connect "evil\\u{202e}host" 80');
    await screen.press('w');
    await screen.shows('Why');
    expect(screen.frames.join('\n').replaceAll(/\x1b\[[\d;]*m/g, '')).not.toMatch(
      /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/,
    );
  });
});
